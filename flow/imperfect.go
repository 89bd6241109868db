package flow

import (
	"time"

	"github.com/eiengine/eiengine/frames"
)

// ImperfectTimestamp is what identity says, with check-imperfect-timestamp, of a
// frame that does not begin where the one before it ended. Times are nanoseconds
// in JSON.
type ImperfectTimestamp struct {
	PrevTimestamp time.Duration `json:"prev-timestamp"`
	PrevDuration  time.Duration `json:"prev-duration"`
	PrevOffset    uint64        `json:"prev-offset"`
	CurTimestamp  time.Duration `json:"cur-timestamp"`
	CurOffset     uint64        `json:"cur-offset"`
}

// StructureName implements bus.Payload.
func (*ImperfectTimestamp) StructureName() string { return "imperfect-timestamp" }

// ImperfectOffset is what identity says, with check-imperfect-offset, of a frame
// whose number does not follow that of the one before it.
type ImperfectOffset struct {
	PrevTimestamp time.Duration `json:"prev-timestamp"`
	PrevDuration  time.Duration `json:"prev-duration"`
	PrevOffset    uint64        `json:"prev-offset"`
	CurTimestamp  time.Duration `json:"cur-timestamp"`
	CurOffset     uint64        `json:"cur-offset"`
}

// StructureName implements bus.Payload.
func (*ImperfectOffset) StructureName() string { return "imperfect-offset" }

// previous is what is known of the frame before.
type previous struct {
	known    bool
	pts      time.Duration
	duration time.Duration
	offset   uint64
}

func (b *previous) note(f *frames.Frame) { *b = previous{true, f.PTS, f.Duration, f.Seq} }

// timestamp checks that the frame begins where the one before it ended; nil if it
// does or nothing can be said.
func (b *previous) timestamp(f *frames.Frame) *ImperfectTimestamp {
	if !b.known || b.pts < 0 || b.duration < 0 || f.PTS < 0 || f.PTS == b.pts+b.duration {
		return nil
	}
	return &ImperfectTimestamp{b.pts, b.duration, b.offset, f.PTS, f.Seq}
}

// numbering checks that the frame's number follows that of the one before it.
func (b *previous) numbering(f *frames.Frame) *ImperfectOffset {
	if !b.known || f.Seq == b.offset+1 {
		return nil
	}
	return &ImperfectOffset{b.pts, b.duration, b.offset, f.PTS, f.Seq}
}
