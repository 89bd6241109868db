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

type capsfilterProps struct {
	Caps frames.Caps `prop:"caps,live" default:"ANY" doc:"The formats that may pass; upstream adapts when they are changed"`
}

type capsfilter struct {
	eiengine.Settings[capsfilterProps]
}

// Limit implements eiengine.Limiter.
func (f *capsfilter) Limit() frames.Caps { return f.Load().Caps }

// Process implements eiengine.Filter.
func (f *capsfilter) Process(c *eiengine.Ctx, in *frames.Frame) error { return c.Push(0, in) }
