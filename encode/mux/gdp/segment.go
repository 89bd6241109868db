package gdp

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/eiengine/eiengine/frames"
)

// Segment places the buffers that follow in time: those from Start up to Stop are
// wanted, and that of Start is due at the running time Base. Stop is frames.NoTime if
// there is no limit.
type Segment struct{ Start, Stop, Base time.Duration }

// Whole is the segment of a stream that was not sought in.
var Whole = Segment{Stop: frames.NoTime}

// String is the text of the event.
func (s Segment) String() string {
	return fmt.Sprintf(`GstEventSegment, segment=(GstSegment)"segment, flags=(GstSegmentFlags)GST_SEGMENT_FLAG_NONE, rate=(double)1, applied-rate=(double)1, `+
		`format=(GstFormat)time, base=(guint64)%d, offset=(guint64)0, start=(guint64)%d, stop=(guint64)%d, time=(guint64)%[2]d, position=(guint64)%[2]d, duration=(guint64)18446744073709551615;";`,
		s.Base, s.Start, uint64(s.Stop))
}

// ParseSegment reads the text of the event. What does not count in time, or has fields
// missing, is Whole.
func ParseSegment(text string) Segment {
	if !strings.Contains(text, "format=(GstFormat)time") {
		return Whole
	}
	s := Segment{Start: number(text, "start"), Stop: number(text, "stop"), Base: number(text, "base")}
	s.Start = max(s.Start, 0) + max(number(text, "offset"), 0)
	s.Base = max(s.Base, 0)
	if s.Stop >= 0 && s.Stop < s.Start {
		return Whole
	}
	return s
}

// number is a field of an event, frames.NoTime if it is missing or none.
func number(text, name string) time.Duration {
	_, rest, ok := strings.Cut(text, " "+name+"=(guint64)")
	if !ok {
		return frames.NoTime
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	n, err := strconv.ParseUint(rest[:max(end, 0)], 10, 64)
	if err != nil {
		return frames.NoTime
	}
	return clock(n)
}
