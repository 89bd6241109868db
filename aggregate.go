package eiengine

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine/frames"
)

// aggregator is what the runtime keeps for an Aggregator: a bounded queue per pad.
type aggregator struct {
	node   *node
	policy AggregatePolicy
	pads   []*ring
	inputs Inputs
	passes bool          // PassThrough
	since  time.Duration // when the first waiting frame was seen, NoTime if none
	wake   chan struct{}
	eos    bool
	quit   bool // an EOS was asked for: no repeating

	arrivals atomic.Uint64 // frames that producers brought so far

	fed  atomic.Pointer[latency] // of what feeds it
	gate <-chan struct{}         // while it waits for the pipeline to play
}

// Inputs are the frames that wait at the pads of an aggregator.
type Inputs struct {
	heads    []*frames.Frame
	arrivals []uint64 // of the heads
	ended    []bool
	taken    bool
}

// Pads is the number of sink pads.
func (in *Inputs) Pads() int { return len(in.heads) }

// Peek is the frame that waits at the pad, nil if none. It stays the runtime's.
func (in *Inputs) Peek(pad int) *frames.Frame { return in.heads[pad] }

// Take is Peek, the caller becoming the owner.
func (in *Inputs) Take(pad int) *frames.Frame {
	f := in.heads[pad]
	in.heads[pad] = nil
	in.taken = in.taken || f != nil
	return f
}

// Oldest is the pad whose waiting frame was brought first, -1 if none waits.
func (in *Inputs) Oldest() int {
	oldest := -1
	for pad, f := range in.heads {
		if f != nil && (oldest < 0 || in.arrivals[pad] < in.arrivals[oldest]) {
			oldest = pad
		}
	}
	return oldest
}

// Ended reports whether the pad's stream has ended and nothing of it waits.
func (in *Inputs) Ended(pad int) bool { return in.ended[pad] && in.heads[pad] == nil }

func newAggregator(n *node) *aggregator {
	_, passes := n.elem.(PassThrough)
	return &aggregator{node: n, passes: passes, wake: make(chan struct{}, 1), since: frames.NoTime}
}

// addPad makes the queue of a new sink pad. Pads are added before data flows.
func (a *aggregator) addPad() {
	q := newRing(a.node, func() QueueLimits { return QueueLimits{Buffers: max(a.policy.Depth, 1)} }, func() { a.node.dropped.Add(1) })
	q.notEmpty = a.wake // one goroutine reads all pads
	a.pads = append(a.pads, q)
	a.inputs.heads = append(a.inputs.heads, nil)
	a.inputs.arrivals = append(a.inputs.arrivals, 0)
	a.inputs.ended = append(a.inputs.ended, false)
}

// step does one thing: take up what arrived, then aggregate if it is time. It
// returns wait true if there is nothing to do before something arrives, or, if
// timeout is positive, before that has passed.
func (a *aggregator) step() (wait bool, timeout time.Duration, err error) {
	if err := a.collect(); err != nil {
		return false, 0, err
	}
	a.gate = nil
	n := a.node
	have, missing := a.census()
	if p, ok := n.elem.(Paced); ok {
		return a.stepPaced(p, missing)
	}
	if have == 0 && !a.repeats() {
		if missing > 0 {
			return true, 0, nil
		}
		a.eos = true
		return false, 0, n.event(EOSEvent{})
	}
	if a.since == frames.NoTime {
		a.since = n.ctx.Now()
	}
	if a.policy.All && missing > 0 {
		if a.policy.Deadline <= 0 {
			return true, 0, nil
		}
		if left := a.since + a.policy.Deadline - n.ctx.Now(); left > 0 {
			return true, left, nil
		}
	}
	if err := a.aggregate(); err != nil {
		return false, 0, err
	}
	if !a.inputs.taken && !a.repeats() {
		return true, 0, nil
	}
	a.since = frames.NoTime
	return false, 0, nil
}

// repeats reports whether the element goes on without new frames.
func (a *aggregator) repeats() bool {
	r, ok := a.node.elem.(Repeater)
	return ok && !a.quit && r.Repeats()
}

func (a *aggregator) aggregate() error {
	n := a.node
	a.inputs.taken = false
	begin := n.frameBegins()
	caller := n.enter()
	err := n.elem.(Aggregator).Aggregate(n.ctx, &a.inputs)
	n.exit(caller)
	n.frameEnds(begin)
	return n.judge(err)
}

// census counts the pads with a frame, and those that may still get one.
func (a *aggregator) census() (have, missing int) {
	for i := range a.pads {
		switch {
		case a.inputs.heads[i] != nil:
			have++
		case !a.inputs.ended[i]:
			missing++
		}
	}
	return have, missing
}

// collect fills empty heads from the queues and deals with the events on the way.
func (a *aggregator) collect() error {
	order, ordered := a.node.elem.(Sequential)
	for i, q := range a.pads {
		if ordered && !order.Reads(&a.inputs, i) {
			continue
		}
		for a.inputs.heads[i] == nil {
			it, ok := q.poll()
			if !ok {
				break
			}
			if it.frame != nil {
				a.inputs.heads[i], a.inputs.arrivals[i] = it.frame, it.arrival
				break
			}
			if err := a.padEvent(i, it.event); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *aggregator) padEvent(pad int, e Event) error {
	n := a.node
	n.ctx.inPad = pad
	switch e := e.(type) {
	case EOSEvent:
		a.inputs.ended[pad] = true
		return nil
	case FormatEvent:
		if a.passes {
			return n.tell(e.Format, nil)
		}
		return n.configure(e.Format)
	}
	return n.event(e)
}

// poll is pop without waiting; it arms the wake-up.
func (q *ring) poll() (it item, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.count == 0 {
		q.getWaits = true
		return item{}, false
	}
	return q.takeHead(), true
}

// run is the loop of an aggregator's goroutine.
func (a *aggregator) run(ctx context.Context, ch *chain) error {
	for !a.eos {
		ch.serve()
		if ctx.Err() != nil {
			return ErrFlushing
		}
		wait, timeout, err := a.step()
		if err != nil {
			return err
		}
		if !wait {
			continue
		}
		if !a.wait(ctx, ch, timeout) {
			return ErrFlushing
		}
	}
	return nil
}

// wait returns when there may be something to do; false when ctx ended.
func (a *aggregator) wait(ctx context.Context, ch *chain, timeout time.Duration) bool {
	var expired <-chan time.Time
	if timeout > 0 {
		timer := timers.Get().(*time.Timer)
		timer.Reset(timeout)
		defer func() {
			timer.Stop()
			timers.Put(timer)
		}()
		expired = timer.C
	}
	select {
	case <-a.wake:
	case <-a.gate:
	case <-ch.mailed:
	case <-expired:
	case <-ctx.Done():
		return false
	}
	return true
}

func (a *aggregator) open() {
	a.policy = a.node.elem.(Aggregator).Policy()
	for _, q := range a.pads {
		q.open()
	}
	a.eos, a.quit, a.since = false, false, frames.NoTime
	clear(a.inputs.ended)
}

func (a *aggregator) close() {
	for i, q := range a.pads {
		q.close()
		if f := a.inputs.Take(i); f != nil {
			a.node.ctx.Drop(f)
		}
	}
}
