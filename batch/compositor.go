package batch

import (
	"math"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "compositor", LongName: "Compositor", Class: "Filter/Editor/Video/Compositor",
		Description: "Shows several streams of video in one picture, each at its place, in its size and order",
		Pads: []eiengine.PadTemplate{
			{Name: "sink_%u", Direction: eiengine.Sink, Presence: eiengine.OnRequest, Caps: rawVideo()},
			eiengine.SrcPad(rawVideo()),
		},
		New: func() eiengine.Element {
			s := new(compositor)
			s.Init = numberPad
			return s
		},
	})
}

// rawVideo is every raw video of the engine.
func rawVideo() frames.Caps {
	var formats frames.List
	for _, f := range frames.PixelFormats() {
		formats = append(formats, frames.String(f.String()))
	}
	side := frames.IntRange{Min: 1, Max: maxSide}
	return frames.NewCaps(frames.Structure{Media: frames.VideoRaw, Fields: []frames.Field{
		{Name: "format", Value: formats}, {Name: "width", Value: side}, {Name: "height", Value: side},
		{Name: "framerate", Value: frames.FractionRange{Min: frames.Fraction{Num: 0, Den: 1}, Max: frames.Fraction{Num: math.MaxInt32, Den: 1}}},
	}})
}

// compositor shows the frames of its inputs, each from its time on, in frames of a
// size and rate of its own.
type compositor struct {
	eiengine.Settings[compositorProps]
	eiengine.PadSettings[padProps]
	eiengine.PadLister

	inputs  []input
	line    timeline
	segment eiengine.SegmentEvent // of the inputs
	told    bool                  // it was passed on

	out         *frames.Format
	renegotiate bool
	canvas      canvas
	n           uint64 // frames given

	// For those who look on: how long a frame lasts, and what min-upstream-latency adds.
	lasts, extra atomic.Int64
}

// input is what the element keeps of a sink pad.
type input struct {
	shown
	name   string
	props  *eiengine.Settings[padProps]
	format *frames.Format // of the latest frame
	brush  brush
}

// LateFormat implements eiengine.LateFormat: inputs of any formats become one that
// depends on all of them.
func (s *compositor) LateFormat() {}

// Policy implements eiengine.Aggregator.
func (s *compositor) Policy() eiengine.AggregatePolicy { return eiengine.AggregatePolicy{} }

// Start implements eiengine.Starter.
func (s *compositor) Start(*eiengine.Ctx) error {
	s.inputs = nil
	for _, name := range s.PadNames(eiengine.Sink) {
		s.inputs = append(s.inputs, input{name: name, props: s.Pad(name)})
	}
	s.out, s.renegotiate, s.n = nil, true, 0
	s.rewind()
	return nil
}

// Stop implements eiengine.Starter.
func (s *compositor) Stop(*eiengine.Ctx) error {
	s.rewind()
	s.inputs = nil
	return nil
}

// Flush implements eiengine.Flusher.
func (s *compositor) Flush(*eiengine.Ctx) { s.rewind() }

// rewind forgets what is shown and when.
func (s *compositor) rewind() {
	for i := range s.inputs {
		s.inputs[i].hide()
		s.inputs[i].shown = shown{begin: frames.NoTime, end: frames.NoTime}
	}
	s.line.begun, s.told = false, false
	s.segment = eiengine.SegmentEvent{}
}

// PropertyChanged implements eiengine.PropertyWatcher: places may change the size of
// the output.
func (s *compositor) PropertyChanged(*eiengine.Ctx, string) error {
	s.renegotiate = true
	return nil
}

// HandleEvent implements eiengine.EventHandler.
func (s *compositor) HandleEvent(_ *eiengine.Ctx, e eiengine.Event) (handled bool, err error) {
	switch e := e.(type) {
	case eiengine.ReconfigureEvent:
		s.renegotiate = true
		return true, nil
	case eiengine.GapEvent:
		return true, nil // what is shown stays
	case eiengine.SegmentEvent:
		handled = s.told && s.segment == e // each input tells it
		s.segment, s.told = e, true
		return handled, nil
	}
	return false, nil
}

// Aggregate implements eiengine.Aggregator: it gives one frame, or takes some that
// are needed for it.
func (s *compositor) Aggregate(c *eiengine.Ctx, in *eiengine.Inputs) error {
	p := s.Load()
	if s.renegotiate {
		if err := s.negotiate(c, in, p); err != nil {
			return err
		}
	}
	if !s.line.begun {
		s.begin(in, p, s.out.Video.FPS)
	}
	at := s.line.next()
	switch s.fill(in, at) {
	case hungry:
		return nil
	case over:
		return eiengine.ErrEOS
	}
	mono := s.captured(c)
	s.line.n++
	if c.TooLate(at.begin) {
		return nil
	}
	return s.give(c, p, at, mono)
}

// give draws and pushes the frame of a slot.
func (s *compositor) give(c *eiengine.Ctx, p *compositorProps, at slot, mono time.Duration) error {
	out, err := c.NewFrame(0)
	if err != nil {
		return err
	}
	dst := out.Picture()
	if err := s.draw(c, &dst, p); err != nil {
		c.Drop(out)
		return err
	}
	out.PTS, out.Duration, out.Mono, out.Seq = at.begin, at.end-at.begin, mono, s.n
	s.carryMetas(out)
	s.n++
	return c.Push(0, out)
}

// captured is when the oldest of the frames was captured that are shown from now on;
// now if there is none.
func (s *compositor) captured(c *eiengine.Ctx) time.Duration {
	mono := frames.NoTime
	for i := range s.inputs {
		input := &s.inputs[i]
		if input.taken && input.frame.Mono >= 0 && (mono < 0 || input.frame.Mono < mono) {
			mono = input.frame.Mono
		}
		input.taken = false
	}
	if mono < 0 {
		return c.Now()
	}
	return mono
}
