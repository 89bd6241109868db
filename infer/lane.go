package infer

import (
	"runtime/debug"
	"time"

	"github.com/eiengine/eiengine/bus"
)

// lanesPerWorker: while a worker computes for one lane, the other makes the input
// of the frame that follows.
const lanesPerWorker = 2

// lane is a goroutine that brings one frame at a time through a model: it takes the
// frame whose turn it is, makes the model's input of it, asks a worker, and answers.
type lane struct {
	model *model
	given chan *worker // the worker that it waited for; nil: the frame is not wanted any more
	ahead []float32    // an input made before there was a worker
	job   job
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
		l.serve(w)
		l.model.finished(&l.job)
		l.job = job{}
	}
}

// serve judges the lane's frame. Without a worker it makes the input first and
// waits for one.
func (l *lane) serve(w *worker) {
	m, j := l.model, &l.job
	var input []float32
	var err error
	if w == nil {
		input, err = l.prepare(j)
		w = <-l.given
	}
	switch {
	case w == nil:
		j.unwanted()
		return
	case j.ctx.Err() != nil:
		m.release(w, 0, nil)
		j.unwanted()
		return
	case j.late(m.expected()):
		m.release(w, 0, nil)
		m.missed()
		j.tooLate()
		return
	}
	var msgs []bus.Payload
	began := time.Now()
	if err == nil {
		msgs, err = w.judge(j, input)
	}
	m.release(w, time.Since(began), err)
	j.answer(msgs, err)
}

// prepare makes the input while all workers are busy.
func (l *lane) prepare(j *job) (input []float32, err error) {
	defer l.model.rescue(&err)
	if l.ahead == nil {
		l.ahead = make([]float32, l.model.info.InputFeatures)
	}
	if j.ctx.Err() != nil || j.late(0) {
		return nil, nil // it will not be judged
	}
	return l.ahead, j.client.judge.(preparer).prepare(j, l.ahead)
}
