package eiengine

import (
	"fmt"
	"strings"

	"github.com/eiengine/eiengine/frames"
)

// link makes the link or links that a description asks for.
func (b *builder) link(l LinkSpec) {
	from, to := b.byName[l.From.Node], b.byName[l.To.Node]
	if from == nil || to == nil {
		for _, ref := range []PadRef{l.From, l.To} {
			if b.byName[ref.Node] == nil {
				b.problem(fmt.Errorf("%sno element named %q%s", at(l.Column), ref.Node, elsewhere(b.taken[ref.Node])))
			}
		}
		return
	}
	filter := frames.AnyCaps()
	if l.Caps != "" {
		var err error
		if filter, err = frames.ParseCaps(l.Caps); err != nil {
			b.problem(fmt.Errorf("%scould not parse caps %q: %w", at(l.Column), l.Caps, err))
			return
		}
	}
	if l.All && l.From.Pad == "" && l.To.Pad == "" {
		b.linkAll(l, from, to, filter)
		return
	}
	if pair, ok := fittingPads(from, l.From.Pad, to, l.To.Pad, filter); ok {
		l.From.Pad, l.To.Pad = pair.src.name, pair.sink.name
	}
	b.linkPads(l, from, to)
}

// elsewhere completes an error about a name that an element outside of a branch has.
func elsewhere(n *node) string {
	if n == nil {
		return ""
	}
	return " in the branch: what data flows through already cannot be linked to"
}

// linkAll links pads while a pair is left that fits.
func (b *builder) linkAll(l LinkSpec, from, to *node, filter frames.Caps) {
	for n := 0; ; n++ {
		pair, ok := fittingPads(from, "", to, "", filter)
		if !ok && n == 0 {
			b.problem(&LinkError{From: from.name, To: to.name, Reason: "they have no free pads that fit together", Column: l.Column})
		}
		if !ok {
			return
		}
		one := l
		one.From.Pad, one.To.Pad = pair.src.name, pair.sink.name
		if !b.linkPads(one, from, to) || pair.src.isNew && pair.sink.isNew {
			return // new pads on both sides would never end
		}
	}
}

// linkPads links two pads, through a filter if there is one. It reports whether
// that went well.
func (b *builder) linkPads(l LinkSpec, from, to *node) bool {
	if l.Caps != "" {
		taken := make(map[string]bool, len(b.byName))
		for _, names := range []map[string]*node{b.byName, b.taken} {
			for name := range names {
				taken[name] = true
			}
		}
		name, _ := automaticName("capsfilter", 0, taken)
		filter := b.addNode(NodeSpec{Element: "capsfilter", Name: name, Column: l.Column, Props: []PropSpec{{Name: "caps", Value: l.Caps, Column: l.Column}}})
		if filter == nil {
			return false
		}
		into, out := l, l
		into.To, into.Caps = PadRef{Node: name}, ""
		out.From, out.Caps = PadRef{Node: name}, ""
		return b.linkPads(into, from, filter) && b.linkPads(out, filter, to)
	}
	fail := func(reason string) bool {
		b.problem(&LinkError{From: from.name, To: to.name, Reason: reason, Column: l.Column})
		return false
	}
	src, err := from.srcPad(l.From.Pad)
	if err != nil {
		return fail(err.Error())
	}
	sink, err := to.sinkPad(l.To.Pad)
	if err != nil {
		return fail(err.Error())
	}
	src.peer.Store(sink)
	sink.peer.Store(src)
	b.pipe.possible.change()
	if src.template.Presence == OnRequest {
		b.applyPadProps(from, src.name)
	}
	if sink.template.Presence == OnRequest {
		b.applyPadProps(to, sink.name)
	}
	return true
}

// freePad is a pad that can be linked, or one that can be made for it.
type freePad struct {
	name  string
	caps  frames.Caps
	isNew bool
}

type padPair struct{ src, sink freePad }

// fittingPads finds the first source pad that has a sink pad with caps in common,
// within filter. It reports false if there is none: the first pads of both tell
// what is wrong then.
func fittingPads(from *node, out string, to *node, in string, filter frames.Caps) (padPair, bool) {
	sinks := to.freePads(Sink, in)
	for _, src := range from.freePads(Src, out) {
		gives := src.caps.Intersect(filter)
		for _, sink := range sinks {
			if gives.CanIntersect(sink.caps) {
				return padPair{src, sink}, true
			}
		}
	}
	return padPair{}, false
}

// freePads lists the pads of that name, or all for "", that are not linked.
func (n *node) freePads(d Direction, name string) []freePad {
	var free []freePad
	limit := n.ownLimit()
	add := func(pad string, t PadTemplate, linked bool) {
		if !linked && (name == "" || name == pad) {
			free = append(free, freePad{name: pad, caps: t.Caps.Intersect(limit)})
		}
	}
	count := 0
	if d == Src {
		for _, p := range n.srcPads() {
			add(p.name, p.template, p.peer.Load() != nil)
		}
		count = len(n.srcPads())
	} else {
		for _, p := range n.sinkPads() {
			add(p.name, p.template, p.peer.Load() != nil)
		}
		count = len(n.sinkPads())
	}
	if len(free) > 0 && name != "" {
		return free
	}
	if t, pad, err := n.requestPad(d, name, count); err == nil {
		free = append(free, freePad{name: pad, caps: t.Caps.Intersect(limit), isNew: true})
	}
	return free
}

// srcPad finds or makes the source pad to link from.
func (n *node) srcPad(name string) (*srcPad, error) {
	pads := n.srcPads()
	for _, p := range pads {
		if p.peer.Load() == nil && (name == "" || p.name == name) {
			return p, nil
		}
		if name != "" && p.name == name {
			return nil, fmt.Errorf("pad %q of %s is linked already", name, n.name)
		}
	}
	t, padName, err := n.requestPad(Src, name, len(pads))
	if err != nil {
		return nil, err
	}
	p := &srcPad{node: n, index: len(pads), name: padName, template: t}
	longer := append(pads[:len(pads):len(pads)], p)
	n.srcs.Store(&longer)
	return p, nil
}

// sinkPad finds or makes the sink pad to link to.
func (n *node) sinkPad(name string) (*sinkPad, error) {
	pads := n.sinkPads()
	for _, p := range pads {
		if p.peer.Load() == nil && (name == "" || p.name == name) {
			return p, nil
		}
		if name != "" && p.name == name {
			return nil, fmt.Errorf("pad %q of %s is linked already", name, n.name)
		}
	}
	t, padName, err := n.requestPad(Sink, name, len(pads))
	if err != nil {
		return nil, err
	}
	p := &sinkPad{node: n, index: len(pads), name: padName, template: t}
	longer := append(pads[:len(pads):len(pads)], p)
	n.sinks.Store(&longer)
	if n.kind == kindAggregator {
		n.agg.addPad()
	}
	return p, nil
}

// requestPad finds the template that a pad of that name can be made of.
func (n *node) requestPad(d Direction, name string, number int) (t PadTemplate, padName string, err error) {
	for _, t := range n.factory.padTemplates(d) {
		prefix, _, pattern := strings.Cut(t.Name, "%u")
		switch {
		case t.Presence != OnRequest || !pattern:
		case name == "":
			return t, fmt.Sprintf("%s%d", prefix, number), nil
		case strings.HasPrefix(name, prefix):
			return t, name, nil
		}
	}
	switch {
	case name != "":
		return t, "", fmt.Errorf("%s has no %s pad %q", n.name, d, name)
	case len(n.factory.padTemplates(d)) == 0:
		return t, "", fmt.Errorf("%s has no %s pad", n.name, d)
	}
	return t, "", fmt.Errorf("every %s pad of %s is linked already", d, n.name)
}
