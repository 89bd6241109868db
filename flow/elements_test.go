package flow

import (
	"context"
	"slices"
	"sync"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// Elements that only the tests of this package have.
func init() {
	anyPads := []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps()), eiengine.SrcPad(frames.AnyCaps())}
	eiengine.Register(eiengine.Factory{Name: "testwrite", Class: "Test", Pads: anyPads,
		New: func() eiengine.Element { return new(writer) }})
	eiengine.Register(eiengine.Factory{Name: "testcollect", Class: "Test", Pads: anyPads[:1],
		New: func() eiengine.Element { return newCollector() }})
}

// writer inverts every byte, in its own copy if others see the frame too.
type writer struct{}

func (*writer) Process(c *eiengine.Ctx, in *frames.Frame) error {
	if err := c.Writable(in); err != nil {
		c.Drop(in)
		return err
	}
	for i, b := range in.Bytes() {
		in.Bytes()[i] = ^b
	}
	return c.Push(0, in)
}

// taken is what a collector remembers of a frame.
type taken struct {
	data   []byte
	format string
	frame  frames.Frame // times, number and flags
}

// collector remembers what arrives. While hold is set it does not return from
// its first frame.
type collector struct {
	mu      sync.Mutex
	got     []taken
	hold    chan struct{} // closed to let frames through
	arrived chan struct{} // closed and renewed with each frame
	ended   chan struct{} // closed at the end of the stream
	once    sync.Once
}

func newCollector() *collector {
	return &collector{arrived: make(chan struct{}), ended: make(chan struct{})}
}

// Drain tells of the end of the first run.
func (s *collector) Drain(*eiengine.Ctx) error {
	s.once.Do(func() { close(s.ended) })
	return nil
}

// Rendering keeps the collector out of preroll, so that several of them can hang
// on a tee without queues.
func (*collector) Rendering() eiengine.Rendering {
	return eiengine.Rendering{MaxLateness: -1, MaxFrames: -1}
}

func (s *collector) Process(c *eiengine.Ctx, in *frames.Frame) error {
	s.mu.Lock()
	s.got = append(s.got, taken{
		data: slices.Clone(in.Bytes()), format: in.Format.String(),
		frame: frames.Frame{PTS: in.PTS, Duration: in.Duration, Seq: in.Seq, Flags: in.Flags},
	})
	close(s.arrived)
	s.arrived = make(chan struct{})
	hold := s.hold
	s.mu.Unlock()
	in.Release()
	if hold != nil {
		select {
		case <-hold:
		case <-c.Context().Done():
		}
	}
	return nil
}

// frames is what arrived so far.
func (s *collector) frames() []taken {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clip(s.got)
}

// until returns when what arrived satisfies the condition.
func (s *collector) until(ctx context.Context, ok func([]taken) bool) error {
	for {
		s.mu.Lock()
		got, arrived := slices.Clip(s.got), s.arrived // what is in it never changes
		s.mu.Unlock()
		if ok(got) {
			return nil
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// numbers are the sequence numbers of the frames.
func numbers(got []taken) []int {
	var n []int
	for _, g := range got {
		n = append(n, int(g.frame.Seq))
	}
	return n
}
