package capture

import (
	"time"

	"github.com/eiengine/eiengine"
)

// slaveMethod is how the times of recorded sound follow the engine's clock, which runs
// at another rate than the device.
type slaveMethod int

const (
	slaveResample slaveMethod = iota
	slaveReTimestamp
	slaveSkew
	slaveNone
)

// EnumValues implements eiengine.Enum.
func (slaveMethod) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(slaveResample), Nick: "resample", Name: "As skew: nothing is resampled"},
		{Value: int(slaveReTimestamp), Nick: "re-timestamp", Name: "Each buffer has the time at which it was recorded"},
		{Value: int(slaveSkew), Nick: "skew", Name: "Times follow from the number of samples, and jump when they are off for a second"},
		{Value: int(slaveNone), Nick: "none", Name: "Times follow from the number of samples alone"},
	}
}

// Sound whose time is off by more than skewLimit during all of skewWindow is put right.
const (
	skewLimit  = 20 * time.Millisecond
	skewWindow = time.Second
)

// sampleClock gives sound its times: a count of samples, which has no jitter, held
// against the times at which they were recorded, which do not drift.
type sampleClock struct {
	begun       bool
	next        time.Duration // of the next sample
	rest        int64         // nanoseconds times rate that next lacks
	least, most time.Duration // of how much too early next was, in the window
	window      time.Duration // passed so far
}

// forget has the next stamp begin anew.
func (s *sampleClock) forget() { *s = sampleClock{} }

// stamp is the time of n samples of each channel, recorded at that running time as far
// as is known. jump says that they do not follow those before.
func (s *sampleClock) stamp(recorded time.Duration, n, rate int, method slaveMethod) (pts, duration time.Duration, jump bool) {
	recorded = max(recorded, 0)
	if !s.begun || method == slaveReTimestamp {
		s.begun, s.next, s.rest = true, recorded, 0
		s.window, s.least, s.most = 0, 0, 0
	} else if off := recorded - s.next; method != slaveNone && s.persists(off, time.Duration(n)*time.Second/time.Duration(rate)) {
		s.next, s.rest, jump = recorded, 0, true
	}
	pts = s.next
	total := int64(n)*int64(time.Second) + s.rest
	s.next += time.Duration(total / int64(rate))
	s.rest = total % int64(rate)
	return pts, s.next - pts, jump
}

// persists notes how far off the times are, and reports whether they have been too far
// to one side during a whole window. A moment's delay of whoever reads does not count.
func (s *sampleClock) persists(off, length time.Duration) bool {
	if s.window == 0 {
		s.least, s.most = off, off
	}
	s.least, s.most = min(s.least, off), max(s.most, off)
	if s.window += length; s.window < skewWindow {
		return false
	}
	s.window = 0
	return s.least > skewLimit || s.most < -skewLimit
}
