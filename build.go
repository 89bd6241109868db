package eiengine

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
)

// Build makes a pipeline of its description. It is at null; call Play. All
// mistakes are reported at once, in a *BuildError.
func (e *Engine) Build(spec Spec) (*Pipeline, error) {
	p := &Pipeline{
		engine: e, name: spec.Name, spec: spec, bus: bus.New(), byName: map[string]*node{},
		branches: map[*Branch]struct{}{}, changed: make(chan struct{}), gate: make(chan struct{}),
		warned: map[string]*warnLimit{}, reserved: map[string]*node{}, gone: make(chan struct{}),
	}
	p.main = &group{pipe: p}
	p.main.begin(context.Background())
	b := &builder{pipe: p, group: p.main, byName: p.byName}
	b.build(spec)
	b.checkFormats()
	if len(b.problems) > 0 {
		b.discard()
		return nil, &BuildError{b.problems}
	}
	p.nodes = b.nodes
	p.Warnings = b.warnings
	b.assignChains(nil)
	e.add(p)
	return p, nil
}

// builder turns a description into nodes and links, collecting mistakes.
type builder struct {
	pipe     *Pipeline
	group    *group
	nodes    []*node
	byName   map[string]*node
	padProps map[string][]PropSpec // of nodes, for pads that are made later
	taken    map[string]*node      // names that others have
	problems []error
	warnings []error
	gives    map[*srcPad]frames.Caps // by checkFormats
}

func (b *builder) problem(err error) { b.problems = append(b.problems, err) }

func (b *builder) build(spec Spec) {
	if len(spec.Nodes) == 0 {
		b.problem(errors.New("empty pipeline not allowed"))
	}
	given := b.checkBins(spec)
	missing := map[string]bool{}
	for _, ns := range spec.Nodes {
		ns.Props = append(ns.Props[:len(ns.Props):len(ns.Props)], given[ns.Name]...)
		if n := b.addNode(ns); n == nil {
			missing[ns.Name] = true
		}
	}
	for _, l := range spec.Links {
		if !missing[l.From.Node] && !missing[l.To.Node] {
			b.guarded(b.byName[l.From.Node], func() { b.link(l) })
		}
	}
	b.checkPadProps()
	if len(b.problems) == 0 {
		b.splitBundles()
	}
}

// discard gives back what the nodes took.
func (b *builder) discard() {
	for _, n := range b.nodes {
		n.account.Load().Close()
	}
}

func (b *builder) addNode(ns NodeSpec) *node {
	f, err := b.pipe.engine.registry.Find(ns.Element)
	if err != nil {
		var unknown *UnknownElementError
		if errors.As(err, &unknown) {
			unknown.Column = ns.Column
		}
		b.problem(err)
		return nil
	}
	if b.byName[ns.Name] != nil || b.taken[ns.Name] != nil {
		b.problem(fmt.Errorf("%stwo elements are named %q: give one another name", at(ns.Column), ns.Name))
		return nil
	}
	var n *node
	err = guard(func() error {
		n = b.newNode(f, ns.Name)
		for _, prop := range ns.Props {
			switch {
			case prop.Name == PresetProp:
				b.problem(fmt.Errorf("%scould not set preset %q in element %q: there are no presets; set its properties one by one", at(prop.Column), prop.Value, n.name))
			case strings.Contains(prop.Name, "::"):
				b.setPadProperty(n, prop)
			default:
				b.setProperty(n, prop)
			}
		}
		b.prepare(n)
		return nil
	})
	if err != nil {
		if n != nil {
			n.account.Load().Close()
		}
		b.problem(&ElementError{Element: ns.Name, Err: err})
		return nil
	}
	b.nodes = append(b.nodes, n)
	b.byName[ns.Name] = n
	return n
}

func (b *builder) newNode(f *Factory, name string) *node {
	n := &node{
		pipe: b.pipe, name: name, factory: f, elem: f.New(), group: b.group, limit: -1,
	}
	n.account.Store(b.pipe.engine.pool.Account(name))
	n.ctx = &Ctx{node: n}
	_, n.late = n.elem.(LateFormat)
	if c, ok := n.elem.(configurable); ok {
		c.countChanges(&b.pipe.possible)
	}
	sinks, srcs := []*sinkPad{}, []*srcPad{}
	for _, t := range f.Pads {
		switch {
		case t.Presence == OnRequest:
		case t.Direction == Sink:
			sinks = append(sinks, &sinkPad{node: n, index: len(sinks), name: t.Name, template: t})
		default:
			srcs = append(srcs, &srcPad{node: n, index: len(srcs), name: strings.ReplaceAll(t.Name, "%u", "0"), template: t})
		}
	}
	n.sinks.Store(&sinks)
	n.srcs.Store(&srcs)
	return n
}

// prepare sets up what the kind of element needs, once its properties are set.
func (b *builder) prepare(n *node) {
	if l, ok := n.elem.(padLister); ok {
		l.setNode(n)
	}
	n.batches = takesBatches(n.elem)
	switch e := n.elem.(type) {
	case Source:
		n.kind = kindSource
	case Async:
		n.kind, n.window = kindAsync, newWindow(n)
	case Aggregator:
		n.kind, n.agg = kindAggregator, newAggregator(n)
		for range n.sinkPads() {
			n.agg.addPad()
		}
	case Queuer:
		n.kind, n.queue = kindQueue, newRing(n, e.QueueLimits, func() { n.dropped.Add(1) })
		n.queue.watch = newQueueWatch(n)
		if l, ok := n.elem.(levelled); ok {
			l.setQueue(n.queue)
		}
	case Expander:
		n.kind, n.bin = kindBin, &expansion{node: n}
	case Bundle:
		n.kind = kindBundle
	case Filter:
		n.kind, n.filter = kindFilter, e
		if len(n.factory.padTemplates(Src)) == 0 {
			n.kind = kindSink
		}
	default:
		_, err := n.factory.Kind()
		b.problem(err)
	}
}

func (b *builder) setProperty(n *node, prop PropSpec) {
	c, ok := n.elem.(configurable)
	if !ok {
		b.problem(&UnknownPropertyError{Element: n.factory.Name, Property: prop.Name, Column: prop.Column})
		return
	}
	err := c.setProperty(prop.Name, prop.Value)
	if err == nil {
		return
	}
	var outside *RangeError
	if errors.As(err, &outside) {
		// As gst-launch does: the line runs, with the default.
		b.warnings = append(b.warnings, fmt.Errorf("%w; the default is used", named(err, n.factory.Name, prop.Column)))
		return
	}
	b.problem(named(err, n.factory.Name, prop.Column))
}

// named completes an error of a property with the element and the column.
func named(err error, element string, column int) error {
	var unknown *UnknownPropertyError
	var value *ValueError
	switch {
	case errors.As(err, &unknown):
		unknown.Element, unknown.Column = element, column
	case errors.As(err, &value):
		value.Element, value.Column = element, column
	}
	return err
}

// assignChains says which goroutine calls which element. Elements at the start of
// a branch belong to the chain of the tee.
func (b *builder) assignChains(tee *chain) {
	for _, n := range b.nodes {
		if n.kind == kindSource || n.kind == kindQueue || n.kind == kindAsync || n.kind == kindAggregator {
			n.chain = newChain(n)
		}
		if n.kind == kindBundle {
			n.chain = &chain{group: n.group, mailed: make(chan struct{}, 1)} // never runs
		}
	}
	for _, n := range b.nodes {
		if n.chain == nil {
			n.chain = n.callingChain(tee)
		}
		n.caller = n.chain
		if n.kind == kindSink && n.chain.group == n.group {
			n.chain.sinks = append(n.chain.sinks, n)
		}
		if n.kind == kindAsync {
			n.caller = n.upstreamChain(tee)
		}
		n.at = &n.caller.at
		if n.caller.group != n.group {
			n.at = &n.group.branch.at
		}
	}
}

func (n *node) callingChain(tee *chain) *chain {
	if n.chain != nil {
		return n.chain
	}
	return n.upstreamChain(tee)
}

// upstreamChain is the goroutine that brings the element its frames.
func (n *node) upstreamChain(tee *chain) *chain {
	for _, s := range n.sinkPads() {
		if up := s.peer.Load(); up != nil {
			if up.node.group != n.group {
				return tee
			}
			return up.node.callingChain(tee)
		}
	}
	if tee != nil {
		return tee
	}
	return newChain(n) // fed by nobody: it never runs
}

// checkFormats walks the links from the sources and reports those whose ends have
// no format in common, each mistake once.
func (b *builder) checkFormats() {
	if !b.checkLoops() {
		return
	}
	done := map[*node]bool{}
	b.gives = map[*srcPad]frames.Caps{}
	for _, n := range b.nodes {
		b.guarded(n, func() { b.checkNode(n, done) })
	}
}

// guarded makes a panic in an element that is asked something a problem.
func (b *builder) guarded(n *node, f func()) {
	err := guard(func() error { f(); return nil })
	if err == nil {
		return
	}
	var p *panicked
	if errors.As(err, &p) && p.node != nil {
		n = p.node
	}
	if n == nil {
		b.problem(err)
		return
	}
	b.problem(&ElementError{Element: n.name, Err: err})
}

func (b *builder) checkNode(n *node, done map[*node]bool) {
	if done[n] {
		return
	}
	done[n] = true
	for _, s := range n.sinkPads() {
		if up := s.peer.Load(); up != nil {
			b.checkNode(up.node, done)
			b.checkLink(up, s)
		}
	}
}

// checkLink compares what can come out of a pad with what its peer takes.
func (b *builder) checkLink(p *srcPad, s *sinkPad) {
	gives := b.possible(p)
	takes := s.template.Caps.Intersect(s.node.ownLimit())
	if gives.IsEmpty() || takes.IsEmpty() || gives.CanIntersect(takes) {
		return
	}
	b.problem(&LinkError{
		From: p.node.name, To: s.node.name,
		Reason: fmt.Sprintf("%s gives %s, but %s takes %s", p.node.name, short(gives), s.node.name, short(takes)),
		Remedy: b.pipe.engine.registry.mender(gives, takes),
	})
}

// possible are the caps that can come out of the pad, by templates and settings.
// They are worked out once per pad, or long chains would take forever.
func (b *builder) possible(p *srcPad) frames.Caps {
	caps, ok := b.gives[p]
	if !ok {
		caps = b.workOut(p)
		b.gives[p] = caps
	}
	return caps
}

func (b *builder) workOut(p *srcPad) frames.Caps {
	n := p.node
	own := p.template.Caps.Intersect(n.ownLimit())
	if n.kind == kindSource || n.kind == kindBin || n.late {
		return own
	}
	for _, s := range n.sinkPads() {
		up := s.peer.Load()
		if up == nil {
			continue
		}
		in := b.possible(up).Intersect(s.template.Caps)
		if in.IsEmpty() {
			return frames.Caps{} // told at that link
		}
		if t, ok := n.elem.(Transformer); ok {
			defer n.blame()
			in = t.Transform(in, Src)
		}
		return in.Intersect(own)
	}
	return own
}
