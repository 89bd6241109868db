package eiengine

import (
	"time"

	"github.com/eiengine/eiengine/frames"
)

// wholeStream is the segment of a stream that was not sought in.
var wholeStream = SegmentEvent{Stop: frames.NoTime}

// currentSegment is the segment of the frames that reach the element.
func (n *node) currentSegment() SegmentEvent {
	if s := n.segment.Load(); s != nil {
		return *s
	}
	return wholeStream
}

// running is the running time of a PTS within the segment; what lies before the
// beginning is due at once.
func (s *SegmentEvent) running(pts time.Duration) time.Duration {
	return max(pts-s.Start, 0) + s.Base
}

// holds reports whether something of a frame lies in the segment.
func (s *SegmentEvent) holds(f *frames.Frame) bool {
	switch {
	case f.PTS < 0:
		return true
	case s.Stop >= 0 && f.PTS >= s.Stop:
		return false
	case f.Duration > 0:
		return f.PTS+f.Duration > s.Start
	}
	return f.PTS >= s.Start
}

// end limits the end of a frame to that of the segment.
func (s *SegmentEvent) end(t time.Duration) time.Duration {
	if s.Stop >= 0 {
		return min(t, s.Stop)
	}
	return t
}

// RunningTime is when a frame of that PTS is due by the pipeline's running time: the
// PTS itself until somebody seeks. It belongs to the element's goroutine.
func (c *Ctx) RunningTime(pts time.Duration) time.Duration {
	s := c.node.segment.Load()
	if s == nil || pts < 0 {
		return pts
	}
	return s.running(pts)
}
