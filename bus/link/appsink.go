package link

import (
	"context"
	"iter"
	"strconv"
	"sync/atomic"
	"time"

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
	BufferList bool        `prop:"buffer-list" doc:"Accepted without effect: frames come one by one"`

	EmitSignals bool                                                          `prop:"emit-signals,live" doc:"Give the signals new-sample and new-preroll"`
	NewSample   eiengine.Signal[func()]                                       `signal:"new-sample" doc:"A frame can be pulled"`
	NewPreroll  eiengine.Signal[func()]                                       `signal:"new-preroll" doc:"A frame that is held while the pipeline is paused can be pulled by pull-preroll"`
	StreamEnded eiengine.Signal[func()]                                       `signal:"eos" doc:"The stream has ended; frames may still be there to be pulled"`
	NewEvent    eiengine.Signal[func(eiengine.Event) bool]                    `signal:"new-serialized-event" doc:"An event arrived behind the frames that came before it; true keeps it from the sink"`
	PullSample  eiengine.Action[func(context.Context) (*frames.Frame, error)] `action:"pull-sample" doc:"What AppSink.Pull does"`
	PullPreroll eiengine.Action[func(context.Context) (*frames.Frame, error)] `action:"pull-preroll" doc:"What AppSink.PullPreroll does"`
	TryPull     eiengine.Action[func(time.Duration) (*frames.Frame, error)]   `action:"try-pull-sample" doc:"Pull for so long at most; nil and context.DeadlineExceeded if none came"`
	TryPreroll  eiengine.Action[func(time.Duration) (*frames.Frame, error)]   `action:"try-pull-preroll" doc:"PullPreroll for so long at most; nil and context.DeadlineExceeded if there is none"`
}

// AppSink is the element appsink. Pull and Frames may be called by any goroutine
// of the program, in any state of the pipeline; they wait for it to start.
type AppSink struct {
	eiengine.Settings[appSinkProps]
	queue *fifo
	held  *fifo                        // the frame held while the pipeline is paused
	ctx   atomic.Pointer[eiengine.Ctx] // once started
	eos   atomic.Bool                  // not started counts
}

func newAppSink() *AppSink {
	s := new(AppSink)
	s.queue = newFIFO(func(f *frames.Frame) { s.ctx.Load().Drop(f) })
	s.held = newFIFO((*frames.Frame).Release)
	s.eos.Store(true)
	p := s.Load()
	p.PullSample.Bind(s.Pull)
	p.PullPreroll.Bind(s.PullPreroll)
	p.TryPull.Bind(within(s.Pull))
	p.TryPreroll.Bind(within(s.PullPreroll))
	return s
}

// Pull waits for the next frame; the caller owns it and must release it. It may
// be held after the pipeline has stopped.
//
// Errors: io.EOF at the end of the stream, eiengine.ErrFlushing when the pipeline
// stopped or failed (Pipeline.Wait says why), ctx's.
func (s *AppSink) Pull(ctx context.Context) (*frames.Frame, error) { return s.queue.get(ctx) }

// PullPreroll waits for a frame that the sink holds while the pipeline is paused;
// it is what Pull will give first once it plays. The caller owns its Share of it
// and must release it. Each such frame is given once. Errors are those of Pull.
func (s *AppSink) PullPreroll(ctx context.Context) (*frames.Frame, error) { return s.held.get(ctx) }

// within gives pull a time limit.
func within(pull func(context.Context) (*frames.Frame, error)) func(time.Duration) (*frames.Frame, error) {
	return func(limit time.Duration) (*frames.Frame, error) {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		return pull(ctx)
	}
}

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
	for _, q := range []*fifo{s.queue, s.held} {
		q.change(func() { q.ended = false })
		q.start(c.Context())
	}
	return nil
}

// Stop implements eiengine.Starter. Who still waits learns that it is over.
func (s *AppSink) Stop(*eiengine.Ctx) error {
	s.eos.Store(true)
	for _, q := range []*fifo{s.queue, s.held} {
		q.refuse(eiengine.ErrFlushing)
		q.flush()
	}
	return nil
}

// Flush implements eiengine.Flusher. After a seek there is more to come even if
// the stream had ended.
func (s *AppSink) Flush(c *eiengine.Ctx) {
	goesOn := c.Context().Err() == nil
	for _, q := range []*fifo{s.queue, s.held} {
		q.flush()
		if goesOn {
			q.change(func() { q.ended = false })
		}
	}
	if goesOn {
		s.eos.Store(false)
	}
}

// Preroll implements eiengine.Preroller.
func (s *AppSink) Preroll(c *eiengine.Ctx, f *frames.Frame) {
	newest := limits{buffers: 1, leak: eiengine.LeakDownstream}
	if s.held.put(c.Context(), f.Share(), newest) == nil {
		s.tell(s.Load().NewPreroll)
	}
}

// tell emits a signal if the program wants those of frames.
func (s *AppSink) tell(of eiengine.Signal[func()]) {
	if !s.Load().EmitSignals {
		return
	}
	for _, f := range of.Handlers() {
		f()
	}
}

// HandleEvent implements eiengine.EventHandler.
func (s *AppSink) HandleEvent(_ *eiengine.Ctx, e eiengine.Event) (handled bool, err error) {
	if _, eos := e.(eiengine.EOSEvent); eos {
		return false, nil
	}
	for _, f := range s.Load().NewEvent.Handlers() {
		handled = f(e) || handled
	}
	return handled, nil
}

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
	s.tell(p.NewSample)
	return nil
}

// Drain implements eiengine.Drainer.
func (s *AppSink) Drain(c *eiengine.Ctx) error {
	s.eos.Store(true)
	s.held.end()
	s.queue.end()
	for _, f := range s.Load().StreamEnded.Handlers() {
		f()
	}
	if !s.Load().WaitOnEOS {
		return nil
	}
	if err := s.queue.untilEmpty(c.Context()); err != nil {
		return eiengine.ErrFlushing
	}
	return nil
}
