package eiengine

import (
	"fmt"
	"time"

	"github.com/eiengine/eiengine/frames"
)

// rest is what a seek asks of a chain: to drop what it is at, and to do nothing but
// serve its mail until it may go on.
type rest struct{ still, over chan struct{} }

// wantedRest is what a seek asks for; nil if nothing.
func (ch *chain) wantedRest() *rest {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	r := ch.rest
	ch.rest = nil
	return r
}

func (ch *chain) restUntil(r *rest) error {
	close(r.still)
	for {
		ch.serve()
		select {
		case <-ch.mailed:
		case <-r.over:
			return nil
		case <-ch.group.whole().Done():
			return ErrFlushing
		}
	}
}

// flushing is one flush of a pipeline: its chains rest while it is under way.
type flushing struct {
	pipe   *Pipeline
	chains []*chain
	rests  []*rest
	groups []*group
	over   chan struct{}
}

// seekFlushing carries a plan out while nothing flows.
func (p *Pipeline) seekFlushing(plan *seekPlan) error {
	p.seeking.Lock()
	defer p.seeking.Unlock()
	f := p.beginFlush()
	defer close(f.over)
	if err := f.settle(); err != nil {
		return err
	}
	for _, n := range plan.nodes {
		n.post(n.rewind)
	}
	if err := f.served(); err != nil {
		return err
	}
	p.rewind(plan)
	for _, o := range plan.origins {
		o.node.post(func() {
			if err := o.begin(); err != nil && !isFlow(err) {
				o.node.fail(err)
			}
		})
	}
	return f.served()
}

// beginFlush voids what is under way everywhere. Branches that are being removed
// are cut: their last frames cannot arrive among the new ones.
func (p *Pipeline) beginFlush() *flushing {
	f := &flushing{pipe: p, groups: []*group{p.main}, over: make(chan struct{})}
	p.mu.Lock()
	f.chains = append(f.chains, p.chains...)
	for b := range p.branches {
		if b.isRemoved() {
			b.group.cancel()
			continue
		}
		f.chains = append(f.chains, b.chains...)
		f.groups = append(f.groups, b.group)
	}
	p.mu.Unlock()
	for _, ch := range f.chains {
		r := &rest{still: make(chan struct{}), over: f.over}
		f.rests = append(f.rests, r)
		ch.mu.Lock()
		ch.rest = r
		ch.mu.Unlock()
	}
	for _, g := range f.groups {
		g.flow.Load().cancel()
	}
	return f
}

// settle returns when every chain rests, and lets data flow again.
func (f *flushing) settle() error {
	for i, ch := range f.chains {
		if err := f.await(ch, f.rests[i].still); err != nil {
			return err
		}
	}
	for _, g := range f.groups {
		g.flowAgain()
	}
	return nil
}

// served returns when every chain has dealt with its mail.
func (f *flushing) served() error {
	for _, ch := range f.chains {
		dealt := make(chan struct{})
		ch.post(func() { close(dealt) })
		if err := f.await(ch, dealt); err != nil {
			return err
		}
	}
	return nil
}

// await waits for a chain, unless it has ended. One whose element does not return
// fails the pipeline, which would stand still for ever.
func (f *flushing) await(ch *chain, done <-chan struct{}) error {
	limit := time.NewTimer(stopLimit)
	defer limit.Stop()
	select {
	case <-done:
	case <-ch.done:
	case <-limit.C:
		err := fmt.Errorf("did not return within %v after a seek made void what it was at", stopLimit)
		ch.head.fail(err)
		return &ElementError{Element: ch.head.name, Err: err}
	}
	return nil
}

// rewind forgets that the stream has ended, and begins running time anew.
func (p *Pipeline) rewind(plan *seekPlan) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.eos, p.eosSent, p.eosTold, p.stood = false, false, false, 0
	p.position.Store(int64(plan.to.Position))
	for b := range p.branches {
		select {
		case <-b.ended:
			b.ended = make(chan struct{})
		default:
		}
	}
}

// rewind drops what the element and its boundary hold. It runs in the goroutine
// that calls the element.
func (n *node) rewind() {
	n.pipe.mu.Lock()
	n.passed = false
	n.sink.prerolled, n.sink.ended = false, false
	n.pipe.mu.Unlock()
	n.segment.Store(nil)
	n.earliest, n.skips = frames.NoTime, false
	if n.chain.head == n {
		n.chain.post(func() { n.chain.ended, n.chain.end = false, false })
	}
	switch n.kind {
	case kindQueue:
		n.queue.rewind()
	case kindAsync:
		n.window.rewind()
	case kindAggregator:
		_, own := n.elem.(Seeker)
		n.agg.rewind(!own)
	case kindSink:
		n.sink.rewind(n)
	}
	if _, ok := n.elem.(Seeker); !ok {
		n.flush() // others know in Seek what is void
	}
}

func (s *sinkState) rewind(n *node) {
	if s.held.frame != nil {
		n.ctx.Drop(s.held.frame)
	}
	s.held, s.drained = item{}, false
	s.lastPTS, s.lastEnd, s.free = frames.NoTime, 0, 0
	s.pace = newPace()
	n.place.reset()
}

// rewind drops what is queued, but for what is true of the frames to come too.
func (q *ring) rewind() {
	q.mu.Lock()
	for range q.count {
		switch it := q.takeHead(); it.event.(type) {
		case FormatEvent, TagEvent, TOCEvent:
			q.append(it)
		default:
			q.drop(it)
		}
	}
	q.level.Ended, q.refused = false, false
	q.mu.Unlock()
	signal(q.notFull)
}

// rewind drops what waits at the pads, if the seek concerns it.
func (a *aggregator) rewind(pads bool) {
	a.eos, a.quit, a.since = false, false, frames.NoTime
	if !pads {
		return
	}
	for i, q := range a.pads {
		q.rewind()
		if f := a.inputs.Take(i); f != nil {
			a.node.ctx.Drop(f)
		}
	}
	clear(a.inputs.ended)
}

// askSeek is a seek that an element asked for.
func (n *node) askSeek(to SeekEvent) {
	ctx := n.group.whole()
	if err := n.pipe.Seek(ctx, to); err != nil && ctx.Err() == nil {
		n.pipe.warn(n.name, err)
	}
}
