package stream

import "time"

// aligner decides when sound that is heard too early or too late is put right. Small
// errors, and those that pass, are left alone: every correction is heard.
type aligner struct {
	begun bool
	end   time.Duration // of the buffer before, by its times
	off   time.Duration // for how long sound has been off
}

// shift is how much silence has to come before a buffer of these times which is early by
// early (negative: late), or, negative, how much of it is left out.
func (a *aligner) shift(early, pts, length time.Duration, p *soundSinkProps) time.Duration {
	limit := time.Duration(min(p.AlignmentThreshold, uint64(1<<62)))
	gap := pts - a.end
	follows := a.begun && gap.Abs() <= limit
	a.begun, a.end = true, pts+length
	if !follows { // the first, or one after a gap: exactly
		a.off = 0
		return early
	}
	if p.SlaveMethod == slaveNone {
		return 0
	}
	if early.Abs() <= min(limit, time.Duration(p.DriftTolerance)*time.Microsecond) {
		a.off = 0
		return 0
	}
	if a.off += length; uint64(a.off) < p.DiscontWait {
		return 0
	}
	a.off = 0
	return early
}
