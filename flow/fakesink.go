package flow

import (
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
}

type fakesink struct {
	eiengine.Settings[fakesinkProps]
	lastMessage
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
