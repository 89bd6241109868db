package infer

import (
	"runtime/debug"
	"slices"
	"time"

	"github.com/eiengine/eiengine/bus"
)

// lanesPerWorker: while a worker computes for one lane, the other makes the inputs
// of the frames that follow.
const lanesPerWorker = 2

// lane is a goroutine that brings frames through a model: one at a time, or, if its
// workers can judge several in one run, as many as wait. It takes the frames whose
// turn it is, makes the model's inputs of them, asks a worker, and answers.
type lane struct {
	model *model
	poked chan struct{} // while it waits: it has a worker, or frames were withdrawn
	spare [][]float32   // memory for inputs made before there was a worker

	// Only the lane changes these, under model.mu while it waits for a worker.
	batch  []job
	wanted *[]setting // the thresholds of all of the batch

	// Under model.mu:
	worker   *worker // that it has waited for
	more     []job   // for the batch, when it has claimed that worker
	prepared bool    // it waits, and has made all inputs that it could
}

func newLane(m *model) *lane {
	return &lane{model: m, poked: make(chan struct{}, 1), batch: make([]job, 0, m.batch)}
}

func (l *lane) run() {
	defer l.model.lanes.Done()
	// The input may be shared with a process that takes it away.
	debug.SetPanicOnFault(true)
	for {
		w, ok := l.model.next(l)
		if !ok {
			return
		}
		if w == nil {
			l.workAhead()
			w = l.await()
		}
		if w != nil {
			l.serve(w)
		}
	}
}

// workAhead makes inputs while all workers are busy, also of frames that come
// meanwhile.
func (l *lane) workAhead() {
	for i := 0; i < len(l.batch); i++ {
		j := &l.batch[i]
		j.err = l.prepare(j)
		if i == len(l.batch)-1 {
			l.model.takeAhead(l)
		}
	}
}

// prepare makes the input of a frame in memory of the lane.
func (l *lane) prepare(j *job) (err error) {
	defer l.model.rescue(&err)
	if j.ctx.Err() != nil || j.late(0) {
		return nil // it will not be judged
	}
	input := l.takeSpare()
	j.input = input
	return j.client.judge.(preparer).prepare(j, input)
}

func (l *lane) takeSpare() []float32 {
	n := len(l.spare)
	if n == 0 {
		return make([]float32, l.model.info.InputFeatures)
	}
	input := l.spare[n-1]
	l.spare = l.spare[:n-1]
	return input
}

// await returns the worker for the lane's batch, nil if all of it was withdrawn.
func (l *lane) await() *worker {
	for {
		<-l.poked
		w, withdrawn := l.model.claim(l)
		for i := range withdrawn {
			withdrawn[i].unwanted()
			l.finish(&withdrawn[i])
		}
		if w != nil || len(l.batch) == 0 {
			return w
		}
	}
}

// launch has w asked about the batch of another lane, which waits with a prepared
// frame, and leaves the answer to it: so the next request goes out before the last
// one is answered.
func (l *lane) launch(w *worker) {
	w.start(&l.batch[0])
	l.model.mu.Lock()
	l.worker = w
	l.model.mu.Unlock()
	l.poke()
}

// serve has a worker judge the batch and answers it.
func (l *lane) serve(w *worker) {
	m := l.model
	if !w.asked {
		l.sift()
	}
	if len(l.batch) == 0 {
		m.release(w, 0, nil)
		return
	}
	err := w.judge(l.batch, l.wanted)
	m.release(w, time.Since(w.since), err)
	for i := range l.batch {
		j := &l.batch[i]
		if j.res != nil {
			j.msgs, j.err = l.report(j)
		}
		j.answer(j.msgs, j.err)
		l.finish(j)
	}
	clear(l.batch)
	l.batch = l.batch[:0]
}

// sift answers the frames of the batch that are not to be judged any more.
func (l *lane) sift() {
	expected := l.model.expected()
	l.batch = slices.DeleteFunc(l.batch, func(j job) bool {
		switch {
		case j.ctx.Err() != nil:
			j.unwanted()
		case j.late(expected):
			l.model.missed()
			j.tooLate()
		default:
			return false
		}
		l.finish(&j)
		return true
	})
}

func (l *lane) report(j *job) (msgs []bus.Payload, err error) {
	defer l.model.rescue(&err)
	return j.client.judge.(preparer).report(j, j.res, j.took), nil
}

// finish notes that the job was answered.
func (l *lane) finish(j *job) {
	if j.input != nil {
		l.spare = append(l.spare, j.input)
	}
	l.model.finished(j)
}
