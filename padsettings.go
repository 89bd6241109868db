package eiengine

import (
	"errors"
	"fmt"
	"strings"
	"sync"
)

// PadSettings holds the properties of the pads of an element, as [Settings] does
// those of the element itself: P is a struct with the same tags. An element that
// embeds it is a [PadSetter], "sink_1::xpos=320" in launch text, and live ones may be
// set while playing: Pipeline.Set(element, "sink_1::xpos", "320"), of which a
// [PropertyWatcher] is told by that name. All pads have the same properties.
type PadSettings[P any] struct {
	// Init, if set, gives a new pad defaults of its own.
	Init func(pad string, p *P)

	mu   sync.Mutex
	pads map[string]*Settings[P]
}

// Pad holds the properties of the pad of that name, the same each time it is asked
// for. Any goroutine may call it.
func (s *PadSettings[P]) Pad(name string) *Settings[P] {
	s.mu.Lock()
	defer s.mu.Unlock()
	pad := s.pads[name]
	if pad == nil {
		if s.pads == nil {
			s.pads = map[string]*Settings[P]{}
		}
		pad = new(Settings[P])
		if s.Init != nil {
			pad.initial = func(p *P) { s.Init(name, p) }
		}
		s.pads[name] = pad
	}
	return pad
}

// SetPadProperty implements PadSetter.
func (s *PadSettings[P]) SetPadProperty(pad, name, value string) error {
	return padError(pad, s.Pad(pad).setProperty(name, value))
}

func (s *PadSettings[P]) padConfigurable(pad string) configurable { return s.Pad(pad) }
func (s *PadSettings[P]) padTable() *propertyTable                { return tableOf[P]() }

// padConfigurable is what PadSettings gives an element.
type padConfigurable interface {
	padConfigurable(pad string) configurable
	padTable() *propertyTable
}

// padError completes an error with the pad.
func padError(pad string, err error) error {
	var unknown *UnknownPropertyError
	var value *ValueError
	switch {
	case errors.As(err, &unknown):
		unknown.Property = pad + "::" + unknown.Property
	case errors.As(err, &value):
		value.Property = pad + "::" + value.Property
	}
	return err
}

// PadProperties describes the properties of the pads of an element, by name.
func (f *Factory) PadProperties() ([]Property, error) {
	pads, ok := f.New().(padConfigurable)
	if !ok {
		return nil, nil
	}
	table := pads.padTable()
	return table.props, table.err
}

// withPads are the properties of an element and, by names such as "sink_1::xpos",
// those of its pads.
type withPads struct {
	configurable
	node *node
	pads padConfigurable
}

// part finds what has the property, and its name there.
func (c withPads) part(name string) (of configurable, pad, rest string, err error) {
	pad, rest, ok := strings.Cut(name, "::")
	switch {
	case !ok:
		return c.configurable, "", name, nil
	case !c.node.hasPad(pad):
		return nil, pad, rest, fmt.Errorf("%s has no pad %q: link something to it first", c.node.name, pad)
	}
	return c.pads.padConfigurable(pad), pad, rest, nil
}

// on calls f with what has the property.
func (c withPads) on(name string, f func(of configurable, name string) error) error {
	of, pad, rest, err := c.part(name)
	if err != nil {
		return err
	}
	if err = f(of, rest); pad != "" {
		return padError(pad, err)
	}
	return err
}

func (c withPads) findProperty(name string) (prop *Property, err error) {
	err = c.on(name, func(of configurable, name string) error {
		prop, err = of.findProperty(name)
		return err
	})
	return prop, err
}

func (c withPads) getProperty(name string) (value string, err error) {
	err = c.on(name, func(of configurable, name string) error {
		value, err = of.getProperty(name)
		return err
	})
	return value, err
}

func (c withPads) setProperty(name, value string) error {
	return c.on(name, func(of configurable, name string) error { return of.setProperty(name, value) })
}

func (c withPads) checkProperty(name, value string) error {
	return c.on(name, func(of configurable, name string) error { return of.checkProperty(name, value) })
}

// setProperties sets what was checked before: those of each pad, and of the
// element, in one step.
func (c withPads) setProperties(checked []Assignment) error {
	var order []string
	parts := map[string][]Assignment{}
	for _, a := range checked {
		_, pad, name, err := c.part(a.Property)
		if err != nil {
			return err
		}
		if parts[pad] == nil {
			order = append(order, pad)
		}
		parts[pad] = append(parts[pad], Assignment{a.Element, name, a.Value})
	}
	for _, pad := range order {
		of := c.configurable
		if pad != "" {
			of = c.pads.padConfigurable(pad)
		}
		if err := of.setProperties(parts[pad]); err != nil {
			return padError(pad, err)
		}
	}
	return nil
}

// changedPadProps are the properties of pads that are not at their defaults.
func (n *node) changedPadProps() []PropSpec {
	pads, ok := n.elem.(padConfigurable)
	if !ok {
		return nil
	}
	var props []PropSpec
	add := func(pad string) {
		if s, ok := pads.padConfigurable(pad).(interface{ changedProps() []PropSpec }); ok {
			for _, p := range s.changedProps() {
				props = append(props, PropSpec{Name: pad + "::" + p.Name, Value: p.Value})
			}
		}
	}
	for _, p := range n.sinkPads() {
		add(p.name)
	}
	return props
}
