package eim

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"time"

	"github.com/eiengine/eiengine/infer/backend"
)

// closeGrace is how long a process may take to leave after its connection was
// closed, which is the protocol's way of telling it to.
const closeGrace = 250 * time.Millisecond

// worker is one process that has said hello: ready for requests.
type worker struct {
	proc *process
	// use is held during a request, and while the worker is taken apart.
	use  sync.Mutex
	conn *conn
	info *backend.Info
	// in is the input tensor: shared with the process, or nil for JSON.
	in *tensor
	// looked: in was intact when it was given out for the next request.
	looked bool
	// outs are the shared outputs of freeform models, by index.
	outs   []*tensor
	labels *labelIndex

	nextID   int32
	req      []byte
	asked    int32     // the id of the request under way
	sent     time.Time // when it began
	answered bool

	mu        sync.Mutex
	cause     error // why the driver ended the process
	condemned bool
}

// launch starts the program and gets it ready. The error says everything, the
// process and its traces are gone then.
func launch(ctx context.Context, program string, o Options) (*worker, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, o.StartTimeout, fmt.Errorf("%w: waited %v", ErrTimeout, o.StartTimeout))
	defer cancel()
	out := &output{log: o.Log.With(slog.String("model", program))}
	p, err := startProcess(program, &o, out)
	if err != nil {
		return nil, err
	}
	w := &worker{proc: p}
	if err := w.setUp(ctx, o); err != nil {
		w.discard(0)
		return nil, fmt.Errorf("model %s: %w%s%s", program, err, lastLines(p.out.last()), refusedText(p.refusals()))
	}
	return w, nil
}

func (w *worker) setUp(ctx context.Context, o Options) error {
	c, err := dial(ctx, w.proc)
	if err != nil {
		return err
	}
	w.conn = c
	w.req = appendHello(w.req[:0], w.id())
	msg, err := c.roundTrip(ctx, w.req, o.StartTimeout)
	if err != nil {
		return w.helloError(ctx, err)
	}
	hello, info, err := parseHello(msg)
	if hello != nil {
		defer hello.unlink() // all names, mapped or not: nothing is left behind
	}
	if err != nil {
		return err
	}
	if hello.ID != nil && int32(hello.ID.int()) != w.nextID {
		return fmt.Errorf("hello answered with id %d, expected %d", hello.ID.int(), w.nextID)
	}
	w.info, w.labels = info, newLabelIndex(info.Labels)
	return w.share(hello, o)
}

// helloError prefers how the process ended over how the connection did.
func (w *worker) helloError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("no answer to hello: %w", context.Cause(ctx))
	}
	if errors.Is(err, ErrTimeout) {
		return fmt.Errorf("no answer to hello: %w", err)
	}
	t := time.NewTimer(closeGrace)
	defer t.Stop()
	select {
	case <-w.proc.done:
		return fmt.Errorf("no answer to hello: %s", exitText(w.proc.end))
	case <-t.C:
		return fmt.Errorf("no answer to hello: %w", err)
	}
}

// share maps what the model offers, as far as wanted.
func (w *worker) share(h *helloReply, o Options) error {
	if o.SharedMemory == SharedMemoryNever {
		return nil
	}
	err := errors.New("the model offers none (it is too old)")
	switch {
	case h.Input != nil:
		w.in, err = mapOffer(h.Input, true)
		if err == nil && len(w.in.data) < w.info.InputFeatures {
			err = fmt.Errorf("%d elements offered for %d features", len(w.in.data), w.info.InputFeatures)
			w.in.free()
			w.in = nil
		}
	case h.InputError != "":
		err = errors.New(h.InputError)
	}
	if err != nil {
		if o.SharedMemory == SharedMemoryAlways {
			return fmt.Errorf("no shared memory: %w; allow JSON to use this model", err)
		}
		o.Log.Info("no shared memory, features go by JSON", "model", w.proc.path, "reason", err)
		return nil
	}
	w.in.data = w.in.data[:w.info.InputFeatures:w.info.InputFeatures]
	return w.shareOutputs(h.Outputs)
}

func (w *worker) shareOutputs(offers []shmOffer) error {
	for i := range offers {
		at := offers[i].Index.int()
		if at < 0 || at >= len(offers) {
			return fmt.Errorf("output index %d, expected 0 to %d", at, len(offers)-1)
		}
		if w.outs == nil {
			w.outs = make([]*tensor, len(offers))
		}
		if w.outs[at] != nil {
			return fmt.Errorf("output index %d is offered twice", at)
		}
		t, err := mapOffer(&offers[i], false)
		if err != nil {
			return err
		}
		w.outs[at] = t
	}
	return nil
}

// unlink removes all names that the hello mentions.
func (h *helloReply) unlink() {
	if h.Input != nil {
		h.Input.unlink()
	}
	for i := range h.Outputs {
		h.Outputs[i].unlink()
	}
}

// id numbers the requests; the protocol wants a 32-bit integer.
func (w *worker) id() int32 {
	if w.nextID == math.MaxInt32 {
		w.nextID = 0
	}
	w.nextID++
	return w.nextID
}

// fail ends the process because of cause, and describes the loss. The
// supervisor sees the end and starts anew.
func (w *worker) fail(cause error) *LostError {
	w.mu.Lock()
	if !w.condemned {
		w.condemned = true
		w.cause = cause
	}
	w.mu.Unlock()
	w.proc.kill()
	<-w.proc.done
	return w.lost()
}

// vanished is fail for a connection that broke: the process is most likely
// ending by itself, and its exit status says more than ours.
func (w *worker) vanished(cause error) *LostError {
	t := time.NewTimer(closeGrace)
	defer t.Stop()
	select {
	case <-w.proc.done:
		return w.lost()
	case <-t.C:
		return w.fail(cause)
	}
}

// lost describes the end. Only after proc.done.
func (w *worker) lost() *LostError {
	w.mu.Lock()
	defer w.mu.Unlock()
	e := &LostError{
		Path: w.proc.path, PID: w.proc.pid, Cause: w.cause, Limit: w.proc.end.Limit,
		ExitCode: w.proc.end.Code, Signal: w.proc.end.Signal,
		Lines: w.proc.out.last(), Refused: w.proc.refusals(),
	}
	if e.Cause == nil && w.proc.end.Lost != "" {
		e.Cause = errors.New(w.proc.end.Lost)
	}
	return e
}

// usable is false once the process is gone or about to be.
func (w *worker) usable() bool {
	select {
	case <-w.proc.done:
		return false
	default:
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return !w.condemned
}

// lockUsable takes the worker for a request, if it can serve one.
func (w *worker) lockUsable() bool {
	w.use.Lock()
	if w.usable() {
		return true
	}
	w.use.Unlock()
	return false
}

// discard ends the process and releases all that belongs to the worker. Not
// during a request.
func (w *worker) discard(grace time.Duration) {
	if w.conn != nil {
		w.conn.close()
	}
	w.proc.stop(grace)
	w.in.free()
	for _, t := range w.outs {
		t.free()
	}
}
