package eiengine_test

import (
	"testing"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// stub is a filter whose behaviour a test writes down; what is nil does nothing.
type stub struct {
	eiengine.Settings[passProps]
	process   func(c *eiengine.Ctx, f *frames.Frame) error
	configure func(in, out *frames.Format) error
	open      func(c *eiengine.Ctx) error
	start     func(c *eiengine.Ctx) error
	close     func() error
	stop      func() error
	drain     func(c *eiengine.Ctx) error
	event     func(c *eiengine.Ctx, e eiengine.Event) (bool, error)
	changed   func(c *eiengine.Ctx) error
	limit     func() frames.Caps
	transform func(caps frames.Caps) frames.Caps
}

func (s *stub) Process(c *eiengine.Ctx, f *frames.Frame) error {
	if s.process == nil {
		return c.Push(0, f)
	}
	return s.process(c, f)
}

func (s *stub) Configure(_ *eiengine.Ctx, in, out *frames.Format) error {
	if s.configure == nil {
		return nil
	}
	return s.configure(in, out)
}

func call(f func(c *eiengine.Ctx) error, c *eiengine.Ctx) error {
	if f == nil {
		return nil
	}
	return f(c)
}

func (s *stub) Open(c *eiengine.Ctx) error  { return call(s.open, c) }
func (s *stub) Start(c *eiengine.Ctx) error { return call(s.start, c) }
func (s *stub) Drain(c *eiengine.Ctx) error { return call(s.drain, c) }

func (s *stub) PropertyChanged(c *eiengine.Ctx, _ string) error { return call(s.changed, c) }

func (s *stub) Close(*eiengine.Ctx) error {
	if s.close == nil {
		return nil
	}
	return s.close()
}

func (s *stub) Stop(*eiengine.Ctx) error {
	if s.stop == nil {
		return nil
	}
	return s.stop()
}

func (s *stub) HandleEvent(c *eiengine.Ctx, e eiengine.Event) (bool, error) {
	if s.event == nil {
		return false, nil
	}
	return s.event(c, e)
}

func (s *stub) Limit() frames.Caps {
	if s.limit == nil {
		return frames.AnyCaps()
	}
	return s.limit()
}

// transformingStub is a stub that is a Transformer too.
type transformingStub struct{ stub }

func (s *transformingStub) Transform(caps frames.Caps, _ eiengine.Direction) frames.Caps {
	return s.transform(caps)
}

// addElement registers an element of which the test makes the instances.
func addElement(t testing.TB, e *eiengine.Engine, name string, make func() eiengine.Element) {
	t.Helper()
	any := frames.AnyCaps()
	if err := e.Registry().Register(eiengine.Factory{
		Name: name, Pads: []eiengine.PadTemplate{eiengine.SinkPad(any), eiengine.SrcPad(any)}, New: make,
	}); err != nil {
		t.Fatal(err)
	}
}

// addStub registers a stub that is always the same one.
func addStub(t testing.TB, e *eiengine.Engine, name string, s *stub) {
	t.Helper()
	addElement(t, e, name, func() eiengine.Element { return s })
}
