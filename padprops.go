package eiengine

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// PadSetter is an element whose pads have properties, such as a compositor whose
// inputs have places.
type PadSetter interface {
	// SetPadProperty sets a property of a pad, "sink_1::xpos=320" in launch text.
	// It is called when the pad exists, before data flows through it, from any
	// goroutine; a requested pad exists once it is linked. Errors are those of
	// properties: *UnknownPropertyError and *ValueError get the element's name.
	SetPadProperty(pad, name, value string) error
}

// setPadProperty sets a property of a pad, now or when the pad is made.
func (b *builder) setPadProperty(n *node, prop PropSpec) {
	if _, ok := n.elem.(PadSetter); !ok {
		b.problem(&UnknownPropertyError{Element: n.factory.Name, Property: prop.Name, Column: prop.Column})
		return
	}
	if b.padProps == nil {
		b.padProps = map[string][]PropSpec{}
	}
	b.padProps[n.name] = append(b.padProps[n.name], prop)
	if n.hasPad(propPad(prop)) {
		b.applyPadProp(n, prop)
	}
}

// propPad is the pad whose property this is.
func propPad(prop PropSpec) string {
	pad, _, _ := strings.Cut(prop.Name, "::")
	return pad
}

func (n *node) hasPad(name string) bool {
	return slices.ContainsFunc(n.sinkPads(), func(p *sinkPad) bool { return p.name == name }) ||
		slices.ContainsFunc(n.srcPads(), func(p *srcPad) bool { return p.name == name })
}

// applyPadProps sets what the description says about a pad that was made.
func (b *builder) applyPadProps(n *node, pad string) {
	props := b.padProps[n.name]
	if _, ok := n.elem.(PadSetter); ok && !slices.Contains(b.nodes, n) {
		// A branch is linked to an element of the pipeline.
		for _, ns := range n.pipe.spec.Nodes {
			if ns.Name == n.name {
				props = ns.Props
			}
		}
	}
	for _, prop := range props {
		if strings.Contains(prop.Name, "::") && propPad(prop) == pad {
			b.applyPadProp(n, prop)
		}
	}
}

func (b *builder) applyPadProp(n *node, prop PropSpec) {
	pad, name, _ := strings.Cut(prop.Name, "::")
	err := n.elem.(PadSetter).SetPadProperty(pad, name, prop.Value)
	if err == nil {
		return
	}
	var outside *RangeError
	var unknown *UnknownPropertyError
	var value *ValueError
	switch {
	case errors.As(err, &unknown), errors.As(err, &value):
		err = named(err, n.factory.Name, prop.Column)
	default:
		err = &ValueError{Element: n.factory.Name, Property: prop.Name, Value: prop.Value, Err: err, Column: prop.Column}
	}
	if errors.As(err, &outside) {
		b.warnings = append(b.warnings, fmt.Errorf("%w; the default is used", err))
		return
	}
	b.problem(err)
}

// checkPadProps warns of properties of pads that nothing was linked to.
func (b *builder) checkPadProps() {
	for _, n := range b.nodes {
		for _, prop := range b.padProps[n.name] {
			if !n.hasPad(propPad(prop)) {
				b.warnings = append(b.warnings, fmt.Errorf("%s%s has no pad %q yet: %s=%s has no effect until something is linked to that pad",
					at(prop.Column), n.name, propPad(prop), prop.Name, prop.Value))
			}
		}
	}
}
