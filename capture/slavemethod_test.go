package capture

import (
	"testing"
	"time"
)

const buffer10ms = 160 // samples at 16 kHz

func TestSampleClockCountsSamples(t *testing.T) {
	var c sampleClock
	var sum time.Duration
	for i := range 1000 { // 441 samples at 44.1 kHz are 10 ms; 440 are not a whole number of nanoseconds
		jitter := time.Duration(i%7-3) * time.Millisecond
		pts, duration, jump := c.stamp(sum+jitter+5*time.Millisecond, 440, 44100, slaveSkew)
		if i == 0 {
			sum = pts
		}
		if jump || pts != sum {
			t.Fatalf("buffer %d at %v, want %v", i, pts, sum)
		}
		sum += duration
	}
	if want := 2*time.Millisecond + 440*1000*time.Second/44100; sum < want-time.Microsecond || sum > want+time.Microsecond {
		t.Errorf("1000 buffers end at %v, want %v", sum, want)
	}
}

// drift feeds buffers of 10 ms of a device that is too slow by a thousandth, and counts
// the jumps.
func drift(method slaveMethod) (jumps int, off time.Duration) {
	var c sampleClock
	var recorded, pts time.Duration
	for range 10_000 {
		var jump bool
		pts, _, jump = c.stamp(recorded, buffer10ms, 16000, method)
		if jump {
			jumps++
		}
		off = (recorded - pts).Abs()
		recorded += 10*time.Millisecond + 10*time.Microsecond
	}
	return jumps, off
}

func TestSampleClockFollowsTheClock(t *testing.T) {
	// A thousandth of 100 s is 100 ms: a jump about every 20 ms.
	if jumps, off := drift(slaveSkew); jumps < 3 || jumps > 5 || off > 25*time.Millisecond {
		t.Errorf("skew: %d jumps, off by %v at the end", jumps, off)
	}
	if jumps, off := drift(slaveNone); jumps != 0 || off < 99*time.Millisecond {
		t.Errorf("none: %d jumps, off by %v at the end", jumps, off)
	}
	if jumps, off := drift(slaveReTimestamp); jumps != 0 || off != 0 {
		t.Errorf("re-timestamp: %d jumps, off by %v at the end", jumps, off)
	}
}

// A reader that was away for a moment gets its buffers late and all at once.
func TestSampleClockIgnoresAMoment(t *testing.T) {
	var c sampleClock
	for i := range 500 {
		recorded := time.Duration(i) * 10 * time.Millisecond
		if i > 100 && i < 150 {
			recorded += 400 * time.Millisecond
		}
		if _, _, jump := c.stamp(recorded, buffer10ms, 16000, slaveSkew); jump {
			t.Fatalf("buffer %d jumps", i)
		}
	}
}
