package eiengine

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine/frames"
)

// shown is what a sink can tell of what it has presented. It is kept after the
// pipeline stopped, until the next start.
type shown struct {
	frames atomic.Uint64

	mu     sync.Mutex
	format *frames.Format // of the latest frame, nil if there was none
	pts    time.Duration
	length time.Duration
	size   int
}

// note remembers the latest frame: what it was, not its bytes.
func (s *shown) note(f *frames.Frame) {
	s.mu.Lock()
	s.format, s.pts, s.length, s.size = f.Format, f.PTS, f.Duration, f.Size()
	s.mu.Unlock()
}

func (s *shown) reset() {
	s.frames.Store(0)
	s.mu.Lock()
	s.format = nil
	s.mu.Unlock()
}

// sample describes the latest frame.
func (s *shown) sample() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.format == nil {
		return ""
	}
	text := fmt.Sprintf("%s; %d bytes", s.format, s.size)
	if s.pts >= 0 {
		text += fmt.Sprintf(" at %v", s.pts)
	}
	if s.length >= 0 {
		text += fmt.Sprintf(" for %v", s.length)
	}
	return text
}

// readSinkProperty computes the read-only properties of SinkProps.
func (n *node) readSinkProperty(prop *Property) (value string, ok bool) {
	if n.kind != kindSink || !prop.ReadOnly {
		return "", false
	}
	switch prop.Name {
	case "last-sample":
		return n.shown.sample(), true
	case "stats":
		return fmt.Sprintf("application/x-gst-base-sink-stats, dropped=(guint64)%d, rendered=(guint64)%d;",
			n.dropped.Load(), n.shown.frames.Load()), true
	}
	return "", false
}
