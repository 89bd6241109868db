package eim

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// limit cuts requests short that take too long or that nobody waits for any more.
// Neither a timer nor a watch of the context is made for each request: a timer that
// rings late enough for one request is looked at again when it does, and a context
// is watched as long as requests come with it.
type limit struct {
	interrupt func() // ends reads and writes

	mu       sync.Mutex
	busy     bool
	cut      error // why the request was cut short
	deadline time.Time
	timeout  time.Duration
	alarm    *time.Timer
	rings    time.Time       // no later than the deadline; zero if it does not ring
	watched  <-chan struct{} // what tells the end of the context that is watched
	unwatch  func() bool
}

func (l *limit) init(interrupt func()) {
	l.interrupt = interrupt
	l.unwatch = func() bool { return false }
	l.alarm = time.AfterFunc(time.Hour, l.ring)
	l.alarm.Stop()
}

// begin sets the limits of a request.
func (l *limit) begin(ctx context.Context, timeout time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy, l.timeout, l.deadline = true, timeout, time.Now().Add(timeout)
	if l.rings.IsZero() || l.deadline.Before(l.rings) {
		l.rings = l.deadline
		l.alarm.Reset(timeout)
	}
	if l.watched != ctx.Done() {
		l.unwatch()
		l.watched = ctx.Done()
		l.unwatch = context.AfterFunc(ctx, func() { l.cancel(ctx) })
	}
}

// end gives why the request was cut short, nil if it was not.
func (l *limit) end() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy = false
	return l.cut
}

func (l *limit) ring() {
	l.mu.Lock()
	defer l.mu.Unlock()
	left := time.Until(l.deadline)
	switch {
	case !l.busy:
		l.rings = time.Time{}
	case left > 0:
		l.rings = l.deadline
		l.alarm.Reset(left)
	default:
		l.cutShort(fmt.Errorf("%w: none after %v", ErrTimeout, l.timeout))
	}
}

func (l *limit) cancel(ctx context.Context) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.busy && l.watched == ctx.Done() {
		l.cutShort(fmt.Errorf("%w: %w", errCancelled, ctx.Err()))
	}
}

func (l *limit) cutShort(why error) {
	if l.cut == nil {
		l.cut = why
		l.interrupt()
	}
}

func (l *limit) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.alarm.Stop()
	l.unwatch()
}
