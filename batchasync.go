package eiengine

import (
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
)

// answers are those for the children of a batch, each of which has a ticket. They
// have one place in the window together, which is done when the last is there. The
// tickets count for the window's size, answers that wait for the others do not.
type answers struct {
	like *frames.Frame // the batch without its children
	all  []answered
	open int // tickets
}

type answered struct {
	done  bool
	frame *frames.Frame
	err   error
	msgs  []bus.Payload
}

// has reports whether there is an answer for the child, nil being no batch.
func (a *answers) has(child int) bool { return a != nil && a.all[child].done }

// drop lets go of a batch that goes nowhere; nil is none.
func (a *answers) drop(c *Ctx) {
	if a == nil {
		return
	}
	for _, r := range a.all {
		if r.frame != nil {
			c.Drop(r.frame)
		}
	}
	a.like.Release()
}

// submitBatch opens a ticket for each child of a batch, waiting while the window
// is full.
func (w *window) submitBatch(f *frames.Frame) error {
	n := w.node
	children, err := n.takeAlike(f)
	if err != nil || len(children) == 0 {
		f.Release()
		return err
	}
	a := &answers{like: f, all: make([]answered, len(children)), open: len(children)}
	var seq uint64
	for i, child := range children {
		if err := w.await(); err != nil {
			if i == 0 {
				f.Release()
			}
			return n.dropAll(children[i:], err)
		}
		switch {
		case i == 0:
			seq = w.add(slot{light: true, began: n.stopwatch(), batch: a})
		case seq < w.first: // the rest of it is void
			w.mu.Unlock()
			return n.dropAll(children[i:], ErrFlushing)
		}
		w.open++
		w.mu.Unlock()
		w.handOver(child, Ticket{w: w, seq: seq, child: i})
	}
	return nil
}

// completeChild notes an answer; w.mu is held and given up.
func (w *window) completeChild(s *slot, t Ticket, r answered) {
	a := s.batch
	a.all[t.child] = r
	a.open--
	w.open--
	s.done = a.open == 0
	if s.done && s.began != frames.NoTime {
		w.node.measured().frames.note(w.node.passedSince(s.began))
	}
	ready := s.done && t.seq == w.first
	w.mu.Unlock()
	if ready {
		signal(w.ready)
	}
	signal(w.notFull)
}

// deliverBatch pushes the answers for a batch as one.
func (n *node) deliverBatch(a *answers) error {
	g := &gather{like: a.like}
	pad := n.srcPads()[0]
	var err error
	for i := range a.all {
		r := &a.all[i]
		for _, m := range r.msgs {
			n.ctx.Post(m)
		}
		if r.err != nil && err == nil {
			err = n.judge(r.err)
		}
		switch {
		case r.frame == nil:
		case err != nil:
			n.ctx.Drop(r.frame)
		default:
			_ = g.add(pad, r.frame) // its push is judged below
		}
	}
	if err != nil {
		g.drop(n.ctx)
	}
	g.flush()
	a.like.Release()
	if err != nil {
		return err
	}
	return g.outcome()
}
