package eim

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/eiengine/eiengine/infer/backend"
)

// The pauses between attempts. There is none before the first; later ones
// double, until a process answers a request or lasts.
const (
	firstPause = 100 * time.Millisecond
	longPause  = 5 * time.Second
	lasting    = 10 * time.Second
)

// pauseBefore is the time to wait before an attempt, after so many that came
// to nothing.
func pauseBefore(failures int) time.Duration {
	if failures == 0 {
		return 0
	}
	return min(firstPause<<min(failures-1, 10), longPause)
}

// supervise replaces lost processes until Close.
func (m *Model) supervise(w *worker) {
	defer close(m.stopped)
	failures := 0
	for {
		up := time.Now()
		select {
		case <-w.proc.done:
		case <-m.closing:
			return
		}
		since := time.Now()
		lost := w.lost()
		wanted := errors.Is(lost, errReset)
		if m.retire(w) || wanted || since.Sub(up) > lasting {
			failures = 0
		}
		if !wanted {
			m.opts.Log.Warn("model process lost", "model", m.program, "pid", lost.PID, "error", lost)
			m.opts.OnEvent(Event{Kind: Lost, Path: m.program, PID: lost.PID, Reason: lost, Retry: pauseBefore(failures)})
		}
		if w = m.restart(&failures, lost); w == nil {
			return
		}
		if wanted {
			continue
		}
		down := time.Since(since)
		m.opts.Log.Info("model process restored", "model", m.program, "pid", w.proc.pid, "down", down)
		m.opts.OnEvent(Event{Kind: Restored, Path: m.program, PID: w.proc.pid, Reason: lost, Down: down})
	}
}

// restart tries until there is a process that serves, nil on Close. It is counted
// before it serves.
func (m *Model) restart(failures *int, why error) *worker {
	wanted := errors.Is(why, errReset)
	ctx, cancel := m.untilClosing()
	defer cancel()
	for {
		if pause := pauseBefore(*failures); pause > 0 && !m.rest(pause, why) {
			return nil
		}
		*failures++
		w, err := m.replace(ctx)
		if err == nil {
			if !wanted {
				m.restarts.Add(1)
			}
			m.setState(w, nil)
			return w
		}
		if m.isClosing() {
			return nil
		}
		why = err
		pause := pauseBefore(*failures)
		m.opts.Log.Warn("model does not start again", "model", m.program, "error", err, "retry", pause)
		m.opts.OnEvent(Event{Kind: RestartFailed, Path: m.program, Reason: err, Retry: pause})
	}
}

// replace prepares a process that can stand in for the one that was lost.
func (m *Model) replace(ctx context.Context) (*worker, error) {
	w, err := m.prepare(ctx)
	if err != nil {
		return nil, err
	}
	if err := sameShape(m.Info(), w.info); err != nil {
		w.discard(0)
		return nil, fmt.Errorf("model %s: %w", m.program, err)
	}
	return w, nil
}

// rest waits before the next attempt; requests fail at once meanwhile.
func (m *Model) rest(pause time.Duration, why error) bool {
	m.setState(nil, why)
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-t.C:
		m.setState(nil, nil)
		return true
	case <-m.closing:
		return false
	}
}

// prepare launches a process, gives it the thresholds that were set, and warms
// it up if it is of a kind that needs it.
func (m *Model) prepare(ctx context.Context) (*worker, error) {
	if _, err := checkProgram(m.program); err != nil {
		return nil, err // it may have gone since Open
	}
	w, err := launch(ctx, m.program, m.opts)
	if err != nil {
		return nil, err
	}
	if err := m.condition(ctx, w); err != nil {
		w.discard(0)
		return nil, err
	}
	w.answered = false
	return w, nil
}

func (m *Model) condition(ctx context.Context, w *worker) error {
	m.mu.Lock()
	set := maps.Clone(m.set)
	m.mu.Unlock()
	for id, values := range set {
		err := m.sendThreshold(ctx, w, id, values)
		if refused := new(ModelError); errors.As(err, &refused) {
			// A model that takes no part of it is better than none.
			m.opts.Log.Warn("model refuses thresholds set earlier", "model", m.program, "block", id, "error", err)
			continue
		}
		if err != nil {
			return fmt.Errorf("thresholds set earlier: %w", err)
		}
	}
	if !needsWarmUp(w.info) {
		return nil
	}
	var err error
	w.asked = w.id()
	if w.in != nil {
		w.req = appendShared(w.req[:0], w.asked, false, w.info.InputFeatures, false)
	} else if w.req, err = appendFeatures(w.req[:0], w.asked, false, make([]float32, w.info.InputFeatures), false); err != nil {
		return err
	}
	m.opts.Log.Info("warming the model up; this can take long", "model", m.program)
	if _, err = m.ask(ctx, w, m.opts.WarmUpTimeout); err != nil {
		return fmt.Errorf("warm-up: %w", err)
	}
	return nil
}

// acquire waits for a process that serves and locks its use. In the pause after a failed start
// it gives that error at once, so that a live stream is not held up.
func (m *Model) acquire(ctx context.Context) (*worker, error) {
	if m.isClosing() {
		return nil, backend.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("model %s: %w", m.program, err)
	}
	for {
		m.mu.Lock()
		w, down, changed := m.worker, m.down, m.changed
		m.mu.Unlock()
		switch {
		case w != nil && w.lockUsable():
			return w, nil
		case down != nil:
			return nil, fmt.Errorf("%w and not back yet: %w", ErrLost, down)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, fmt.Errorf("model %s: waiting for its process: %w", m.program, ctx.Err())
		case <-m.closing:
			return nil, backend.ErrClosed
		}
	}
}

// ready is the process that serves, its use locked; nil if a request would have to
// wait for it, or for features to become JSON.
func (m *Model) ready() *worker {
	m.mu.Lock()
	w := m.worker
	m.mu.Unlock()
	if w == nil || m.isClosing() || !w.use.TryLock() {
		return nil
	}
	if w.in == nil || !w.usable() {
		w.use.Unlock()
		return nil
	}
	return w
}

func (m *Model) setState(w *worker, down error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.worker, m.down = w, down
	close(m.changed)
	m.changed = make(chan struct{})
}

// retire takes a dead process out of service, once the request that saw it die
// is through. It reports whether the process had answered any.
func (m *Model) retire(w *worker) bool {
	w.conn.hangUp()
	w.use.Lock()
	defer w.use.Unlock()
	in := w.in
	w.in = nil
	w.discard(0)
	m.setState(nil, nil)
	m.mu.Lock()
	defer m.mu.Unlock()
	if in != nil && in == m.given {
		m.retired = in
	} else {
		in.free()
	}
	return w.answered
}

// untilClosing is a context that Close ends.
func (m *Model) untilClosing() (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(context.Background())
	done := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case <-m.closing:
			cancel(backend.ErrClosed)
		case <-done:
		}
	}()
	return ctx, func() {
		close(done)
		<-ended
		cancel(nil)
	}
}

// Close ends the process and releases everything, also in the middle of a
// request, which gets backend.ErrClosed. No slice from Input may be touched
// any more. Closing again does nothing. The error is always nil.
func (m *Model) Close() error {
	m.closeOnce.Do(m.shutDown)
	return nil
}

func (m *Model) shutDown() {
	close(m.closing)
	m.mu.Lock()
	if m.worker != nil {
		m.worker.conn.hangUp()
	}
	m.mu.Unlock()
	<-m.stopped
	m.call.Lock()
	defer m.call.Unlock()
	m.mu.Lock()
	w, retired := m.worker, m.retired
	m.worker, m.retired, m.given = nil, nil, nil
	m.mu.Unlock()
	retired.free()
	if w != nil {
		w.discard(closeGrace)
	}
}
