package flow

import (
	"sync/atomic"

	"github.com/eiengine/eiengine/frames"
)

// Handoffer is implemented by identity, fakesrc and fakesink, for programs that
// look at frames as they pass:
//
//	i, err := eiengine.Find[flow.Handoffer](p, "name-of-an-identity")
//	i.OnHandoff(func(f *frames.Frame) { … })
type Handoffer interface {
	// OnHandoff has look called with each frame while signal-handoffs is true,
	// in the goroutine that passes it on; nil ends that. The frame stays the
	// element's: look must neither change, nor release, nor keep it.
	OnHandoff(look func(f *frames.Frame))
}

// handoffs is what those elements embed.
type handoffs struct {
	look atomic.Pointer[func(*frames.Frame)]
}

// OnHandoff implements Handoffer.
func (h *handoffs) OnHandoff(look func(f *frames.Frame)) {
	if look == nil {
		h.look.Store(nil)
		return
	}
	h.look.Store(&look)
}

func (h *handoffs) handOff(wanted bool, f *frames.Frame) {
	if look := h.look.Load(); wanted && look != nil {
		(*look)(f)
	}
}
