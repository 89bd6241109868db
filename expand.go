package eiengine

import (
	"errors"
	"fmt"
	"slices"

	"github.com/eiengine/eiengine/frames"
)

// maxHead is how much of a stream an Expander may look at.
const maxHead = 64 << 10

// expansion is what the runtime keeps for an Expander: the beginning of the
// stream until it has decided, then the elements that took its place.
type expansion struct {
	node   *node
	head   []byte
	held   []item
	format *frames.Format
	inner  *sinkPad
	nodes  []*node
	behind *sinkPad // what the node was linked to
}

func (x *expansion) accept(f *frames.Frame) error {
	if x.inner != nil {
		return x.inner.accept(f)
	}
	if room := maxHead - len(x.head); room > 0 {
		b := f.Bytes()
		x.head = append(x.head, b[:min(room, len(b))]...)
	}
	x.held = append(x.held, item{frame: f})
	return x.decide(len(x.head) >= maxHead)
}

func (x *expansion) event(e Event) error {
	_, eos := e.(EOSEvent)
	if x.inner != nil {
		return x.pass(e)
	}
	if !eos {
		x.held = append(x.held, item{event: e})
		return nil
	}
	if err := x.decide(true); err != nil {
		return err
	}
	if x.inner == nil {
		return ErrFlushing // failed, and told so
	}
	return x.pass(e)
}

// pass hands an event to the elements inside; of the end of the stream the element
// itself is told before.
func (x *expansion) pass(e Event) error {
	if _, eos := e.(EOSEvent); eos {
		if err := x.node.drain(); err != nil {
			return err
		}
	}
	return x.inner.event(e)
}

func (x *expansion) acceptFormat(f *frames.Format) error {
	if x.inner != nil {
		return x.inner.acceptFormat(f)
	}
	x.format = f
	return nil
}

// decide asks the element, and replays what was held once it knows.
func (x *expansion) decide(final bool) error {
	n := x.node
	caller := n.enter()
	spec, err := n.elem.(Expander).Expand(n.ctx, x.head, final)
	n.exit(caller)
	if err == nil && spec == nil && final {
		err = errors.New("could not determine type of stream")
	}
	if err != nil {
		n.fail(err)
		return ErrFlushing
	}
	if spec == nil {
		return nil
	}
	if err := x.expand(*spec); err != nil {
		n.fail(err)
		return ErrFlushing
	}
	return x.replay()
}

func (x *expansion) replay() error {
	held := x.held
	x.held = nil
	var result error
	if x.format != nil {
		result = x.inner.acceptFormat(x.format)
	}
	for _, it := range held {
		switch {
		case result != nil && it.frame != nil:
			x.node.ctx.Drop(it.frame)
		case it.frame != nil:
			result = x.inner.accept(it.frame)
		case result == nil:
			result = x.inner.event(it.event)
		}
	}
	return result
}

// expand builds the elements, opens them, and puts them in the node's place.
func (x *expansion) expand(spec Spec) error {
	n := x.node
	p := n.pipe
	spec.Nodes, spec.Links = slices.Clone(spec.Nodes), slices.Clone(spec.Links)
	for i := range spec.Nodes {
		old := spec.Nodes[i].Name
		spec.Nodes[i].Name = n.name + "/" + old
		for j := range spec.Links {
			if spec.Links[j].From.Node == old {
				spec.Links[j].From.Node = spec.Nodes[i].Name
			}
			if spec.Links[j].To.Node == old {
				spec.Links[j].To.Node = spec.Nodes[i].Name
			}
		}
	}
	b := &builder{pipe: p, group: n.group, byName: map[string]*node{}}
	b.build(spec)
	if len(b.problems) > 0 {
		b.discard()
		return &BuildError{b.problems}
	}
	for _, m := range b.nodes {
		if m.kind != kindFilter {
			b.discard()
			return fmt.Errorf("%s cannot stand inside %s: only filters can", m.factory.Name, n.name)
		}
		m.chain, m.caller, m.at, m.outer = n.chain, n.chain, n.at, n
	}
	entrance, err := b.nodes[0].sinkPad("")
	if err != nil {
		b.discard()
		return err
	}
	last, err := b.nodes[len(b.nodes)-1].srcPad("")
	if err != nil {
		b.discard()
		return err
	}
	for _, m := range b.nodes {
		err := m.open()
		if err == nil {
			err = m.start()
		}
		if err != nil {
			for _, begun := range b.nodes {
				begun.stop()
			}
			p.removeNodes(b.nodes)
			return &ElementError{Element: m.name, Err: err}
		}
	}
	for _, warning := range b.warnings {
		p.warn(n.name, warning)
	}
	x.nodes, x.inner = b.nodes, entrance
	if x.behind = n.srcPads()[0].peer.Load(); x.behind != nil {
		last.peer.Store(x.behind)
		x.behind.peer.Store(last)
		p.possible.change()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.nodes = append(p.nodes[:len(p.nodes):len(p.nodes)], b.nodes...)
	for _, m := range b.nodes {
		p.byName[m.name] = m
	}
	return nil
}

// reset drops what is held and forgets the expansion.
func (x *expansion) reset() {
	for _, it := range x.held {
		if it.frame != nil {
			x.node.ctx.Drop(it.frame)
		}
	}
	x.head, x.held, x.format = x.head[:0], nil, nil
}

// dropExpansions takes the elements of expansions out again when data has stopped.
func (p *Pipeline) dropExpansions(nodes []*node) {
	for _, n := range nodes {
		if n.kind != kindBin || n.bin.inner == nil || n.abandoned {
			continue
		}
		x := n.bin
		if x.behind != nil {
			x.behind.peer.Store(n.srcPads()[0])
			p.possible.change()
		}
		p.removeNodes(x.nodes)
		x.inner, x.nodes, x.behind = nil, nil, nil
	}
}

// removeNodes closes nodes that no goroutine calls any more and forgets them.
func (p *Pipeline) removeNodes(gone []*node) {
	isGone := map[*node]bool{}
	for _, n := range gone {
		isGone[n] = true
		n.close()
		n.account.Load().Close()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var left []*node
	for _, n := range p.nodes {
		if isGone[n] {
			delete(p.byName, n.name)
			continue
		}
		left = append(left, n)
	}
	p.nodes = left
}
