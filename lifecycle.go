package eiengine

import (
	"errors"
	"fmt"
	"slices"

	"github.com/eiengine/eiengine/frames"
)

// post has f called in the goroutine that calls the element, between two frames.
func (n *node) post(f func()) { n.caller.post(func() { n.served(f) }) }

// served calls f, which calls the element, in the goroutine that calls it.
func (n *node) served(f func()) {
	if b := n.group.branch; b != nil && n.caller.group != n.group {
		// The element runs in the goroutine of the tee, until the branch is
		// removed: then in that of whoever removes it.
		var ignored error
		b.pad.mu.Lock()
		defer b.pad.leave(&ignored)
		if b.pad.closed {
			return
		}
	}
	caller := n.enter()
	f()
	n.exit(caller)
}

// isIn reports whether one of those goroutines calls the element.
func (n *node) isIn(hung []*chain) bool {
	return slices.Contains(hung, n.chain) || slices.Contains(hung, n.caller)
}

// returned reports whether no goroutine is in the element any more.
func (n *node) returned() bool {
	for _, ch := range []*chain{n.chain, n.caller} {
		if ch == nil || ch.done == nil {
			continue
		}
		select {
		case <-ch.done:
		default:
			return false
		}
	}
	return true
}

// open acquires what the element needs.
func (n *node) open() error {
	o, ok := n.elem.(Opener)
	if !ok || n.opened {
		return nil
	}
	err := n.alone(func() error { return n.standing(o.Open) })
	n.opened = err == nil
	return err
}

// alone calls f, which calls the element, while nobody else does: not the goroutine
// of the chain, nor somebody who serves its mail.
func (n *node) alone(f func() error) (err error) {
	if n.caller.group != n.group { // the pad of the branch sees to it
		return guard(f)
	}
	if !n.caller.alone(func() { err = guard(f) }) {
		n.abandoned = true
		return fmt.Errorf("somebody has been in the element for more than %v; it is left behind", stopLimit)
	}
	return err
}

// standing calls a method of the element that is not about data.
func (n *node) standing(f func(c *Ctx) error) error {
	n.ctx.standing = true
	defer func() { n.ctx.standing = false }()
	return f(n.ctx)
}

// close gives it back. What goes wrong is told as a warning.
func (n *node) close() {
	if !n.opened || n.abandoned {
		return
	}
	n.opened = false
	if err := n.alone(func() error { return n.standing(n.elem.(Opener).Close) }); err != nil {
		n.pipe.warn(n.name, err)
	}
}

// start readies the element and what the runtime keeps for it.
func (n *node) start() error {
	return n.alone(func() error {
		n.reset()
		s, ok := n.elem.(Starter)
		if !ok {
			return nil
		}
		err := n.standing(s.Start)
		n.started = err == nil
		return err
	})
}

func (n *node) reset() {
	for _, c := range []interface{ Store(uint64) }{&n.in, &n.out, &n.dropped, &n.failed} {
		c.Store(0)
	}
	for _, s := range n.sinkPads() {
		s.format = nil
	}
	for _, p := range n.srcPads() {
		p.format, p.told = nil, nil
	}
	n.pipe.mu.Lock()
	n.passed, n.sink = false, sinkState{pace: newPace()}
	n.pipe.mu.Unlock()
	n.shown.reset()
	n.place.reset()
	n.meter.Store(nil)
	n.outgoing.Store(nil)
	n.pipe.possible.change() // a device that was opened may allow less than its properties
	n.ctx.read, n.ctx.reading, n.ctx.gather = nil, false, nil
	n.segment.Store(nil)
	n.earliest, n.skips = frames.NoTime, false
	n.limit = -1
	if n.kind == kindSource {
		l, ok := n.elem.(Live)
		n.live = ok && l.IsLive()
		if s, ok := n.elem.(SourceSettings); ok {
			n.limit = int64(s.SourceSettings().NumBuffers)
		}
		n.chain.end = false
	}
	switch n.kind {
	case kindQueue:
		n.queue.open()
	case kindAsync:
		n.window.reopen()
	case kindAggregator:
		n.agg.open()
	case kindBin:
		n.bin.reset()
	}
}

// shut ends the waiting at the element's boundary and drops what it holds.
func (n *node) shut() {
	switch n.kind {
	case kindQueue:
		n.queue.close()
	case kindAsync:
		n.window.close()
	case kindAggregator:
		for _, q := range n.agg.pads {
			q.close()
		}
	}
}

// stop is called once no goroutine of the pipeline is in the element any more.
func (n *node) stop() {
	if err := n.alone(n.halt); err != nil {
		n.pipe.warn(n.name, err)
	}
}

func (n *node) halt() error {
	if n.wait.stop != nil {
		n.wait.stop()
		n.wait = clockWait{}
	}
	switch n.kind {
	case kindAggregator:
		n.agg.close()
	case kindBin:
		n.bin.reset()
	case kindSink:
		if f := n.sink.held.frame; f != nil {
			n.ctx.Drop(f)
		}
		n.sink.held = item{}
	}
	var flushed error
	if f, ok := n.elem.(Flusher); ok {
		flushed = guard(func() error { f.Flush(n.ctx); return nil })
	}
	if !n.started {
		return flushed
	}
	n.started = false
	return errors.Join(flushed, n.standing(n.elem.(Starter).Stop))
}
