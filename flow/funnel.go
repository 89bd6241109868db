package flow

import (
	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "funnel", LongName: "Funnel pipe fitting", Class: "Generic",
		Description: "Joins streams into one, frames in the order in which they arrive; it ends when all have ended",
		Pads: []eiengine.PadTemplate{
			{Name: "sink_%u", Direction: eiengine.Sink, Presence: eiengine.OnRequest, Caps: frames.AnyCaps()},
			eiengine.SrcPad(frames.AnyCaps()),
		},
		New: func() eiengine.Element { return new(funnel) },
	})
}

type funnel struct {
	eiengine.Settings[funnelProps]
}

type funnelProps struct {
	ForwardStickyEvents bool `prop:"forward-sticky-events" default:"true" doc:"Accepted without effect: each frame carries its format here, so what follows always knows it"`
}

// PassThrough implements eiengine.PassThrough.
func (f *funnel) PassThrough() {}

// Policy implements eiengine.Aggregator.
func (f *funnel) Policy() eiengine.AggregatePolicy { return eiengine.AggregatePolicy{} }

// Aggregate implements eiengine.Aggregator.
func (f *funnel) Aggregate(c *eiengine.Ctx, in *eiengine.Inputs) error {
	return c.Push(0, in.Take(in.Oldest()))
}
