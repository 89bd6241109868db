package flow

import (
	"sync/atomic"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "output-selector", LongName: "Output selector", Class: "Generic",
		Description: "Passes its stream on to one of several branches; which one may change while playing",
		Pads: []eiengine.PadTemplate{
			eiengine.SinkPad(frames.AnyCaps()),
			{Name: "src_%u", Direction: eiengine.Src, Presence: eiengine.OnRequest, Caps: frames.AnyCaps()},
		},
		New: func() eiengine.Element { return new(outputSelector) },
	})
}

// negotiationMode says which branches have a say in the format.
type negotiationMode int

const (
	negotiateNone negotiationMode = iota
	negotiateAll
	negotiateActive
)

// EnumValues implements eiengine.Enum.
func (negotiationMode) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(negotiateNone), Nick: "none", Name: "None"},
		{Value: int(negotiateAll), Nick: "all", Name: "All"},
		{Value: int(negotiateActive), Nick: "active", Name: "Active"},
	}
}

type outputSelectorProps struct {
	ActivePad          string          `prop:"active-pad,live" null:"null" doc:"Name of the source pad that frames go to, such as src_1; if empty, the first one"`
	PadNegotiationMode negotiationMode `prop:"pad-negotiation-mode" default:"all" doc:"Which branches have a say in the format: none, all, or the active one"`
	ResendLatest       bool            `prop:"resend-latest" doc:"After a switch, send the latest frame once more, to the new branch"`
}

// outputSelector sends frames to one branch and the end of the stream to all.
type outputSelector struct {
	eiengine.Settings[outputSelectorProps]
	eiengine.PadLister
	active atomic.Int64
	latest *frames.Frame // for resend-latest
}

// Start implements eiengine.Starter.
func (s *outputSelector) Start(*eiengine.Ctx) error {
	s.active.Store(0)
	return s.choose()
}

// Stop implements eiengine.Starter.
func (s *outputSelector) Stop(*eiengine.Ctx) error { return nil }

// Flush implements eiengine.Flusher.
func (s *outputSelector) Flush(*eiengine.Ctx) {
	if s.latest != nil {
		s.latest.Release()
		s.latest = nil
	}
}

// choose takes up active-pad. A wrong name is replaced by that of the pad in use.
func (s *outputSelector) choose() error {
	names, asked := s.PadNames(eiengine.Src), s.Load().ActivePad
	n, err := padNumber(names, asked)
	if err == nil {
		s.active.Store(int64(n))
	}
	if active := int(s.active.Load()); active < len(names) {
		s.Update(func(p *outputSelectorProps) {
			if p.ActivePad == asked { // not chosen anew meanwhile
				p.ActivePad = names[active]
			}
		})
	}
	return err
}

// PropertyChanged implements eiengine.PropertyWatcher.
func (s *outputSelector) PropertyChanged(c *eiengine.Ctx, name string) error {
	if name != "active-pad" {
		return nil
	}
	before := s.active.Load()
	if err := s.choose(); err != nil || s.active.Load() == before {
		return err
	}
	if s.Load().PadNegotiationMode == negotiateActive {
		if err := c.SendEvent(eiengine.ReconfigureEvent{}); err != nil {
			return err
		}
	}
	if s.latest == nil {
		return nil
	}
	return c.Push(int(s.active.Load()), s.latest.Share())
}

// NegotiatesWith implements eiengine.OutputChooser.
func (s *outputSelector) NegotiatesWith(pad int) bool {
	switch s.Load().PadNegotiationMode {
	case negotiateNone:
		return false
	case negotiateActive:
		return pad == int(s.active.Load())
	}
	return true
}

// Process implements eiengine.Filter.
func (s *outputSelector) Process(c *eiengine.Ctx, in *frames.Frame) error {
	active := int(s.active.Load())
	if active >= c.SrcPads() {
		c.Drop(in)
		return nil
	}
	if s.Load().ResendLatest {
		s.Flush(c)
		s.latest = in.Share()
	}
	return c.Push(active, in)
}
