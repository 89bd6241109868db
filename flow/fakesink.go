package flow

import (
	"errors"
	"os"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "fakesink", LongName: "Fake Sink", Class: "Sink",
		Description: "Takes frames of any kind and forgets them",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps())},
		New:         func() eiengine.Element { return new(fakesink) },
	})
}

type fakesinkProps struct {
	eiengine.SinkProps
	Sync       bool `prop:"sync,live" doc:"Take frames when they are due by the pipeline's clock"`
	NumBuffers int  `prop:"num-buffers,live" default:"-1" min:"-1" doc:"Frames to take before the end of the stream, -1 for no limit"`
	Dump       bool `prop:"dump,live" doc:"Print the bytes of each frame to standard output"`
	Handoffs   bool `prop:"signal-handoffs,live" doc:"Show each frame to those who are connected to the signal handoff"`
	silentProps
	handoffProps
	StateError       stateError                             `prop:"state-error" default:"none" doc:"Fail when the state changes so"`
	DropOutOfSegment bool                                   `prop:"drop-out-of-segment" default:"true" doc:"Accepted without effect: frames before the time that a seek asked for are never presented"`
	CanActivatePull  bool                                   `prop:"can-activate-pull" doc:"Accepted without effect: sinks never ask for bytes"`
	CanActivatePush  bool                                   `prop:"can-activate-push" default:"true" doc:"Whether it takes frames at all; false fails the pipeline, as in GStreamer"`
	PrerollHandoff   eiengine.Signal[func(f *frames.Frame)] `signal:"preroll-handoff" doc:"The frame that is held while the pipeline is paused, while signal-handoffs is true; look at it only"`
}

// stateError is a change of state that fails.
type stateError int

const (
	stateErrorNone stateError = iota
	nullToReady
	readyToPaused
	pausedToPlaying
	playingToPaused
	pausedToReady
	readyToNull
)

// EnumValues implements eiengine.Enum.
func (stateError) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(stateErrorNone), Nick: "none", Name: "No state change errors"},
		{Value: int(nullToReady), Nick: "null-to-ready", Name: "Fail state change from NULL to READY"},
		{Value: int(readyToPaused), Nick: "ready-to-paused", Name: "Fail state change from READY to PAUSED"},
		{Value: int(pausedToPlaying), Nick: "paused-to-playing", Name: "Fail state change from PAUSED to PLAYING"},
		{Value: int(playingToPaused), Nick: "playing-to-paused", Name: "Fail state change from PLAYING to PAUSED"},
		{Value: int(pausedToReady), Nick: "paused-to-ready", Name: "Fail state change from PAUSED to READY"},
		{Value: int(readyToNull), Nick: "ready-to-null", Name: "Fail state change from READY to NULL"},
	}
}

type fakesink struct {
	eiengine.Settings[fakesinkProps]
	lastMessage
}

var errStateAsRequested = errors.New("failed at the change of state that state-error requested")

// at fails a change of state if it is the one.
func (s *fakesink) at(change stateError) error {
	if s.Load().StateError == change {
		return errStateAsRequested
	}
	return nil
}

// Open implements eiengine.Opener.
func (s *fakesink) Open(*eiengine.Ctx) error { return s.at(nullToReady) }

// Close implements eiengine.Opener.
func (s *fakesink) Close(*eiengine.Ctx) error { return s.at(readyToNull) }

// Start implements eiengine.Starter.
func (s *fakesink) Start(*eiengine.Ctx) error {
	if !s.Load().CanActivatePush {
		return errors.New("can-activate-push=false leaves no way to take frames: set it to true")
	}
	return s.at(readyToPaused)
}

// Stop implements eiengine.Starter.
func (s *fakesink) Stop(*eiengine.Ctx) error { return s.at(pausedToReady) }

// Playing implements eiengine.PlayWatcher.
func (s *fakesink) Playing(_ *eiengine.Ctx, playing bool) error {
	if playing {
		return s.at(pausedToPlaying)
	}
	return s.at(playingToPaused)
}

// Preroll implements eiengine.Preroller.
func (s *fakesink) Preroll(_ *eiengine.Ctx, held *frames.Frame) {
	p := s.Load()
	if !p.Handoffs {
		return
	}
	for _, look := range p.PrerollHandoff.Handlers() {
		look(held)
	}
}

// Rendering implements eiengine.Renderer.
func (s *fakesink) Rendering() eiengine.Rendering {
	p := s.Load()
	r := p.Rendering(p.Sync)
	r.MaxFrames = p.NumBuffers
	return r
}

// Process implements eiengine.Filter.
func (s *fakesink) Process(c *eiengine.Ctx, in *frames.Frame) error {
	p := s.Load()
	if !p.Silent {
		s.tell(c, describe("chain", c.Name(), "sink", in))
	}
	if p.Dump {
		if err := dump(os.Stdout, in.Bytes()); err != nil {
			c.Warn(err)
		}
	}
	p.handOff(p.Handoffs, in)
	in.Release()
	return nil
}
