package eiengine

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
)

// Ticket is the place of one frame in the order of an Async element's answers.
// Exactly one of its methods must be called, once; any goroutine may. After the
// pipeline stopped they only release what they are given.
type Ticket struct {
	w     *window
	seq   uint64
	child int // of a batch
}

// Done gives the answer: the frame to push, consumed, nil for none, and what to
// publish before it is pushed. Answers leave in the order of their tickets.
func (t Ticket) Done(out *frames.Frame, msgs ...bus.Payload) { t.w.complete(t, out, nil, msgs) }

// Fail says that there is no answer, because of err, which is counted and told
// as a warning (or fails the pipeline, if it is Fatal). out, consumed, is pushed
// as it is; nil if it was lost. msgs are published before that.
func (t Ticket) Fail(out *frames.Frame, err error, msgs ...bus.Payload) {
	t.w.complete(t, out, err, msgs)
}

// slot is one place in the window: a ticket, or an event on its way.
type slot struct {
	done  bool
	light bool          // no ticket, or answered with nothing: it does not count for the size
	began time.Duration // when the element got the frame; NoTime if that is not measured
	frame *frames.Frame
	err   error
	msgs  []bus.Payload
	event Event
	batch *answers // of a batch whose frames have tickets of their own
}

// window keeps the answers of an Async element in order. Slots first..next are
// in use; slot seq lies at seq % len(slots).
type window struct {
	node *node

	mu          sync.Mutex
	slots       []slot
	first, next uint64
	begin       uint64 // tickets before it are of an earlier run
	open        int    // slots that count for the size
	closed      bool
	refused     bool // what is behind it wants no more

	ready   chan struct{} // the first slot may be done
	notFull chan struct{}
}

func newWindow(n *node) *window {
	return &window{
		node: n, slots: make([]slot, 16),
		ready: make(chan struct{}, 1), notFull: make(chan struct{}, 1),
	}
}

// submit opens a ticket for the frame, waiting while the window is full.
func (w *window) submit(f *frames.Frame) error {
	if err := w.await(); err != nil {
		w.node.ctx.Drop(f)
		return err
	}
	seq := w.add(slot{began: w.node.stopwatch()})
	w.open++
	w.mu.Unlock()
	w.handOver(f, Ticket{w: w, seq: seq})
	return nil
}

// await waits for room in the window and returns with w.mu held, or else with an
// error and without.
func (w *window) await() error {
	n := w.node
	ctx := n.group.context()
	elem := n.elem.(Async)
	w.mu.Lock()
	for w.open >= max(elem.Window(), 1) && !w.closed && !w.refused && ctx.Err() == nil {
		w.mu.Unlock()
		n.at.rest(n.pipe)
		select {
		case <-w.notFull:
		case <-ctx.Done():
		}
		n.at.goOn(n.pipe)
		w.mu.Lock()
	}
	var err error
	switch {
	case w.closed || ctx.Err() != nil:
		err = ErrFlushing
	case w.refused:
		err = ErrEOS
	}
	if err != nil {
		w.mu.Unlock()
	}
	return err
}

func (w *window) handOver(f *frames.Frame, t Ticket) {
	caller := w.node.enter()
	w.node.elem.(Async).Submit(w.node.ctx, f, t)
	w.node.exit(caller)
}

// drain opens a ticket for what the element still holds, beyond the window's size.
func (w *window) drain(d AsyncDrainer) error {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return ErrFlushing
	}
	if w.refused {
		w.mu.Unlock()
		return nil
	}
	seq := w.add(slot{began: frames.NoTime})
	w.open++
	w.mu.Unlock()
	caller := w.node.enter()
	d.DrainAsync(w.node.ctx, Ticket{w: w, seq: seq})
	w.node.exit(caller)
	return nil
}

// event puts an event behind the open tickets.
func (w *window) event(e Event) error {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return ErrFlushing
	}
	if !w.refused {
		w.add(slot{done: true, light: true, event: e})
	}
	w.mu.Unlock()
	signal(w.ready)
	return nil
}

func (w *window) add(s slot) uint64 {
	if int(w.next-w.first) == len(w.slots) {
		bigger := make([]slot, 2*len(w.slots))
		for q := w.first; q < w.next; q++ {
			bigger[q%uint64(len(bigger))] = w.slots[q%uint64(len(w.slots))]
		}
		w.slots = bigger
	}
	seq := w.next
	w.slots[seq%uint64(len(w.slots))] = s
	w.next++
	return seq
}

func (w *window) complete(t Ticket, out *frames.Frame, err error, msgs []bus.Payload) {
	seq := t.seq
	w.mu.Lock()
	s := &w.slots[seq%uint64(len(w.slots))]
	if w.closed || seq < w.first || s.done || s.batch.has(t.child) {
		again := !w.closed && !w.refused && seq >= w.begin
		w.mu.Unlock()
		if out != nil {
			w.node.ctx.Drop(out)
		}
		if again {
			w.node.fail(errors.New("a ticket was completed twice"))
		}
		return
	}
	if s.batch != nil {
		w.completeChild(s, t, answered{true, out, err, msgs})
		return
	}
	s.done, s.frame, s.err, s.msgs = true, out, err, msgs
	if s.light = out == nil; s.light {
		w.open--
	}
	if s.began != frames.NoTime {
		w.node.measured().frames.note(w.node.passedSince(s.began))
	}
	head, light := seq == w.first, s.light
	w.mu.Unlock()
	if head {
		signal(w.ready)
	}
	if light {
		signal(w.notFull)
	}
}

// pop takes the oldest slot once it is done.
func (w *window) pop(ctx context.Context, wake <-chan struct{}) (s slot, ok bool) {
	for {
		w.mu.Lock()
		if w.first < w.next {
			head := &w.slots[w.first%uint64(len(w.slots))]
			if head.done {
				s = *head
				*head = slot{}
				w.first++
				if !s.light {
					w.open--
				}
				w.mu.Unlock()
				signal(w.notFull)
				return s, true
			}
		}
		w.mu.Unlock()
		select {
		case <-w.ready:
		case <-wake:
			return slot{}, false
		case <-ctx.Done():
			return slot{}, false
		}
	}
}

// close drops all answers, present and future, until the window is reopened.
func (w *window) close() {
	w.mu.Lock()
	w.closed = true
	w.clear()
	w.mu.Unlock()
}

// rewind drops all answers and what is under way.
func (w *window) rewind() {
	w.mu.Lock()
	w.clear()
	w.refused, w.begin = false, w.next
	w.mu.Unlock()
	signal(w.notFull)
}

// refuse does the same and has producers get ErrEOS.
func (w *window) refuse() {
	w.mu.Lock()
	w.refused = true
	w.clear()
	w.mu.Unlock()
	signal(w.notFull)
}

func (w *window) clear() {
	for q := w.first; q < w.next; q++ {
		s := &w.slots[q%uint64(len(w.slots))]
		if s.frame != nil {
			w.node.ctx.Drop(s.frame)
		}
		s.batch.drop(w.node.ctx)
		*s = slot{}
	}
	w.first, w.open = w.next, 0
}

func (w *window) reopen() {
	w.mu.Lock()
	w.closed, w.refused, w.begin = false, false, w.next
	w.mu.Unlock()
}

// asyncEvent lets the element see an event at its entrance, drain or flush, and
// puts the event behind the open tickets.
func (n *node) asyncEvent(e Event) error {
	if handled, err := n.handle(e); err != nil || handled {
		return err
	}
	switch e.(type) {
	case EOSEvent:
		if d, ok := n.elem.(AsyncDrainer); ok {
			if err := n.window.drain(d); err != nil {
				return err
			}
		}
	case FlushEvent:
		n.flush()
	}
	return n.window.event(e)
}

// deliver pushes one answer, in the goroutine behind the element.
func (n *node) deliver(s slot) error {
	if s.event != nil {
		if f, ok := s.event.(FormatEvent); ok {
			return n.announceAll(f.Format)
		}
		return n.forward(s.event)
	}
	if s.batch != nil {
		return n.deliverBatch(s.batch)
	}
	for _, m := range s.msgs {
		n.ctx.Post(m)
	}
	if s.err != nil {
		if err := n.judge(s.err); err != nil {
			if s.frame != nil {
				n.ctx.Drop(s.frame)
			}
			return err
		}
	}
	if s.frame == nil {
		return nil
	}
	return n.ctx.Push(0, s.frame)
}

func (n *node) announceAll(f *frames.Format) error {
	var result error
	for _, p := range n.srcPads() {
		if err := p.announce(f); err != nil && result == nil {
			result = err
		}
	}
	return result
}
