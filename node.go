package eiengine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine/bus"
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
	account atomic.Pointer[frames.Account]
	chain   *chain // the goroutine that pushes what it gives
	caller  *chain // the goroutine that calls it: another one for Async elements
	at      *where

	filter  Filter // kindFilter and kindSink
	batches bool   // BatchAware

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
	place  shownAt     // kindSink
	wait   clockWait

	// outgoing is what the element's Limit allowed before it was changed, once or
	// several times: formats under way since then still pass, until one arrives
	// that only the new one allows.
	outgoing atomic.Pointer[frames.Caps]

	live     bool
	padCount int   // of a tee that branches were added to
	passed   bool  // the end of the stream was passed on; under Pipeline.mu
	limit    int64 // of frames, for sources; -1 is none

	// segment is what was announced last, nil before a seek.
	segment atomic.Pointer[SegmentEvent]
	// earliest is the running time before which frames come too late anyway.
	earliest time.Duration
	skips    bool  // the runtime drops those, as a LateSkipper wants
	outer    *node // whose place it took: the Expander's

	state           State // that it reached; under Pipeline.mu
	opened, started bool
	abandoned       bool // a goroutine is still in it
	late            bool // LateFormat

	in, out, dropped, failed atomic.Uint64

	meter atomic.Pointer[meter] // nil if nothing was measured
}

// where is the element that is being called: one for all elements that are never
// called at the same time. A panic leaves it as it is.
type where struct {
	node        *node
	measurement uint32        // that the last lap was of
	since       time.Duration // when it was
}

// enter notes that the element is called; exit, that its caller goes on.
func (n *node) enter() (caller *node) {
	if m := n.pipe.measuring.Load(); m != 0 {
		n.at.lap(n.pipe, m)
	}
	caller, n.at.node = n.at.node, n
	return caller
}

func (n *node) exit(caller *node) {
	if m := n.pipe.measuring.Load(); m != 0 {
		n.at.lap(n.pipe, m)
	}
	n.at.node = caller
}

// fail fails the element that was being called, or else the other one.
func (w *where) fail(other *node, err error) {
	if w.node != nil {
		other, w.node = w.node, nil
	}
	other.fail(err)
}

// group is the part of a pipeline that starts and ends together: the pipeline
// itself, or a branch that was added while it ran.
type group struct {
	pipe   *Pipeline
	branch *Branch // nil for the pipeline itself
	life   atomic.Pointer[life]
	flow   atomic.Pointer[life] // the part of it up to the next flush
}

// life is one run of a group, from null to null.
type life struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func newLife(parent context.Context) *life {
	l := new(life)
	l.ctx, l.cancel = context.WithCancel(parent)
	return l
}

// begin starts a new life, whose context ends with the parent.
func (g *group) begin(parent context.Context) {
	l := newLife(parent)
	g.life.Store(l)
	g.flow.Store(newLife(l.ctx))
}

// flowAgain lets data flow after a flush.
func (g *group) flowAgain() { g.flow.Store(newLife(g.whole())) }

// context ends when whoever passes data on must return: the group stops, or what
// is under way has become void.
func (g *group) context() context.Context { return g.flow.Load().ctx }

// whole ends when the group stops.
func (g *group) whole() context.Context { return g.life.Load().ctx }

func (g *group) cancel() { g.life.Load().cancel() }

// ending reports whether the group stops or has stopped.
func (g *group) ending() bool { return g.whole().Err() != nil }

// void reports whether what is under way goes nowhere.
func (g *group) void() bool { return g.context().Err() != nil }

func (n *node) sinkPads() []*sinkPad { return *n.sinks.Load() }
func (n *node) srcPads() []*srcPad   { return *n.srcs.Load() }

// judge decides what an error returned by an element means. What it returns goes
// on to the caller upstream.
func (n *node) judge(err error) error {
	switch {
	case err == nil:
		return nil
	case n.group.void():
		return ErrFlushing // whatever it was, that may be why
	case isFatal(err):
		n.fail(err)
		return ErrFlushing
	case isFlow(err):
		return err
	}
	n.failed.Add(1)
	n.pipe.warn(n.name, err)
	return nil
}

// fail ends the branch that the element is in, or the whole pipeline. A panic
// counts against the element that it arose in. While the group ends nobody is told.
func (n *node) fail(err error) {
	var p *panicked
	if errors.As(err, &p) {
		n.pipe.panicked.Store(true)
		if p.node != nil {
			n = p.node
		}
		if b := n.group.branch; b != nil {
			b.panicked.Store(true)
		}
		if n.group.ending() {
			return
		}
	}
	if b := n.group.branch; b != nil {
		b.fail(&ElementError{Element: n.name, Err: err})
		return
	}
	n.pipe.fail(n.name, err)
}

// guard calls f and turns a panic or a memory fault in it into an error.
func guard(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = newPanicked(nil, r)
		}
	}()
	return f()
}

// blame is for calls that come from any goroutine and pass on no data: deferred,
// it notes whose panic it is and lets it go on. The innermost element has it.
func (n *node) blame() {
	if r := recover(); r != nil {
		panic(newPanicked(n, r))
	}
}

// panicked is an error made of a panic; the stack is its detail.
type panicked struct {
	node  *node // nil if it did not arise in an element
	err   error
	stack []byte
}

func newPanicked(n *node, r any) *panicked {
	if p, ok := r.(*panicked); ok {
		return p
	}
	p := &panicked{node: n, err: fmt.Errorf("panic: %v", r), stack: debug.Stack()}
	var fault interface{ Addr() uintptr }
	if e, ok := r.(error); ok && errors.As(e, &fault) {
		p.err = fmt.Errorf("memory fault at %#x: what was mapped there is gone", fault.Addr())
	}
	return p
}

func (p *panicked) Error() string { return p.err.Error() }
func (p *panicked) Unwrap() error { return p.err }

// process hands a frame to the element.
func (n *node) process(pad *sinkPad, f *frames.Frame) error {
	if n.skips && n.skip(f) {
		return nil
	}
	n.ctx.inPad = pad.index
	if f.IsBatch() && !n.batches {
		return n.processBatch(pad, f)
	}
	if n.pipe.measuring.Load() != 0 {
		return n.judge(n.processMeasured(f))
	}
	at := n.at // enter and exit, written out: this is done for every frame
	caller := at.node
	at.node = n
	err := n.filter.Process(n.ctx, f)
	at.node = caller
	if err != nil {
		return n.judge(err)
	}
	return nil
}

func (n *node) processMeasured(f *frames.Frame) error {
	begin := n.frameBegins()
	caller := n.enter()
	err := n.filter.Process(n.ctx, f)
	n.exit(caller)
	n.frameEnds(begin)
	return err
}

// event deals with an event that arrived at the element, in its goroutine.
func (n *node) event(e Event) error {
	if handled, err := n.handle(e); err != nil || handled {
		return err
	}
	switch e := e.(type) {
	case EOSEvent:
		if n.kind == kindSink {
			return n.sinkEnded()
		}
		if err := n.drain(); err != nil {
			return err
		}
	case GapEvent:
		if n.kind == kindSink {
			return n.renderGap(e)
		}
	case TagEvent:
		if n.kind == kindSink {
			n.pipe.post(bus.TypeTag, n.name, &bus.Tags{Tags: e.Tags})
		}
	case TOCEvent:
		if n.kind == kindSink {
			n.pipe.post(bus.TypeTOC, n.name, &bus.TOC{Entries: e.Entries})
		}
	case offsetEvent:
		if e.parser == n {
			return n.judge(n.seekTo(e.to))
		}
	case FlushEvent:
		n.flush()
	}
	return n.forward(e)
}

// handle lets the element see an event.
func (n *node) handle(e Event) (handled bool, err error) {
	if s, ok := e.(SegmentEvent); ok {
		n.segment.Store(&s)
	}
	h, ok := n.elem.(EventHandler)
	if !ok {
		return false, nil
	}
	caller := n.enter()
	handled, err = h.HandleEvent(n.ctx, e)
	n.exit(caller)
	return handled, n.judge(err)
}

func (n *node) flush() {
	if f, ok := n.elem.(Flusher); ok {
		caller := n.enter()
		f.Flush(n.ctx)
		n.exit(caller)
	}
}

// drain has the element push what it still holds.
func (n *node) drain() error {
	d, ok := n.elem.(Drainer)
	if !ok {
		return nil
	}
	caller := n.enter()
	err := n.judge(d.Drain(n.ctx))
	n.exit(caller)
	if errors.Is(err, ErrEOS) || errors.Is(err, ErrNotLinked) {
		return nil
	}
	return err
}

// forward passes an event on by every source pad.
func (n *node) forward(e Event) error {
	if _, eos := e.(EOSEvent); eos {
		n.pipe.mu.Lock()
		n.passed = true // branches that come later are told when they do
		n.pipe.mu.Unlock()
	}
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
		if from := s.feeder(); from != nil {
			from.post(func() { from.eventUpstream(e) })
		}
	}
}

func (n *node) eventUpstream(e Event) {
	if handled, err := n.handle(e); err != nil || handled {
		return
	}
	if q, ok := e.(QoSEvent); ok {
		n.heedPace(q)
	}
	if n.kind == kindSource {
		if _, ok := e.(ReconfigureEvent); ok && n.chain.flows() {
			if err := n.negotiateSource(); err != nil && !isFlow(err) {
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
	n.judge(w.PropertyChanged(n.ctx, name))
}
