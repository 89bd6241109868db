package frames

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Whoever waits for memory is served in the order of arrival: what comes back is
// kept for the first in the queue until it is enough, so that small requests do
// not starve a large one. But what the first one waits for may never come, since
// a pipeline that is paused holds it, or one that must itself get memory to go
// on. So it has others wait for one turn only; then they take what fits them.
// It has further turns when it has waited for a second, for two, four, eight and
// so on. TryAlloc, which would lose a frame, respects those later turns alone.
const (
	turnLasts    = 250 * time.Millisecond
	starvesAfter = 4 // turns: that is when it is told about
)

// waiter is somebody who waits for memory.
type waiter struct {
	account *Account
	size    int
	turns   int // that it has waited; under Pool.mu
	got     *Memory
	served  chan struct{} // closed when it got it
}

// enqueue puts a request behind the others; p.mu is held.
func (p *Pool) enqueue(a *Account, n int) *waiter {
	w := &waiter{account: a, size: n, served: make(chan struct{})}
	p.waiters = append(p.waiters, w)
	p.ordered = p.ordered || len(p.waiters) == 1
	return w
}

func (w *waiter) wait(ctx context.Context) (*Memory, error) {
	ticker := time.NewTicker(w.account.pool.turn)
	defer ticker.Stop()
	for {
		select {
		case <-w.served:
			return w.got, nil
		case <-ctx.Done():
			return w.giveUp(ctx.Err())
		case <-ticker.C:
			w.turnEnds()
		}
	}
}

// turnEnds is called by a waiter after each turn.
func (w *waiter) turnEnds() {
	p := w.account.pool
	p.mu.Lock()
	w.turns++
	starves := w.turns >= starvesAfter
	if len(p.waiters) > 0 && p.waiters[0] == w {
		p.ordered = starves && w.turns&(w.turns-1) == 0
		p.serve()
	}
	p.mu.Unlock()
	if w.turns == starvesAfter && p.OnStarved != nil {
		p.OnStarved(fmt.Sprintf("%s waits for %d bytes: %s", w.account.name, w.size, p.Report()))
	}
}

// giveUp ends the waiting without memory, unless it has just come.
func (w *waiter) giveUp(err error) (*Memory, error) {
	p := w.account.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.Index(p.waiters, w)
	if i < 0 {
		return w.got, nil
	}
	p.remove(i)
	p.serve()
	return nil, err
}

// remove takes a waiter out of the queue; p.mu is held. A new first one has a turn.
func (p *Pool) remove(i int) {
	p.waiters = slices.Delete(p.waiters, i, i+1)
	if i == 0 {
		p.ordered = len(p.waiters) > 0
	}
}

// serve gives waiters what there is; p.mu is held.
func (p *Pool) serve() {
	for i := 0; i < len(p.waiters); {
		w := p.waiters[i]
		m, err := p.take(w.account, w.size)
		switch {
		case !errors.Is(err, ErrBudget):
			w.got = m // what is refused for ever does not wait
			p.remove(i)
			close(w.served)
		case p.ordered:
			return
		default:
			i++
		}
	}
}
