package eiengine

import (
	"errors"
	"sync"
	"sync/atomic"

	"github.com/eiengine/eiengine/frames"
)

// sinkPad is where data enters a node.
type sinkPad struct {
	node     *node
	index    int
	name     string
	template PadTemplate
	peer     atomic.Pointer[srcPad]
	format   *frames.Format // of what arrives; the receiving goroutine's
	answer   atomic.Pointer[answer]
}

// feeder is the node that the pad gets its data from; nil if there is none.
func (s *sinkPad) feeder() *node {
	up := s.peer.Load()
	if up == nil && s.node.outer != nil {
		up = s.node.outer.sinkPads()[0].peer.Load()
	}
	if up == nil {
		return nil
	}
	return up.node
}

// srcPad is where data leaves a node. Its fields belong to the goroutine that
// pushes, but for the atomic ones.
type srcPad struct {
	node     *node
	index    int
	name     string
	template PadTemplate
	peer     atomic.Pointer[sinkPad]
	format   *frames.Format // announced last
	told     *sinkPad       // whom it was announced to

	// shown is the format for those who look on.
	shown atomic.Pointer[frames.Format]

	// Pads that can be taken away while data flows are entered under a lock.
	removable bool
	branch    *Branch
	mu        sync.Mutex
	closed    bool
}

// PadLister gives an element the names of its pads, at any time and to any
// goroutine; embed it in elements that show or choose pads in a property.
type PadLister struct{ node *node }

// PadNames are the names of the pads of one direction, in the order of their
// numbers. It is empty for an element that belongs to no pipeline.
func (l *PadLister) PadNames(d Direction) []string {
	var names []string
	switch {
	case l.node == nil:
	case d == Sink:
		for _, s := range l.node.sinkPads() {
			names = append(names, s.name)
		}
	default:
		for _, p := range l.node.srcPads() {
			names = append(names, p.name)
		}
	}
	return names
}

func (l *PadLister) setNode(n *node) { l.node = n }

type padLister interface{ setNode(n *node) }

// gone reports, with p.mu held, that the branch behind the pad takes no more.
func (p *srcPad) gone() bool { return p.closed || p.branch.group.ending() }

// leave ends what began with locking p.mu. What goes wrong in the branch behind
// the pad, panics included, ends here as the branch's failure: whoever pushes goes
// on, unless it has to stop itself or the branch wants no more.
func (p *srcPad) leave(result *error) {
	if r := recover(); r != nil {
		p.branch.at.fail(p.branch.nodes[0], newPanicked(nil, r))
	}
	p.mu.Unlock()
	switch err := *result; {
	case err == nil || errors.Is(err, ErrEOS):
		return
	case p.node.group.ending():
		*result = ErrFlushing
		return
	case errors.Is(err, ErrNotLinked):
		p.branch.fail(errNotLinked)
	}
	*result = nil
}

// errNotLinked is what becomes of ErrNotLinked when nobody upstream minds.
var errNotLinked = errors.New("internal data stream error: streaming stopped, reason not-linked (-1): link every source pad, or end it in fakesink")

// pushGuarded is push to a pad that can be removed.
func (p *srcPad) pushGuarded(f *frames.Frame) (err error) {
	p.mu.Lock()
	defer p.leave(&err)
	if p.gone() {
		p.node.ctx.Drop(f)
		return ErrFlushing
	}
	peer := p.peer.Load()
	if f.Format != p.format || peer != p.told {
		if err := p.prepare(f, peer); err != nil {
			p.node.ctx.Drop(f)
			return err
		}
	}
	p.node.out.Add(1)
	p.node.pusher().rest(p.node.pipe) // the branch has its own
	defer p.node.pusher().goOn(p.node.pipe)
	return peer.accept(f)
}

// push consumes a frame. All that it does stands here: each call more between two
// elements shows in the cost of a long chain.
func (p *srcPad) push(f *frames.Frame) error {
	if p.removable {
		return p.pushGuarded(f)
	}
	peer := p.peer.Load()
	if peer == nil {
		p.node.ctx.Drop(f)
		return ErrNotLinked
	}
	if f.Format != p.format || peer != p.told {
		if err := p.prepare(f, peer); err != nil {
			p.node.ctx.Drop(f)
			return err
		}
	}
	p.node.out.Add(1)
	return peer.accept(f)
}

// prepare makes sure that the peer knows the frame's format.
func (p *srcPad) prepare(f *frames.Frame, peer *sinkPad) error {
	if peer == p.told && f.Format.Equal(p.format) {
		f.Format = p.format
		return nil
	}
	return p.announceTo(f.Format, peer)
}

// announce tells the peer which format follows.
func (p *srcPad) announce(f *frames.Format) (err error) {
	if p.removable {
		p.mu.Lock()
		defer p.leave(&err)
		if p.gone() {
			return ErrFlushing
		}
	}
	peer := p.peer.Load()
	if peer == nil {
		p.format, p.told = f, nil
		p.shown.Store(f)
		return nil
	}
	return p.announceTo(f, peer)
}

func (p *srcPad) announceTo(f *frames.Format, peer *sinkPad) error {
	p.format, p.told = f, peer
	p.shown.Store(f)
	p.node.pipe.notifyCaps(p.node, p.name, f)
	if err := peer.acceptFormat(f); err != nil {
		p.told = nil
		return err
	}
	return nil
}

// send passes an event to the peer.
func (p *srcPad) send(e Event) (err error) {
	if p.removable {
		p.mu.Lock()
		defer p.leave(&err)
		if p.gone() {
			return ErrFlushing
		}
	}
	peer := p.peer.Load()
	if peer == nil {
		return ErrNotLinked
	}
	return peer.event(e)
}

// accept consumes a frame that arrived.
func (s *sinkPad) accept(f *frames.Frame) error {
	n := s.node
	n.in.Add(1)
	switch n.kind {
	case kindFilter:
		return n.process(s, f)
	case kindSink:
		return n.render(s, f)
	case kindQueue:
		if n.pipe.measuring.Load() != 0 {
			return s.enqueue(n.queue, item{frame: f})
		}
		return n.queue.push(n.group.context(), item{frame: f})
	case kindAsync:
		if f.IsBatch() && !n.batches {
			return n.window.submitBatch(f)
		}
		return n.window.submit(f)
	case kindAggregator:
		if f.IsBatch() && !n.batches {
			return s.enqueueChildren(f)
		}
		return s.enqueue(n.agg.pads[s.index], item{frame: f, arrival: n.agg.arrivals.Add(1)})
	}
	return n.bin.accept(f)
}

// enqueue hands a frame to the goroutine behind a queue. What is waited for there
// is not the time of whoever pushes.
func (s *sinkPad) enqueue(q *ring, it item) error {
	n := s.node
	at := s.peer.Load().node.pusher()
	at.rest(n.pipe)
	err := q.push(n.group.context(), it)
	at.goOn(n.pipe)
	return err
}

// event takes an event in band.
func (s *sinkPad) event(e Event) error {
	n := s.node
	switch n.kind {
	case kindQueue:
		if _, ok := e.(FlushEvent); ok {
			n.queue.flush()
		}
		return n.queue.push(n.group.context(), item{event: e})
	case kindAsync:
		return n.asyncEvent(e)
	case kindAggregator:
		return n.agg.pads[s.index].push(n.group.context(), item{event: e})
	case kindBin:
		return n.bin.event(e)
	}
	return n.event(e)
}

// acceptFormat takes the announcement of a format in band.
func (s *sinkPad) acceptFormat(f *frames.Format) error {
	n := s.node
	if !n.accepts(s, f) {
		n.fail(n.refusal(s, f))
		return ErrNotNegotiated
	}
	s.format = f
	n.pipe.notifyCaps(n, s.name, f)
	switch n.kind {
	case kindQueue:
		return n.queue.push(n.group.context(), item{event: FormatEvent{f}})
	case kindAggregator:
		return n.agg.pads[s.index].push(n.group.context(), item{event: FormatEvent{f}})
	case kindBin:
		return n.bin.acceptFormat(f)
	}
	return n.configure(f)
}
