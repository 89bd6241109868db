package link

import (
	"context"
	"iter"
	"strconv"
	"sync/atomic"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "appsink", LongName: "AppSink", Class: "Generic/Sink",
		Description: "Lets a Go program take frames out of the pipeline",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps())},
		New:         func() eiengine.Element { return newAppSink() },
	})
}

type appSinkProps struct {
	eiengine.SinkProps
	Sync       bool        `prop:"sync,live" default:"true" doc:"Give frames when they are due by the pipeline's clock"`
	Caps       frames.Caps `prop:"caps,live" default:"ANY" doc:"The formats that may arrive"`
	MaxBuffers uint        `prop:"max-buffers,live" doc:"Frames that wait to be pulled at most, 0 for no limit"`
	DropOld    bool        `prop:"drop,live" doc:"Drop the oldest frame when max-buffers wait, instead of holding up the pipeline"`
	WaitOnEOS  bool        `prop:"wait-on-eos,live" default:"true" doc:"Let the stream end only when every frame was pulled"`
	EOS        bool        `prop:"eos,readonly" default:"true" doc:"Whether the stream has ended or not begun"`
}

// AppSink is the element appsink. Pull and Frames may be called by any goroutine
// of the program, in any state of the pipeline; they wait for it to start.
type AppSink struct {
	eiengine.Settings[appSinkProps]
	queue *fifo
	ctx   atomic.Pointer[eiengine.Ctx] // once started
	eos   atomic.Bool                  // not started counts
}

func newAppSink() *AppSink {
	s := new(AppSink)
	s.queue = newFIFO(func(f *frames.Frame) { s.ctx.Load().Drop(f) })
	s.eos.Store(true)
	return s
}

// Pull waits for the next frame; the caller owns it and must release it. It may
// be held after the pipeline has stopped.
//
// Errors: io.EOF at the end of the stream, eiengine.ErrFlushing when the pipeline
// stopped or failed (Pipeline.Wait says why), ctx's.
func (s *AppSink) Pull(ctx context.Context) (*frames.Frame, error) { return s.queue.get(ctx) }

// Frames yields what Pull gives until that returns an error. The body of the loop
// owns the frame.
func (s *AppSink) Frames(ctx context.Context) iter.Seq[*frames.Frame] {
	return func(yield func(*frames.Frame) bool) {
		for {
			f, err := s.Pull(ctx)
			if err != nil || !yield(f) {
				return
			}
		}
	}
}

// Rendering implements eiengine.Renderer.
func (s *AppSink) Rendering() eiengine.Rendering {
	p := s.Load()
	return p.Rendering(p.Sync)
}

// Limit implements eiengine.Limiter.
func (s *AppSink) Limit() frames.Caps { return s.Load().Caps }

// ReadProperty implements eiengine.PropertyReader.
func (s *AppSink) ReadProperty(name string) (string, bool) {
	if name != "eos" {
		return "", false
	}
	return strconv.FormatBool(s.eos.Load()), true
}

// Start implements eiengine.Starter.
func (s *AppSink) Start(c *eiengine.Ctx) error {
	s.ctx.Store(c)
	s.eos.Store(false)
	s.queue.change(func() { s.queue.ended = false })
	s.queue.start(c.Context())
	return nil
}

// Stop implements eiengine.Starter. Who still waits learns that it is over.
func (s *AppSink) Stop(*eiengine.Ctx) error {
	s.eos.Store(true)
	s.queue.refuse(eiengine.ErrFlushing)
	s.queue.flush()
	return nil
}

// Flush implements eiengine.Flusher.
func (s *AppSink) Flush(*eiengine.Ctx) { s.queue.flush() }

// Process implements eiengine.Filter.
func (s *AppSink) Process(c *eiengine.Ctx, in *frames.Frame) error {
	p := s.Load()
	l := limits{buffers: uint64(p.MaxBuffers), wait: true}
	if p.DropOld {
		l.leak = eiengine.LeakDownstream
	}
	if err := s.queue.put(c.Context(), in, l); err != nil {
		return eiengine.ErrFlushing
	}
	return nil
}

// Drain implements eiengine.Drainer.
func (s *AppSink) Drain(c *eiengine.Ctx) error {
	s.eos.Store(true)
	s.queue.end()
	if !s.Load().WaitOnEOS {
		return nil
	}
	if err := s.queue.untilEmpty(c.Context()); err != nil {
		return eiengine.ErrFlushing
	}
	return nil
}
