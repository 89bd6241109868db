package infer

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
)

// job is a frame to be judged, or, without a frame, the end of a stream.
type job struct {
	client *client
	c      *eiengine.Ctx
	frame  *frames.Frame
	ticket eiengine.Ticket
	ctx    context.Context // of the pipeline; ended: nobody wants the answer
	asking context.Context // of requests
	rules  rules
	counts *counts
	since  time.Duration // when it was captured, or came, by the engine's clock

	withdrawn bool // its lane waits for a worker in vain; under model.mu

	// What becomes of it:
	backend backend.Model   // of the worker that judges it
	input   []float32       // made before there was a worker; nil: not made
	res     *backend.Result // the answer to a preparer
	took    time.Duration   // from the request to the answer
	msgs    []bus.Payload
	err     error

	// What preparers note:
	toFrame frames.Mapping
	resize  time.Duration
}

// late reports whether the frame is not worth judging any more, if that takes the
// expected time.
func (j *job) late(expected time.Duration) bool {
	return j.rules.maxLatency > 0 && j.rules.late(j.c.Now()-j.since, expected)
}

// unwanted completes the ticket of a job that nobody waits for any more.
func (j *job) unwanted() { j.ticket.Done(j.frame) }

// superseded completes the ticket of a frame in whose place a newer one is judged.
func (j *job) superseded() {
	j.leaveOut(&j.counts.superseded)
	j.client.pending.Done()
}

// tooLate completes the ticket of a frame that is not worth judging any more.
func (j *job) tooLate() {
	j.c.Warn(fmt.Errorf("model %s is behind: a frame passed unjudged since it could not be answered within max-latency=%d (%v)",
		j.client.model.path, j.rules.maxLatency.Nanoseconds(), j.rules.maxLatency))
	j.leaveOut(&j.counts.late)
}

// leaveOut completes the ticket of a frame that is not judged, and counts it.
func (j *job) leaveOut(n *atomic.Uint64) {
	n.Add(1)
	if j.rules.drop {
		j.c.Drop(j.frame)
		j.ticket.Done(nil)
		return
	}
	j.ticket.Done(j.frame)
}

// answer completes the ticket of a job that was judged.
func (j *job) answer(msgs []bus.Payload, err error) {
	if err != nil {
		j.ticket.Fail(j.frame, err, append(msgs, j.client.judge.failed(j, err)...)...)
		return
	}
	j.counts.judged.Add(1)
	j.ticket.Done(j.frame, msgs...)
}
