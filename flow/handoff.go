package flow

import (
	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// handoffProps are of elements that show each frame to the functions connected
// to them. The frame stays the element's: who looks must neither change, nor
// release, nor keep it.
type handoffProps struct {
	Handoff eiengine.Signal[func(f *frames.Frame)] `signal:"handoff" doc:"Each frame, while signal-handoffs is true; look at it only"`
}

// handOff shows a frame if that is wanted.
func (p *handoffProps) handOff(wanted bool, f *frames.Frame) {
	if !wanted {
		return
	}
	for _, look := range p.Handoff.Handlers() {
		look(f)
	}
}
