package flow

import (
	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "valve", LongName: "Valve element", Class: "Filter",
		Description: "Passes everything on while it is open, and drops it while it is shut",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps()), eiengine.SrcPad(frames.AnyCaps())},
		New:         func() eiengine.Element { return new(valve) },
	})
}

// dropMode says what a shut valve lets through.
type dropMode int

const (
	dropAll dropMode = iota
	forwardStickyEvents
	transformToGap
)

// EnumValues implements eiengine.Enum.
func (dropMode) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(dropAll), Nick: "drop-all", Name: "Drop all buffers and events"},
		{Value: int(forwardStickyEvents), Nick: "forward-sticky-events", Name: "Drops all buffers but forwards sticky events"},
		{Value: int(transformToGap), Nick: "transform-to-gap", Name: "Convert all dropped buffers into gap events"},
	}
}

type valveProps struct {
	Drop     bool     `prop:"drop,live" doc:"Shut the valve: drop frames, and events as drop-mode says"`
	DropMode dropMode `prop:"drop-mode" default:"drop-all" doc:"What a shut valve lets through: nothing, not even the end of the stream; events; or events, and a gap for each frame"`
}

type valve struct {
	eiengine.Settings[valveProps]
	ended   bool // the end of the stream was dropped
	dropped bool // a frame was, since the last one that passed
}

// BatchAware implements eiengine.BatchAware: batches pass as they are.
func (*valve) BatchAware() {}

// Start implements eiengine.Starter.
func (v *valve) Start(*eiengine.Ctx) error {
	v.ended, v.dropped = false, false
	return nil
}

// Stop implements eiengine.Starter.
func (v *valve) Stop(*eiengine.Ctx) error { return nil }

// Process implements eiengine.Filter.
func (v *valve) Process(c *eiengine.Ctx, in *frames.Frame) error {
	p := v.Load()
	if !p.Drop {
		if v.dropped {
			v.dropped = false
			in.Flags |= frames.Discont
		}
		return c.Push(0, in)
	}
	v.dropped = true
	gap := eiengine.GapEvent{PTS: in.PTS, Duration: in.Duration}
	c.Drop(in)
	if p.DropMode == transformToGap && gap.PTS >= 0 {
		return c.SendEvent(gap)
	}
	return nil
}

// HandleEvent implements eiengine.EventHandler. Formats always pass, so that the
// first frame after the valve was opened finds everything behind it ready.
func (v *valve) HandleEvent(_ *eiengine.Ctx, e eiengine.Event) (handled bool, err error) {
	p := v.Load()
	if !p.Drop || p.DropMode != dropAll {
		return false, nil
	}
	switch e.(type) {
	case eiengine.EOSEvent:
		v.ended = true
		return true, nil
	case eiengine.GapEvent, eiengine.SegmentEvent, eiengine.TagEvent, eiengine.TOCEvent, eiengine.CustomEvent:
		return true, nil
	}
	return false, nil
}

// PropertyChanged implements eiengine.PropertyWatcher: a valve that was shut when
// the stream ended passes the end on when it is opened.
func (v *valve) PropertyChanged(c *eiengine.Ctx, name string) error {
	if name != "drop" || v.Load().Drop || !v.ended {
		return nil
	}
	v.ended = false
	return c.SendEvent(eiengine.EOSEvent{})
}
