package eiengine

import (
	"context"
	"sync"
	"time"
)

// Clock is the one clock of an engine: monotonic, zero at an arbitrary moment.
type Clock interface {
	// Now is the time that has passed since the clock's zero.
	Now() time.Duration
	// WaitUntil returns when Now reaches t, or with ctx's error.
	WaitUntil(ctx context.Context, t time.Duration) error
}

// systemClock is the process's monotonic clock.
type systemClock struct{ zero time.Time }

// NewSystemClock makes a clock that starts at zero now.
func NewSystemClock() Clock { return systemClock{time.Now()} }

func (c systemClock) Now() time.Duration { return time.Since(c.zero) }

// timers are stopped ones, kept so that waiting for a frame's time costs nothing.
var timers = sync.Pool{New: func() any {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}}

func (c systemClock) WaitUntil(ctx context.Context, t time.Duration) error {
	d := t - c.Now()
	if d <= 0 {
		return ctx.Err()
	}
	timer := timers.Get().(*time.Timer)
	timer.Reset(d)
	defer func() {
		timer.Stop()
		timers.Put(timer)
	}()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// FakeClock stands still until a test advances it.
type FakeClock struct {
	mu      sync.Mutex
	now     time.Duration
	waiters map[chan struct{}]time.Duration
	waiting chan struct{} // closed and renewed when a waiter comes
}

// NewFakeClock makes a clock that reads zero.
func NewFakeClock() *FakeClock {
	return &FakeClock{waiters: map[chan struct{}]time.Duration{}, waiting: make(chan struct{})}
}

// Now implements Clock.
func (c *FakeClock) Now() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock and wakes whoever waits for a time that is reached.
func (c *FakeClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now += d
	for ch, t := range c.waiters {
		if t <= c.now {
			close(ch)
			delete(c.waiters, ch)
		}
	}
}

// WaitUntil implements Clock.
func (c *FakeClock) WaitUntil(ctx context.Context, t time.Duration) error {
	c.mu.Lock()
	if t <= c.now {
		c.mu.Unlock()
		return ctx.Err()
	}
	ch := make(chan struct{})
	c.waiters[ch] = t
	close(c.waiting)
	c.waiting = make(chan struct{})
	c.mu.Unlock()
	select {
	case <-ch:
		return nil
	case <-ctx.Done():
		c.mu.Lock()
		delete(c.waiters, ch)
		c.mu.Unlock()
		return ctx.Err()
	}
}

// BlockUntil returns when n goroutines wait on the clock, or with ctx's error.
func (c *FakeClock) BlockUntil(ctx context.Context, n int) error {
	for {
		c.mu.Lock()
		have, changed := len(c.waiters), c.waiting
		c.mu.Unlock()
		if have >= n {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
