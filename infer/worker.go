package infer

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/eim"
)

// worker is one of the processes (or networks) that a model runs as. It belongs to
// one lane at a time, or is idle.
type worker struct {
	model      *model
	backend    backend.Model
	thresholds thresholdState

	// Under model.mu:
	down     bool // its process is lost: others are asked first
	restarts int
	began    int  // restarts when it was taken
	leaving  bool // to be closed when it becomes idle
}

func (m *model) newWorker(ctx context.Context) (*worker, error) {
	w := &worker{model: m}
	var err error
	if w.backend, err = m.start(ctx, w.event); err != nil {
		return nil, err
	}
	w.thresholds.begin(w.backend.Info())
	return w, nil
}

// admit lets a worker judge frames.
func (m *model) admit(w *worker) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.workers = append(m.workers, w)
	m.size.Store(int32(len(m.workers)))
	m.idle = append(m.idle, w)
	for m.running < lanesPerWorker*len(m.workers) {
		m.running++
		m.lanes.Add(1)
		go (&lane{model: m, given: make(chan *worker, 1)}).run()
	}
	m.assign()
	m.wake.Broadcast()
}

// event follows the life of the worker's process and hands it to the elements.
func (w *worker) event(e eim.Event) {
	m := w.model
	m.mu.Lock()
	switch e.Kind {
	case eim.Lost:
		w.down = true
	case eim.Restored:
		w.down = false
		w.restarts++
	}
	m.assign()
	clients := slices.Clone(m.streams)
	if len(clients) == 0 && e.Kind == eim.Refused {
		m.untold = append(m.untold, e)
	}
	m.mu.Unlock()
	m.wake.Broadcast()
	for _, cl := range clients {
		cl.onEvent(e)
	}
}

// takeIdle takes the worker that has rested longest; m.mu is held. One that is down
// is taken only if all are: its requests wait for its return, or fail.
func (m *model) takeIdle() *worker {
	allDown := !slices.ContainsFunc(m.workers, func(w *worker) bool { return !w.down })
	for i, w := range m.idle {
		if !w.down || allDown {
			m.idle = slices.Delete(m.idle, i, i+1)
			w.began = w.restarts
			return w
		}
	}
	return nil
}

// assign gives idle workers to the lanes that wait for one, the first to the first;
// m.mu is held.
func (m *model) assign() {
	for len(m.waiting) > 0 {
		w := m.takeIdle()
		if w == nil {
			return
		}
		l := m.waiting[0]
		m.waiting = slices.Delete(m.waiting, 0, 1)
		l.job.client.unasked--
		l.given <- w
	}
}

// release makes a worker idle again. took is how long it judged, 0 if it did not,
// err how that ended.
func (m *model) release(w *worker, took time.Duration, err error) {
	m.mu.Lock()
	if errors.Is(err, eim.ErrLost) && w.began == w.restarts {
		w.down = true // the event follows
	}
	if took > 0 && err == nil {
		m.typical += (took - m.typical) / 8
	}
	leaving := w.leaving
	if !leaving {
		m.idle = append(m.idle, w)
	}
	m.assign()
	m.mu.Unlock()
	if leaving {
		if err := w.backend.Close(); err != nil {
			err = fmt.Errorf("model %s: ending a worker: %w", m.path, err)
			w.event(eim.Event{Kind: eim.RestartFailed, Path: m.path, Reason: err})
		}
	}
}

// judge asks about a frame. input is what was made of it ahead, nil if nothing was.
// A panic or a memory fault becomes an error.
func (w *worker) judge(j *job, input []float32) (msgs []bus.Payload, err error) {
	defer w.model.rescue(&err)
	if err := w.thresholds.apply(j.asking, w.backend, j.client.wanted.Load()); err != nil {
		j.c.Warn(fmt.Errorf("model %s: %w", w.model.path, err))
	}
	j.backend = w.backend
	if p, ok := j.client.judge.(preparer); ok {
		in := w.backend.Input()
		if input != nil {
			copy(in, input)
		} else if err := p.prepare(j, in); err != nil {
			return nil, err
		}
	}
	return j.client.judge.judge(j.asking, j)
}

// rescue, deferred, turns a panic into an error.
func (m *model) rescue(err *error) {
	r := recover()
	if r == nil {
		return
	}
	var fault interface{ Addr() uintptr }
	if e, ok := r.(error); ok && errors.As(e, &fault) {
		*err = fmt.Errorf("model %s took its shared memory away while a frame was written to it", m.path)
		return
	}
	*err = fmt.Errorf("model %s: panic: %v\n%s", m.path, r, debug.Stack())
}
