package eiengine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"

	"github.com/eiengine/eiengine/frames"
)

type nodeKind uint8

const (
	kindSource nodeKind = iota
	kindFilter
	kindSink
	kindAsync
	kindAggregator
	kindQueue
	kindBin
	kindBundle
)

// node is an element in a pipeline: its pads, its counters and what the runtime
// has to know to call it.
type node struct {
	pipe    *Pipeline
	name    string
	factory *Factory
	elem    Element
	kind    nodeKind
	ctx     *Ctx
	group   *group
	account *frames.Account
	chain   *chain // the goroutine that pushes what it gives
	caller  *chain // the goroutine that calls it: another one for Async elements

	filter Filter // kindFilter and kindSink

	sinks atomic.Pointer[[]*sinkPad]
	srcs  atomic.Pointer[[]*srcPad]

	queue  *ring       // kindQueue
	window *window     // kindAsync
	agg    *aggregator // kindAggregator
	bin    *expansion  // kindBin
	lanes  []*node     // kindBundle: its queues
	bundle *node       // of one of those queues
	sink   sinkState   // kindSink
	shown  shown       // kindSink
	wait   clockWait

	// outgoing is what the element's Limit allowed before it was changed: formats
	// under way since then still pass, until one of the new ones arrives.
	outgoing atomic.Pointer[frames.Caps]

	live     bool
	padCount int   // of a tee that branches were added to
	limit    int64 // of frames, for sources; -1 is none

	opened, started bool
	abandoned       bool // a goroutine is still in it
	late            bool // LateFormat

	in, out, dropped, failed atomic.Uint64
}

// group is the part of a pipeline that starts and ends together: the pipeline
// itself, or a branch that was added while it ran.
type group struct {
	pipe   *Pipeline
	branch *Branch // nil for the pipeline itself
	ctx    context.Context
	cancel context.CancelFunc
}

func (n *node) sinkPads() []*sinkPad { return *n.sinks.Load() }
func (n *node) srcPads() []*srcPad   { return *n.srcs.Load() }

// judge decides what an error returned by an element means. What it returns goes
// on to the caller upstream.
func (n *node) judge(err error) error {
	switch {
	case err == nil:
		return nil
	case isFatal(err):
		n.fail(err)
		return ErrFlushing
	case isFlow(err):
		return err
	case n.group.ctx.Err() != nil:
		return ErrFlushing
	}
	n.failed.Add(1)
	n.pipe.warn(n.name, err)
	return nil
}

// fail ends the branch that the element is in, or the whole pipeline.
func (n *node) fail(err error) {
	if b := n.group.branch; b != nil {
		b.fail(&ElementError{Element: n.name, Err: err})
		return
	}
	n.pipe.fail(n.name, err)
}

// guard calls f and turns a panic or a memory fault in it into an error.
func guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = panicError(r, debug.Stack())
		}
	}()
	return f()
}

func panicError(r any, stack []byte) error {
	var fault interface{ Addr() uintptr }
	if e, ok := r.(error); ok && errors.As(e, &fault) {
		return &panicked{fmt.Errorf("memory fault at %#x: what was mapped there is gone", fault.Addr()), stack}
	}
	return &panicked{fmt.Errorf("panic: %v", r), stack}
}

// panicked is an error made of a panic; the stack is its detail.
type panicked struct {
	err   error
	stack []byte
}

func (p *panicked) Error() string { return p.err.Error() }
func (p *panicked) Unwrap() error { return p.err }

// process hands a frame to the element.
func (n *node) process(pad *sinkPad, f *frames.Frame) error {
	n.ctx.inPad = pad.index
	caller := n.chain.current
	n.chain.current = n // stays if Process panics
	err := n.filter.Process(n.ctx, f)
	n.chain.current = caller
	if err != nil {
		return n.judge(err)
	}
	return nil
}

// event deals with an event that arrived at the element, in its goroutine.
func (n *node) event(e Event) error {
	if h, ok := n.elem.(EventHandler); ok {
		handled, err := h.HandleEvent(n.ctx, e)
		if err = n.judge(err); err != nil || handled {
			return err
		}
	}
	switch e.(type) {
	case EOSEvent:
		if n.kind == kindSink {
			return n.sinkEnded()
		}
		if err := n.drain(); err != nil {
			return err
		}
	case GapEvent:
		if n.kind == kindSink {
			return n.renderGap(e.(GapEvent))
		}
	case FlushEvent:
		if f, ok := n.elem.(Flusher); ok {
			f.Flush(n.ctx)
		}
	}
	return n.forward(e)
}

// drain has the element push what it still holds.
func (n *node) drain() error {
	d, ok := n.elem.(Drainer)
	if !ok {
		return nil
	}
	err := n.judge(d.Drain(n.ctx))
	if errors.Is(err, ErrEOS) || errors.Is(err, ErrNotLinked) {
		return nil
	}
	return err
}

// forward passes an event on by every source pad.
func (n *node) forward(e Event) error {
	var result error
	for _, p := range n.srcPads() {
		if err := p.send(e); err != nil && result == nil {
			result = err
		}
	}
	return result
}

// sendUpstream hands an event to the elements that feed this one, each in the
// goroutine that calls it.
func (n *node) sendUpstream(e Event) {
	for _, s := range n.sinkPads() {
		up := s.peer.Load()
		if up == nil {
			continue
		}
		from := up.node
		from.post(func() { from.eventUpstream(e) })
	}
}

func (n *node) eventUpstream(e Event) {
	if h, ok := n.elem.(EventHandler); ok {
		handled, err := h.HandleEvent(n.ctx, e)
		if n.judge(err) != nil || handled {
			return
		}
	}
	if n.kind == kindSource {
		if _, ok := e.(ReconfigureEvent); ok {
			if err := n.negotiateSource(); err != nil {
				n.fail(err)
			}
		}
		return
	}
	n.sendUpstream(e)
}

// changed tells the element of a property that was set.
func (n *node) changed(name string) {
	w, ok := n.elem.(PropertyWatcher)
	if !ok {
		return
	}
	if err := guard(func() error { return w.PropertyChanged(n.ctx, name) }); err != nil {
		n.judge(err)
	}
}
