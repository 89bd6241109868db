package eiengine

import (
	"fmt"
	"slices"
	"strings"
)

// Spec describes the pipeline as it is now: its elements and links, those of
// branches that were added while it played too, and the properties whose values
// are not the defaults, as they are now. What an element such as decodebin has
// made of itself is not in it. [Spec.String] writes it as launch text and
// [NewFile] as YAML; built anew it is a pipeline that does the same from its
// beginning. It may be called at any time.
func (p *Pipeline) Spec() Spec {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := Spec{Name: p.name}
	p.describe(&out, p.spec)
	var branches []*Branch
	for b := range p.branches {
		if p.byName[b.nodes[0].name] == b.nodes[0] { // not one that is only being added
			branches = append(branches, b)
		}
	}
	slices.SortFunc(branches, func(a, b *Branch) int {
		return slices.Index(p.nodes, a.nodes[0]) - slices.Index(p.nodes, b.nodes[0])
	})
	for _, b := range branches {
		out.Link(b.tee.name, b.spec.Nodes[0].Name)
		p.describe(&out, b.spec)
	}
	return out
}

// describe adds what was built from a description; p.mu is held.
func (p *Pipeline) describe(out *Spec, built Spec) {
	for _, bin := range built.Bins {
		// Properties that a bin gave to its elements are found in those.
		bin.Props = slices.DeleteFunc(slices.Clone(bin.Props), func(prop PropSpec) bool { return strings.Contains(prop.Name, "::") })
		bin.Column = 0
		out.Bins = append(out.Bins, bin)
	}
	for _, ns := range built.Nodes {
		ns.Column = 0
		if n := p.byName[ns.Name]; n != nil {
			ns.Props = n.currentProps(ns.Props)
		}
		out.Nodes = append(out.Nodes, ns)
	}
	for _, l := range built.Links {
		l.Column = 0
		out.Links = append(out.Links, l)
	}
}

// currentProps are the properties that are not at their defaults: first those
// that were given, in that order, then the others by name.
func (n *node) currentProps(given []PropSpec) []PropSpec {
	changed := map[string][]PropSpec{}
	var order []string
	note := func(props []PropSpec) {
		for _, prop := range props {
			if len(changed[prop.Name]) == 0 {
				order = append(order, prop.Name)
			}
			changed[prop.Name] = append(changed[prop.Name], prop)
		}
	}
	if s, ok := n.elem.(interface{ changedProps() []PropSpec }); ok {
		note(s.changedProps())
	}
	note(n.changedPadProps())
	_, knows := n.elem.(padConfigurable)
	var props []PropSpec
	for _, prop := range given {
		if strings.Contains(prop.Name, "::") && !(knows && n.hasPad(propPad(prop))) { // only the element knows its value
			props = append(props, PropSpec{Name: prop.Name, Value: prop.Value})
			continue
		}
		props = append(props, changed[prop.Name]...)
		delete(changed, prop.Name)
	}
	for _, name := range order {
		props = append(props, changed[name]...)
	}
	return props
}

// changedProps are the properties that may be set and are not at their defaults,
// by name.
func (s *Settings[P]) changedProps() []PropSpec {
	fresh := Settings[P]{initial: s.initial}
	defaults, now := fresh.Load(), s.Load()
	var changed []PropSpec
	for _, prop := range tableOf[P]().props {
		value := prop.get(now)
		switch {
		case prop.ReadOnly || value == prop.get(defaults):
		case prop.Repeat:
			for i := range prop.field(now).Len() {
				changed = append(changed, PropSpec{Name: prop.Name, Value: fmt.Sprint(prop.field(now).Index(i))})
			}
		default:
			changed = append(changed, PropSpec{Name: prop.Name, Value: numberText(value)})
		}
	}
	return changed
}
