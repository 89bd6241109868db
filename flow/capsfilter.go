package flow

import (
	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "capsfilter", LongName: "CapsFilter", Class: "Generic",
		Description: "Passes data on unchanged and lets through certain formats only",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps()), eiengine.SrcPad(frames.AnyCaps())},
		New:         func() eiengine.Element { return new(capsfilter) },
	})
}

// capsChange says what becomes of frames that are under way when caps change.
type capsChange int

// EnumValues implements eiengine.Enum.
func (capsChange) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: 0, Nick: "immediate", Name: "Only accept the current filter caps"},
		{Value: 1, Nick: "delayed", Name: "Temporarily accept previous filter caps"},
	}
}

type capsfilterProps struct {
	Caps       frames.Caps `prop:"caps,live" default:"ANY" doc:"The formats that may pass; upstream adapts when they are changed"`
	ChangeMode capsChange  `prop:"caps-change-mode,live" default:"immediate" doc:"Accepted without effect: frames in the previous format that are under way when caps change always pass"`
	QoS        bool        `prop:"qos" doc:"Accepted without effect: an element that passes frames on has nothing to save when they are late"`
}

type capsfilter struct {
	eiengine.Settings[capsfilterProps]
}

// BatchAware implements eiengine.BatchAware: batches pass as they are.
func (*capsfilter) BatchAware() {}

// Limit implements eiengine.Limiter. All memory of this engine is the system's:
// caps that name another kind pass what they describe in that.
func (f *capsfilter) Limit() frames.Caps { return f.Load().Caps.WithoutFeatures() }

// Start implements eiengine.Starter.
func (f *capsfilter) Start(c *eiengine.Ctx) error {
	if caps := f.Load().Caps; caps.HasFeatures() {
		c.Log().Info("the memory that the caps name does not exist here; system memory is used", "caps", caps.String())
	}
	return nil
}

// Stop implements eiengine.Starter.
func (f *capsfilter) Stop(*eiengine.Ctx) error { return nil }

// Process implements eiengine.Filter.
func (f *capsfilter) Process(c *eiengine.Ctx, in *frames.Frame) error { return c.Push(0, in) }
