package stream

import (
	"testing"
	"time"
)

const ms = time.Millisecond

func TestAligner(t *testing.T) {
	p := &soundSinkProps{AlignmentThreshold: uint64(40 * ms), DiscontWait: uint64(time.Second), DriftTolerance: 40_000, SlaveMethod: slaveSkew}
	var a aligner
	step := func(early, pts, want time.Duration) {
		t.Helper()
		if got := a.shift(early, pts, 100*ms, p); got != want {
			t.Fatalf("at %v, %v early: shifted by %v, want %v", pts, early, got, want)
		}
	}
	step(180*ms, 0, 180*ms)      // the first begins when it is due
	step(30*ms, 100*ms, 0)       // within the tolerance
	step(-39*ms, 200*ms, 0)      // either way
	step(200*ms, 600*ms, 200*ms) // a gap is silence
	step(-200*ms, 700*ms, 0)     // a moment of delay is left alone
	step(0, 800*ms, 0)           // and passes
	for i := range 9 {           // but not one that stays
		step(-50*ms, 900*ms+time.Duration(i)*100*ms, 0)
	}
	step(-50*ms, 1800*ms, -50*ms)
	step(0, 1900*ms, 0)

	p.SlaveMethod = slaveNone
	for i := range 30 {
		step(-500*ms, 2000*ms+time.Duration(i)*100*ms, 0)
	}
}
