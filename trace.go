package eiengine

import "github.com/eiengine/eiengine/bus"

// Trace switches on or off that the pipeline tells on its bus what only developers
// want to know: the changes of state of each element, and the beginning and end of
// each goroutine, as [bus.StreamStatus]. It may be called at any time.
func (p *Pipeline) Trace(on bool) { p.tracing.Store(on) }

// reached notes the state of an element, and tells of each step there.
func (n *node) reached(to State) {
	p := n.pipe
	p.mu.Lock()
	from := n.state
	n.state = to
	p.mu.Unlock()
	for from != to && p.tracing.Load() {
		next := from + 1
		if to < from {
			next = from - 1
		}
		p.post(bus.TypeStateChanged, n.name, &bus.StateChanged{Old: from.String(), New: next.String(), Pending: "void-pending"})
		from = next
	}
}

// allReached is reached for the elements that start and stop with the pipeline.
func (p *Pipeline) allReached(to State) {
	for _, n := range sinksFirst(p.own()) {
		if n.bundle == nil {
			n.reached(to)
		}
	}
}

// status tells what the goroutine does.
func (ch *chain) status(what string) {
	n := ch.head
	if n == nil || !n.pipe.tracing.Load() {
		return
	}
	pad := "src"
	if pads := n.srcPads(); len(pads) > 0 {
		pad = pads[0].name
	}
	n.pipe.post(bus.TypeStreamStatus, n.name+":"+pad, &bus.StreamStatus{What: what, Element: n.name, Kind: n.factory.Name})
}
