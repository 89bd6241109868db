package eiengine

import (
	"strings"
	"time"
)

// ElementStats counts what went through an element since the pipeline was started.
// After a stop they stay readable until it is started again.
type ElementStats struct {
	Name    string
	Element string // the kind
	In, Out uint64 // frames
	Dropped uint64
	Failed  uint64 // frames that the element could not process
	// Copies is how often shared memory had to be copied to be written.
	Copies int64
	// Queue is how full it is and was, for queues.
	Queue QueueStats
	// Counts are the element's own, if it is a [Counter].
	Counts []Count

	// Thread names the element at whose head the goroutine stands that calls this
	// one: a source, a queue, an aggregator, or an Async element, which itself is
	// called by the goroutine before it. It is empty for queues.
	Thread string
	// Next names the elements that it feeds.
	Next []string

	// What follows is zero unless [Pipeline.Measure] was called.

	// Time was spent in the element itself: not in what it pushes to, nor waiting
	// for the clock, for room in a queue, or for a window of an Async element. What
	// it waits for on its own account, such as a device, or memory, is in it.
	Time time.Duration
	// PerFrame is the time of a frame in the element itself; for an Async element
	// that from being handed a frame to having the answer, however many are in
	// flight; for a source that of one Read.
	PerFrame Durations
	// Late is by how much a sink with sync missed the time at which frames were due.
	Late Durations
}

// QueueStats say how full a queue is and was.
type QueueStats struct {
	QueueLevel
	// Peak is the most frames that it held, Mean how many there were when another
	// went in.
	Peak int
	Mean float64
	// Full is how many frames found it full: they waited or leaked.
	Full uint64
	// Blocked is how long its producers waited for room, Starving how long its
	// reader waited for frames; both are measured.
	Blocked, Starving time.Duration
}

// Stats reads the counters of every element. It may be called at any time and
// holds nothing up.
func (p *Pipeline) Stats() []ElementStats {
	var all []ElementStats
	nodes := p.snapshot()
	for _, n := range nodes {
		if n.bundle != nil {
			continue
		}
		s := n.stats()
		if n.kind == kindBin {
			s.Next = n.entrance(nodes, s.Next)
		}
		for _, lane := range n.lanes {
			s.add(lane)
		}
		all = append(all, s)
	}
	return all
}

func (n *node) stats() ElementStats {
	s := ElementStats{
		Name: n.name, Element: n.factory.Name, In: n.in.Load(), Out: n.out.Load(),
		Dropped: n.dropped.Load(), Failed: n.failed.Load(), Copies: n.account.Load().Copies(),
	}
	if n.queue != nil {
		s.Queue = n.queue.stats()
	}
	if n.kind != kindQueue && n.kind != kindBundle && n.caller != nil && n.caller.head != nil {
		s.Thread = n.caller.head.name
	}
	if c, ok := n.elem.(Counter); ok {
		s.Counts = c.Counts()
	}
	s.Next = n.feeds()
	m := n.meter.Load()
	if m == nil {
		return s
	}
	s.Time, s.PerFrame, s.Late = time.Duration(m.busy.Load()), m.frames.read(), m.late.read()
	s.Queue.Blocked, s.Queue.Starving = time.Duration(m.blocked.Load()), time.Duration(m.starving.Load())
	return s
}

// feeds names the elements behind the source pads.
func (n *node) feeds() []string {
	var names []string
	for _, p := range n.srcPads() {
		if peer := p.peer.Load(); peer != nil {
			next := peer.node
			if next.bundle != nil {
				next = next.bundle
			}
			names = append(names, next.name)
		}
	}
	return names
}

// entrance is the first of the elements that a decodebin has become, or what
// stands behind it as long as it has not.
func (n *node) entrance(nodes []*node, behind []string) []string {
	for _, m := range nodes {
		if strings.HasPrefix(m.name, n.name+"/") {
			return []string{m.name}
		}
	}
	return behind
}

// add counts one of its queues to what a bundle did.
func (s *ElementStats) add(lane *node) {
	one := lane.stats()
	s.In += one.In
	s.Out += one.Out
	s.Dropped += one.Dropped
	s.Next = append(s.Next, one.Next...)
	q := &s.Queue
	q.Buffers += one.Queue.Buffers
	q.Bytes += one.Queue.Bytes
	q.Time = max(q.Time, one.Queue.Time)
	q.Peak += one.Queue.Peak
	q.Mean += one.Queue.Mean
	q.Full += one.Queue.Full
	q.Blocked += one.Queue.Blocked
	q.Starving += one.Queue.Starving
}
