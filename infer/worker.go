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
	starter    backend.Starter // the same, if it is one
	thresholds thresholdState
	todo       []*job // of the batch that it judges
	single     [1]*backend.Result

	since  time.Time  // it judges
	sent   time.Time  // the request
	asked  bool       // start has done that
	own    job        // that was started when it came, until a lane takes it
	wanted *[]setting // the thresholds of that

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
	w.starter, _ = w.backend.(backend.Starter)
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
		go newLane(m).run()
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
	for {
		l, w := m.match()
		if l == nil {
			return
		}
		l.worker = w
		l.poke()
	}
}

// match takes an idle worker and the lane that has waited longest; m.mu is held.
func (m *model) match() (*lane, *worker) {
	if len(m.waiting) == 0 {
		return nil, nil
	}
	w := m.takeIdle()
	if w == nil {
		return nil, nil
	}
	l := m.waiting[0]
	m.waiting = slices.Delete(m.waiting, 0, 1)
	for i := range l.batch {
		if !l.batch[i].withdrawn {
			l.batch[i].client.unasked--
		}
	}
	m.takeMore(l)
	return l, w
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
	l, next := m.match()
	if l != nil && !l.starts(next) {
		l.worker = next
		l.poke()
		l = nil
	}
	m.assign()
	if len(m.idle) > 0 {
		m.passOn() // the lane that asked has answers to give first
	}
	m.mu.Unlock()
	if l != nil {
		l.launch(next)
	}
	if leaving {
		if err := w.backend.Close(); err != nil {
			err = fmt.Errorf("model %s: ending a worker: %w", m.path, err)
			w.event(eim.Event{Kind: eim.RestartFailed, Path: m.path, Reason: err})
		}
	}
}

// judge asks about a batch, with these thresholds. The jobs get answers, or errors: a
// panic or a memory fault becomes one. It returns an error if a request failed.
func (w *worker) judge(batch []job, wanted *[]setting) error {
	first := &batch[0]
	if w.asked {
		return w.finish(first)
	}
	w.since = time.Now()
	if err := w.thresholds.apply(first.asking, w.backend, wanted); err != nil {
		first.c.Warn(fmt.Errorf("model %s: %w", w.model.path, err))
	}
	if a, ok := first.client.judge.(asker); ok {
		first.backend = w.backend
		first.msgs, first.err = w.leaveTo(a, first)
		return first.err
	}
	w.todo = w.todo[:0]
	for i := range batch {
		w.todo = append(w.todo, &batch[i])
	}
	return w.judgeAll(w.todo)
}

// starts reports whether the batch of a lane that waits can be started in another
// goroutine than its own; m.mu is held.
func (l *lane) starts(w *worker) bool {
	if !l.prepared || len(l.batch) != 1 {
		return false
	}
	j := &l.batch[0]
	return j.input != nil && j.err == nil && !j.withdrawn && j.ctx.Err() == nil && !j.late(l.model.typical) && w.startable(l.wanted)
}

// startable reports whether the worker can be asked in one goroutine and answer in
// another. model.mu is held.
func (w *worker) startable(wanted *[]setting) bool {
	return w.starter != nil && w.model.batch == 1 && !w.down && sameSettings(w.thresholds.applied, wanted)
}

// start asks about a frame and does not wait for the answer, if that goes without
// waiting; otherwise judge does it all.
func (w *worker) start(j *job) {
	w.since = time.Now()
	if j.err = w.fill(j, 0); j.err == nil {
		w.sent = time.Now()
		w.asked, j.err = w.tryStart(j)
	}
}

func (w *worker) tryStart(j *job) (asked bool, err error) {
	defer w.model.rescue(&err)
	asked, err = w.starter.TryStart(j.asking)
	return asked || err != nil, err
}

// finish waits for the answer to what start asked.
func (w *worker) finish(j *job) error {
	w.asked = false
	if j.err == nil {
		j.res, j.err = w.await()
		j.took = time.Since(w.sent)
	}
	return j.err
}

func (w *worker) await() (res *backend.Result, err error) {
	defer w.model.rescue(&err)
	return w.starter.Finish()
}

func (w *worker) leaveTo(a asker, j *job) (msgs []bus.Payload, err error) {
	defer w.model.rescue(&err)
	return a.judge(j.asking, j)
}

// judgeAll runs the model on all jobs at once. If a run was cut short because a
// stream is stopped, the frames of the others are judged in another.
func (w *worker) judgeAll(jobs []*job) error {
	for {
		if jobs = w.feed(jobs); len(jobs) == 0 {
			return nil
		}
		asked := time.Now()
		results, err := w.ask(jobs)
		took := time.Since(asked)
		if err == nil {
			for i, j := range jobs {
				j.res, j.took = results[i], took
			}
			return nil
		}
		all := len(jobs)
		for _, j := range jobs {
			j.err = err
		}
		jobs = slices.DeleteFunc(jobs, func(j *job) bool { return j.asking.Err() != nil })
		if len(jobs) == all || len(jobs) == 0 {
			return err
		}
		for _, j := range jobs {
			j.err = nil
		}
	}
}

// feed fills the model's inputs, and gives those jobs of which there is one.
func (w *worker) feed(jobs []*job) []*job {
	fed := jobs[:0]
	for _, j := range jobs {
		if j.err == nil {
			j.err = w.fill(j, len(fed))
		}
		if j.err == nil {
			fed = append(fed, j)
		}
	}
	return fed
}

// fill makes input i of a run.
func (w *worker) fill(j *job, i int) (err error) {
	defer w.model.rescue(&err)
	var in []float32
	if i == 0 {
		in = w.backend.Input()
	} else {
		in = w.backend.(backend.Batcher).BatchInput(i)
	}
	if j.input != nil {
		copy(in, j.input)
		return nil
	}
	return j.client.judge.(preparer).prepare(j, in)
}

// ask runs the model once. The run ends early if one of the jobs is not waited for
// any more.
func (w *worker) ask(jobs []*job) (results []*backend.Result, err error) {
	defer w.model.rescue(&err)
	if len(jobs) == 1 {
		w.single[0], err = w.backend.Classify(jobs[0].asking)
		return w.single[:], err
	}
	ctx, cancel := context.WithCancel(jobs[0].asking)
	defer cancel()
	for _, j := range jobs[1:] {
		defer context.AfterFunc(j.asking, cancel)()
	}
	results, err = w.backend.(backend.Batcher).ClassifyBatch(ctx, len(jobs))
	if err == nil && len(results) != len(jobs) {
		err = fmt.Errorf("model %s gave %d answers to %d pictures", w.model.path, len(results), len(jobs))
	}
	return results, err
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
