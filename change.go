package eiengine

import (
	"context"
	"errors"
	"fmt"

	"github.com/eiengine/eiengine/bus"
)

// Assignment gives a property of an element a value, as text.
type Assignment struct{ Element, Property, Value string }

// Change sets several properties, of one or of several elements, as one step. All
// are checked first: if one is wrong nothing is set, and the error has a line for
// each that is. Then they take effect between the same two frames: no frame meets
// some of the new values and some of the old ones.
//
// That holds for elements that one goroutine calls, from a source or a queue to the
// next queue; a frame is what that source or queue gives. Of elements on both sides
// of a queue each side changes between two of its own frames, and frames that wait
// in the queue then have passed the first side with the old values and meet the new
// ones behind it.
//
// Change returns when all have taken effect, which may take until the frame under
// way is done, or when ctx ends: then what is left takes effect as soon as it can.
// It must not be called by an element, nor by a function that one calls.
func (p *Pipeline) Change(ctx context.Context, all ...Assignment) error {
	parts, err := p.sortOut(all)
	if err != nil {
		return err
	}
	done := make(chan struct{}, len(parts))
	for ch, part := range parts {
		ch.post(func() {
			defer func() { done <- struct{}{} }()
			part.apply()
		})
	}
	for range parts {
		select {
		case <-done:
		case <-ctx.Done():
			return fmt.Errorf("%s changes as soon as the frames under way are done: %w", p.name, ctx.Err())
		}
	}
	p.latencyChanged()
	for _, a := range all {
		p.notifySet(a)
	}
	return nil
}

// change is what is set in one element.
type change struct {
	node   *node
	props  configurable
	values []Assignment
}

// changes are those in elements that one goroutine calls.
type changes []*change

// sortOut checks all assignments and sorts them by those goroutines.
func (p *Pipeline) sortOut(all []Assignment) (map[*chain]changes, error) {
	var wrong []error
	parts := map[*chain]changes{}
	of := map[*node]*change{}
	for _, a := range all {
		n, c, err := p.settable(a)
		if err == nil {
			err = named(c.checkProperty(a.Property, a.Value), n.factory.Name, 0)
		}
		switch {
		case err != nil:
			wrong = append(wrong, fmt.Errorf("%s: %w", a.Element, err))
			continue
		case of[n] == nil:
			of[n] = &change{node: n, props: c}
			parts[n.caller] = append(parts[n.caller], of[n])
		}
		of[n].values = append(of[n].values, a)
	}
	return parts, errors.Join(wrong...)
}

// settable finds the element and the property, if it may be set now.
func (p *Pipeline) settable(a Assignment) (*node, configurable, error) {
	n, c, err := p.configurable(a.Element)
	if err != nil {
		return nil, nil, err
	}
	prop, err := c.findProperty(a.Property)
	if err != nil {
		return nil, nil, named(err, n.factory.Name, 0)
	}
	if state, _ := p.State(); !prop.Live && state >= Paused {
		return nil, nil, fmt.Errorf("property %q of %s cannot be set while the pipeline is %s: stop it first", a.Property, a.Element, state)
	}
	return n, c, nil
}

// apply is called in the goroutine that calls the elements: first all values count,
// then the elements are told, then those upstream where other formats may pass now.
func (all changes) apply() {
	for _, c := range all {
		if err := c.node.set(func() error { return c.props.setProperties(c.values) }); err != nil {
			c.node.pipe.warn(c.node.name, err)
		}
	}
	for _, c := range all {
		c.node.served(func() {
			for _, a := range c.values {
				c.node.changed(a.Property)
			}
		})
	}
	for _, c := range all {
		c.node.reconfigure()
	}
}

// set calls f, which sets properties. If they limit formats while some are under
// way, those still pass.
func (n *node) set(f func() error) error {
	p := n.pipe
	p.setting.RLock()
	defer p.setting.RUnlock()
	if _, limits := n.elem.(Limiter); limits && p.flows {
		before := n.ownLimit()
		if earlier := n.outgoing.Load(); earlier != nil {
			before = before.Union(*earlier)
		}
		n.outgoing.Store(&before)
	}
	return f()
}

// setFlows notes whether formats may be under way from now on.
func (p *Pipeline) setFlows(flows bool) {
	p.setting.Lock()
	defer p.setting.Unlock()
	p.flows = flows
}

// reconfigure asks upstream for another format, if properties allow others now.
func (n *node) reconfigure() {
	n.pipe.setting.RLock()
	flows := n.pipe.flows
	n.pipe.setting.RUnlock()
	if _, limits := n.elem.(Limiter); limits && flows {
		n.sendUpstream(ReconfigureEvent{})
	}
}

// notifySet tells the bus of a property that was set.
func (p *Pipeline) notifySet(a Assignment) {
	n := p.find(a.Element)
	if n == nil {
		return // it was removed meanwhile
	}
	p.post(bus.TypePropertyNotify, p.name, &bus.PropertyNotify{Element: n.name, Kind: n.factory.Name, Property: a.Property, Value: a.Value})
}
