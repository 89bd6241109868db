package capture

import (
	"fmt"
	"sync/atomic"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "typefind", LongName: "TypeFind", Class: "Generic",
		Description: "Finds out what a stream of bytes is and says so to what follows",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps()), eiengine.SrcPad(frames.AnyCaps())},
		New:         func() eiengine.Element { return new(typeFind) },
	})
}

type typeFindProps struct {
	Caps      frames.Caps                                              `prop:"caps,readonly" null:"NULL" doc:"What the stream is, once that is known"`
	ForceCaps frames.Caps                                              `prop:"force-caps" default:"ANY" doc:"Say that the stream is this, without looking; ANY looks"`
	Minimum   uint                                                     `prop:"minimum" default:"1" min:"1" max:"100" doc:"How sure the type must be, in per cent: types known by two bytes only are 50, others 100"`
	HaveType  eiengine.Signal[func(probability int, caps frames.Caps)] `signal:"have-type" doc:"What the stream is, and how sure that is in per cent"`
}

// typeFind holds frames until their first bytes tell what they are. A stream that
// has a format already goes through as it is.
type typeFind struct {
	eiengine.Settings[typeFindProps]
	forced *frames.Format
	held   []*frames.Frame
	head   []byte
	found  atomic.Pointer[frames.Format]
	sure   int // per cent
}

// LateFormat implements eiengine.LateFormat.
func (*typeFind) LateFormat() {}

// ReadProperty implements eiengine.PropertyReader.
func (s *typeFind) ReadProperty(name string) (string, bool) {
	f := s.found.Load()
	if name != "caps" || f == nil {
		return "", false
	}
	return f.String(), true
}

// Start implements eiengine.Starter.
func (s *typeFind) Start(*eiengine.Ctx) error {
	s.forced = nil
	s.found.Store(nil)
	if caps := s.Load().ForceCaps; !caps.IsAny() {
		forced, err := frames.NewFormat(caps)
		if err != nil {
			return fmt.Errorf("force-caps must say exactly what the stream is: %w", err)
		}
		s.forced = forced
	}
	return nil
}

// Stop implements eiengine.Starter.
func (s *typeFind) Stop(c *eiengine.Ctx) error {
	s.Flush(c)
	return nil
}

// Flush implements eiengine.Flusher.
func (s *typeFind) Flush(c *eiengine.Ctx) {
	for _, f := range s.held {
		c.Drop(f)
	}
	s.held, s.head = nil, s.head[:0]
}

// Configure implements eiengine.Configurer: another format may follow the first.
func (s *typeFind) Configure(*eiengine.Ctx, *frames.Format, *frames.Format) error {
	s.found.Store(nil)
	return nil
}

// Process implements eiengine.Filter.
func (s *typeFind) Process(c *eiengine.Ctx, in *frames.Frame) error {
	if format := s.found.Load(); format != nil {
		return s.push(c, format, in)
	}
	if room := typeFindEnough - len(s.head); room > 0 {
		b := in.Bytes()
		s.head = append(s.head, b[:min(room, len(b))]...)
	}
	s.held = append(s.held, in)
	format, err := s.decide(c)
	if format == nil || err != nil {
		return err
	}
	return s.release(c, format)
}

// decide says what the stream is, nil if more bytes may tell.
func (s *typeFind) decide(c *eiengine.Ctx) (*frames.Format, error) {
	s.sure = 100
	if s.forced != nil {
		return s.forced, nil
	}
	if f := c.InFormat(0); f != nil && f.Media() != "" {
		return f, nil
	}
	media, sure := findType(s.head)
	s.sure = sure
	if media != "" && sure >= int(s.Load().Minimum) {
		return frames.NewFormat(byteStream(media))
	}
	if len(s.head) < typeFindEnough {
		return nil, nil
	}
	return nil, s.unknown()
}

func (s *typeFind) unknown() error {
	return eiengine.Fatal(fmt.Errorf("could not determine type of stream: %s; set force-caps to say what it is", describeHead(s.head)))
}

// release passes on what was held.
func (s *typeFind) release(c *eiengine.Ctx, format *frames.Format) error {
	s.found.Store(format)
	if err := c.SetFormat(0, format); err != nil {
		return err
	}
	c.Notify("caps", format.String())
	for _, f := range s.Load().HaveType.Handlers() {
		f(s.sure, format.Caps())
	}
	for len(s.held) > 0 {
		f := s.held[0]
		s.held = s.held[1:]
		if err := s.push(c, format, f); err != nil {
			return err
		}
	}
	s.held, s.head = nil, s.head[:0]
	return nil
}

func (s *typeFind) push(c *eiengine.Ctx, format *frames.Format, f *frames.Frame) error {
	f.Format = format
	return c.Push(0, f)
}

// Drain implements eiengine.Drainer: a short stream may have told nothing.
func (s *typeFind) Drain(*eiengine.Ctx) error {
	if s.found.Load() != nil || len(s.held) == 0 {
		return nil
	}
	return s.unknown()
}
