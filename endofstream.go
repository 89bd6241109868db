package eiengine

import "github.com/eiengine/eiengine/bus"

// sinkEnded notes that a sink saw the end of the stream.
func (p *Pipeline) sinkEnded(n *node) {
	p.mu.Lock()
	n.sink.ended = true
	if n.group.branch != nil {
		n.group.branch.noteEnded()
	}
	p.mu.Unlock()
	p.checkEnd()
}

// checkEnd sees whether the end of the stream was reached. Branches count while
// they live, so that what they record is complete.
func (p *Pipeline) checkEnd() {
	p.mu.Lock()
	p.eos = p.eos || p.allEnded()
	p.broadcast()
	p.mu.Unlock()
	p.tellEOS()
}

func (p *Pipeline) allEnded() bool {
	sinks, sources := 0, true
	for _, n := range p.nodes {
		own := n.group == p.main
		switch {
		case own && n.kind == kindSource:
			sources = sources && n.passed
		case n.kind != kindSink:
		case n.sink.ended:
			if own {
				sinks++
			}
		case own || !n.group.ending():
			return false
		}
	}
	return sinks > 0 || sources
}

// tellEOS publishes the end of the stream, once, and only while playing.
func (p *Pipeline) tellEOS() {
	p.mu.Lock()
	tell := p.eos && !p.eosSent && p.playing.Load()
	if tell {
		p.eosSent = true
		p.span.end(p.engine.clock)
	}
	p.mu.Unlock()
	if !tell {
		return
	}
	p.post(bus.TypeEOS, p.name, &bus.EOS{})
	p.mu.Lock()
	p.eosTold = p.eosSent // it may have been stopped since
	p.broadcast()
	p.mu.Unlock()
}
