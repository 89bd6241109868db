package capture

import (
	"time"

	"github.com/eiengine/eiengine/encode/mux/gdp"
	"github.com/eiengine/eiengine/frames"
)

// longestRound bounds times, so that sums of them cannot overflow.
const longestRound = time.Duration(1) << 61

// rounds gives the frames of a recording their times, and has those of a recording
// that follows, such as the same one again, go on from there. The times given are
// running times, so that segments need not be passed on.
type rounds struct {
	segment  gdp.Segment
	again    bool          // a recording begins
	shift    time.Duration // added to its times
	seqShift uint64
	count    uint64        // frames so far
	last     time.Duration // when the last frame began
	end      time.Duration // where the next recording goes on
	next     uint64        // number after the last one
}

// begin says that a recording begins.
func (r *rounds) begin() {
	r.segment = gdp.Whole
	r.again = r.count > 0
}

// place sets times and number of a frame; false if it lies outside of the segment.
func (r *rounds) place(f *frames.Frame, pts time.Duration, p *gdp.Packet) bool {
	seq := r.next - r.seqShift // of a stream without numbers
	if p.Offset != gdp.NoOffset && p.OffsetEnd == p.Offset+1 {
		seq = p.Offset
	}
	if pts >= 0 {
		end := pts + max(p.Duration, 0)
		if r.segment.Stop >= 0 && pts >= r.segment.Stop || end < r.segment.Start {
			return false
		}
		pts = max(pts-r.segment.Start, 0) + r.segment.Base
	}
	if r.again {
		r.again = false
		r.shift, r.seqShift = r.end-max(pts, 0), r.next-seq
	}
	f.Duration = p.Duration
	if f.Seq = seq + r.seqShift; pts >= 0 {
		f.PTS = pts + r.shift
		r.note(f)
	}
	r.next = f.Seq + 1
	r.count++
	return true
}

// note finds out where a further recording goes on: at the end of the last frame, which
// is taken to last as long as the one before if nobody knows.
func (r *rounds) note(f *frames.Frame) {
	lasts := f.Duration
	if lasts < 0 {
		lasts = 0
		if r.count > 0 {
			lasts = max(f.PTS-r.last, 0)
		}
	}
	r.last = f.PTS
	r.end = min(max(r.end, f.PTS+lasts), longestRound)
}
