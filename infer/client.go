package infer

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/eim"
)

// patience is how long a request under way may take when its pipeline stops.
const patience = 500 * time.Millisecond

// judge says what is asked about frames and what becomes of the answers. It is an
// asker or a preparer.
type judge interface {
	// failed is what to publish of a job that failed, beside the warning.
	failed(j *job, err error) []bus.Payload
}

// asker is a judge that makes its requests itself, by the worker that is in the job.
// The frame, nil at the end of a stream, stays the caller's; results are attached to
// it.
type asker interface {
	judge
	judge(ctx context.Context, j *job) ([]bus.Payload, error)
}

// preparer is a judge of frames that stand alone: each is one request, and several
// may be under way at a time, also of several streams in one run of a model. The
// input can be made before there is a worker. It may be called from several
// goroutines at once.
type preparer interface {
	judge
	// prepare makes the input of the frame and notes in the job what report needs
	// to know of it.
	prepare(j *job, input []float32) error
	// report attaches the answer to the frame, which stays the caller's, and says
	// what to publish. took is the time from the request to the answer.
	report(j *job, res *backend.Result, took time.Duration) []bus.Payload
}

// client is one element's use of a model: a stream.
type client struct {
	model   *model
	judge   judge
	serial  bool // one frame at a time: the judge is no preparer
	onEvent func(eim.Event)
	release func() error

	restarted atomic.Bool // the model has forgotten what it had seen
	wanted    atomic.Pointer[[]setting]
	pending   sync.WaitGroup // jobs not yet answered

	// Under binding.mu; for requests. It ends when a stop takes too long.
	ctx    context.Context
	cancel context.CancelFunc

	// Under model.mu:
	workers int  // that it would like the model to have
	queue   jobs // in the order of the stream, not yet taken by a lane
	taken   int  // by lanes, not yet answered
	unasked int  // queued or taken, and without a worker yet
}

func newClient(workers int) *client {
	cl := &client{workers: workers}
	cl.renew()
	return cl
}

// renew readies the client for another run.
func (cl *client) renew() { cl.ctx, cl.cancel = context.WithCancel(context.Background()) }

// setJudge says what asks; there are no jobs yet.
func (cl *client) setJudge(j judge) {
	_, parallel := j.(preparer)
	cl.judge, cl.serial = j, !parallel
}

// allowsAhead reports whether the next frame may be taken before there is a worker.
// Frames that might not be judged in the end wait in the queue.
func (cl *client) allowsAhead() bool {
	return !cl.serial && cl.queue.ring[cl.queue.head].rules.policy == policyEvery
}

// settle answers all jobs of the client at once, but for requests under way, which
// it waits for; after patience it cuts them short.
func (cl *client) settle() {
	cl.model.withdraw(cl)
	t := time.AfterFunc(patience, cl.cancel)
	defer t.Stop()
	cl.pending.Wait()
}

// leave ends the client's use of the model.
func (cl *client) leave() error {
	cl.settle()
	cl.cancel()
	cl.model.detach(cl)
	return errors.Join(cl.release(), cl.model.fewer())
}
