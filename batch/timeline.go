package batch

import (
	"fmt"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// timeline places the output's frames in time: at its rate from base on, as
// GStreamer's video aggregators do.
type timeline struct {
	fps   frames.Fraction
	base  time.Duration // PTS of frame 0 at this rate
	n     int64         // of the frame to come, counted from there
	begun bool
}

// slot is the time of one frame.
type slot struct{ begin, end time.Duration }

// restart has the frames counted from t on, at another rate.
func (l *timeline) restart(t time.Duration, fps frames.Fraction) {
	*l = timeline{fps: fps, base: t, begun: true}
}

// next is the time of the frame to come.
func (l *timeline) next() slot { return slot{l.base + l.fps.Time(l.n), l.base + l.fps.Time(l.n+1)} }

// period is how long a frame lasts.
func (l *timeline) period() time.Duration { return l.fps.Time(1) }

// shown is the frame of an input that the output shows, and when it does.
type shown struct {
	frame      *frames.Frame // nil if there is none
	begin, end time.Duration // NoTime if not known
	taken      bool          // for the frame to come
	seen       bool          // it has brought a frame
}

func (s *shown) show(f *frames.Frame, begin, end time.Duration) {
	s.hide()
	s.frame, s.begin, s.end, s.seen = f, begin, end, true
}

func (s *shown) hide() {
	if s.frame != nil {
		s.frame.Release()
	}
	s.frame, s.begin, s.end = nil, frames.NoTime, frames.NoTime
}

// verdict is what a pad says about the frame to come.
type verdict int

const (
	ready  verdict = iota // what it shows is known
	hungry                // it took a frame that is over already, and wants the next
	over                  // its stream has ended and shows nothing any more
)

// advance takes of the pad what belongs into the slot.
func (s *shown) advance(in *eiengine.Inputs, pad int, at slot, p *padProps) verdict {
	f := in.Peek(pad)
	if f == nil {
		return s.starve(in.Ended(pad), at, p)
	}
	begin, end := f.PTS, frames.NoTime
	if begin < 0 {
		begin = at.begin // without times frames are shown as they come
	}
	if f.Duration >= 0 {
		end = begin + f.Duration
	}
	switch {
	case begin >= at.end:
		return ready
	case end >= 0 && s.end > end:
		in.Take(pad).Release() // of the past
		return hungry
	}
	s.show(in.Take(pad), begin, end)
	if end >= 0 && end <= at.begin || end < 0 && begin < at.begin {
		return hungry
	}
	s.taken = true
	return ready
}

// starve is advance for a pad at which nothing waits.
func (s *shown) starve(ended bool, at slot, p *padProps) verdict {
	switch {
	case ended && p.RepeatAfterEOS:
		return over
	case ended && s.end <= at.begin && !s.taken:
		s.hide()
		return over
	case !ended && s.end >= 0 && s.end <= at.begin && uint64(at.begin-s.end) > p.MaxRepeat:
		s.hide()
	}
	return ready
}

// fill takes of all pads what belongs into the slot. It reports ready, hungry if the
// pads have to be asked again, or over if there is nothing to show any more.
func (s *compositor) fill(in *eiengine.Inputs, at slot) verdict {
	result := over
	for i := range s.inputs {
		input := &s.inputs[i]
		before := input.frame
		v := input.advance(in, i, at, input.props.Load())
		if input.frame != before && input.frame != nil && input.use(input.frame.Format) {
			s.renegotiate = true
			v = hungry
		}
		switch {
		case v == hungry:
			result = hungry
		case v == ready && result == over:
			result = ready
		}
	}
	return result
}

// use notes the format of a frame that is shown from now on, and reports whether it
// is another one.
func (i *input) use(f *frames.Format) (changed bool) {
	if i.format == f {
		return false
	}
	changed = !f.Equal(i.format)
	i.format = f
	return changed
}

// begin starts the timeline with the first frames that wait at the pads.
func (s *compositor) begin(in *eiengine.Inputs, p *compositorProps, fps frames.Fraction) {
	start := s.segment.Start
	switch p.StartSelection {
	case startFirst:
		if first := earliest(in); first >= 0 {
			start = first
		}
	case startSet:
		if p.StartTime <= uint64(maxStart) {
			start = time.Duration(p.StartTime)
		}
	}
	s.line.restart(start, fps)
}

// maxStart bounds start-time: beyond that times would overflow.
const maxStart = 1 << 62

// earliest is the first PTS of the frames that wait.
func earliest(in *eiengine.Inputs) time.Duration {
	first := frames.NoTime
	for pad := range in.Pads() {
		if f := in.Peek(pad); f != nil && f.PTS >= 0 && (first < 0 || f.PTS < first) {
			first = f.PTS
		}
	}
	return first
}

// Due implements eiengine.Paced: with live inputs, or forced, frames are given at
// their time, a frame's duration and the latency later.
func (s *compositor) Due(c *eiengine.Ctx, in *eiengine.Inputs, live bool, latency time.Duration) (due time.Duration, ok bool) {
	p := s.Load()
	s.allowFor(c, p, latency)
	switch {
	case !live && !p.ForceLive:
		return 0, false
	case p.IgnoreInactivePads && s.onlyInactiveMissing(in):
		return 0, true
	case s.out == nil && !p.ForceLive && !waits(in):
		return 0, false // nothing says what to give
	case !s.line.begun:
		return latency, true
	}
	at := s.line.next()
	upstream := latency + time.Duration(s.extra.Load())
	return c.RunningTime(at.begin) + s.line.period() + upstream + lasting(p.Latency), true
}

// waits reports whether any pad has a frame.
func waits(in *eiengine.Inputs) bool {
	for pad := range in.Pads() {
		if in.Peek(pad) != nil {
			return true
		}
	}
	return false
}

// onlyInactiveMissing reports whether all pads that lack a frame have never had one,
// while others have.
func (s *compositor) onlyInactiveMissing(in *eiengine.Inputs) bool {
	active := false
	for i := range s.inputs {
		has := in.Peek(i) != nil
		active = active || has
		if !has && !in.Ended(i) && s.inputs[i].seen {
			return false
		}
	}
	return active
}

// allowFor notes by how much min-upstream-latency exceeds that of the inputs.
func (s *compositor) allowFor(c *eiengine.Ctx, p *compositorProps, latency time.Duration) {
	extra := max(lasting(p.MinUpstreamLatency)-latency, 0)
	if s.extra.Swap(int64(extra)) != int64(extra) {
		c.LatencyChanged()
	}
}

// lasting is a duration of a property; more than a day is a day.
func lasting(ns uint64) time.Duration { return time.Duration(min(ns, uint64(24*time.Hour))) }

// Latency implements eiengine.Latency.
func (s *compositor) Latency() time.Duration {
	return time.Duration(s.lasts.Load()+s.extra.Load()) + lasting(s.Load().Latency)
}

// errTooLarge says that a pad asks for more than pictures can be.
func errTooLarge(name string, r frames.Rect) error {
	return fmt.Errorf("%s is to be %dx%d, and is not shown: pictures have up to %d pixels to a side", name, r.W, r.H, maxSide)
}
