package eim

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine/infer/backend"
)

// Model is a .eim model that runs in a process of its own. It implements
// backend.Model: one request at a time, Close from anywhere.
type Model struct {
	program string
	opts    Options
	info    atomic.Pointer[backend.Info]

	// call is held by the caller's goroutine for a whole method. Locks are taken
	// in the order call, worker.use, mu.
	call sync.Mutex
	// own is the tensor that belongs to no process, made when first needed.
	own *tensor
	// started has the request that Finish is to end.
	started *worker

	mu      sync.Mutex
	worker  *worker       // nil while there is none
	down    error         // why there is none, in the pause before the next attempt
	changed chan struct{} // closed and renewed whenever worker or down change
	// given is the tensor that Input gave out last; it may outlive its process.
	given   *tensor
	retired *tensor // given, if its process is gone
	// set are the thresholds that were changed, for the next process. The inner
	// maps are replaced, never changed.
	set map[int]map[string]float64

	closeOnce sync.Once
	closing   chan struct{}
	stopped   chan struct{} // the supervisor returned
	restarts  atomic.Int64
}

var _ backend.Starter = (*Model)(nil)

// Open starts the model and waits until it is ready. The file needs no
// particular name. ctx bounds the start only.
//
// Errors name the file and what to do about it: missing, a directory, not
// executable, built for another processor, no model at all, ended at start,
// refused, or too slow (ErrTimeout).
func Open(ctx context.Context, path string, opts Options) (*Model, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("model %s: %w", path, err)
	}
	if err := opts.check(); err != nil {
		return nil, fmt.Errorf("model %s: %w", path, err)
	}
	program, err := checkProgram(path)
	if err != nil {
		return nil, err
	}
	m := &Model{
		program: program, opts: opts.withDefaults(),
		set:     map[int]map[string]float64{},
		changed: make(chan struct{}), closing: make(chan struct{}), stopped: make(chan struct{}),
	}
	w, err := m.prepare(ctx)
	if err != nil {
		return nil, err
	}
	m.info.Store(w.info)
	m.worker = w
	go m.supervise(w)
	return m, nil
}

// Path is the absolute path of the model's program.
func (m *Model) Path() string { return m.program }

// Restarts counts how often the process was replaced.
func (m *Model) Restarts() int { return int(m.restarts.Load()) }

// PID is the process that serves, 0 while there is none.
func (m *Model) PID() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.worker == nil {
		return 0
	}
	return m.worker.proc.pid
}

// SharedMemory reports whether features travel by shared memory now.
func (m *Model) SharedMemory() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.worker != nil && m.worker.in != nil
}

// Info describes the model. SetThreshold replaces it; what was returned
// earlier does not change.
func (m *Model) Info() *backend.Info { return m.info.Load() }

// Input is the tensor to fill, as backend.Model says; nil after Close. If it
// is shared memory, see the package documentation on faults.
func (m *Model) Input() []float32 {
	m.call.Lock()
	defer m.call.Unlock()
	if m.isClosing() {
		return nil
	}
	m.mu.Lock()
	w := m.worker
	m.mu.Unlock()
	if w == nil {
		return m.give(m.ownTensor())
	}
	w.use.Lock()
	defer w.use.Unlock()
	switch {
	case w.in == nil || !w.usable():
		return m.give(m.ownTensor())
	case !w.in.intact():
		_ = w.fail(errTruncated) // the next request tells
		return m.give(m.ownTensor())
	}
	w.looked = true
	return m.give(w.in)
}

func (m *Model) ownTensor() *tensor {
	if m.own == nil {
		m.own = heapTensor(m.Info().InputFeatures)
	}
	return m.own
}

// give notes that t is what the caller writes to, and lets go of the tensor of
// a lost process that it may have had before.
func (m *Model) give(t *tensor) []float32 {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.given = t
	if m.retired != nil && m.retired != t {
		m.retired.free()
		m.retired = nil
	}
	return t.data
}

// Classify runs the model on Input. Errors: backend.ErrClosed; a *LostError if
// it cost the process; a *ModelError if the model refused; the context's.
// Cancelling in the middle of a request costs the process, since the protocol
// cannot take a request back.
func (m *Model) Classify(ctx context.Context) (*backend.Result, error) {
	return m.infer(ctx, false)
}

// ClassifyContinuous feeds the first SliceSize values of Input. After a
// restart the model's window fills anew.
func (m *Model) ClassifyContinuous(ctx context.Context) (*backend.Result, error) {
	if i := m.Info(); !i.Continuous {
		return nil, fmt.Errorf("model %s: is not made for continuous signals; classify whole windows of %d values", m.program, i.InputFeatures)
	}
	return m.infer(ctx, true)
}

func (m *Model) infer(ctx context.Context, continuous bool) (*backend.Result, error) {
	m.call.Lock()
	defer m.call.Unlock()
	w, err := m.acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer w.use.Unlock()
	if err := m.send(ctx, w, continuous); err != nil {
		return nil, err
	}
	return m.receive(w)
}

// TryStart implements backend.Starter. It does nothing while there is no process, or
// where the features would travel as JSON, which takes time.
func (m *Model) TryStart(ctx context.Context) (ok bool, err error) {
	m.call.Lock()
	w := m.ready()
	if w == nil {
		m.call.Unlock()
		return false, nil
	}
	defer func() {
		if !ok {
			w.use.Unlock()
			m.call.Unlock()
		}
	}()
	if err := m.send(ctx, w, false); err != nil {
		return false, err
	}
	m.started = w
	return true, nil
}

// Finish implements backend.Starter.
func (m *Model) Finish() (*backend.Result, error) {
	w := m.started
	defer m.call.Unlock()
	defer w.use.Unlock()
	return m.receive(w)
}

// send begins a request for what is in the input. m.call and w.use are held until
// receive has returned.
func (m *Model) send(ctx context.Context, w *worker, continuous bool) error {
	in, err := m.moveInput(w)
	if err != nil {
		return w.fail(err)
	}
	n := w.info.InputFeatures
	if continuous {
		n = w.info.SliceSize
	}
	w.asked, w.sent = w.id(), time.Now()
	if in == w.in {
		if !w.looked && !in.intact() {
			return w.fail(errTruncated)
		}
		w.looked = false
		w.req = appendShared(w.req[:0], w.asked, continuous, n, m.opts.Debug)
	} else if w.req, err = appendFeatures(w.req[:0], w.asked, continuous, in.data[:n], m.opts.Debug); err != nil {
		return fmt.Errorf("model %s: %w", m.program, err)
	}
	if len(w.req) > maxRequest {
		return fmt.Errorf("model %s: %d values make a request of %d bytes, models end at %d; use a model that offers shared memory", m.program, n, len(w.req), maxRequest)
	}
	if err := w.conn.send(ctx, w.req, m.opts.Timeout); err != nil {
		return m.doubt(w, err)
	}
	return nil
}

// receive waits for the answer to what send began.
func (m *Model) receive(w *worker) (*backend.Result, error) {
	rep, took, err := m.answer(w)
	if err != nil {
		return nil, err
	}
	if rep.result == nil {
		return nil, w.fail(errors.New("a reply without a result"))
	}
	if rep.sharedOutputs {
		if err := w.readOutputs(rep.result); err != nil {
			return nil, w.fail(err)
		}
	}
	rep.result.RoundTrip = took
	return rep.result, nil
}

// ask sends w.req, which has a new id, and reads the answer.
func (m *Model) ask(ctx context.Context, w *worker, timeout time.Duration) (reply, error) {
	if err := w.conn.send(ctx, w.req, timeout); err != nil {
		return reply{}, m.doubt(w, err)
	}
	rep, _, err := m.answer(w)
	return rep, err
}

// answer reads the answer to request w.asked, and says how long it took since w.sent.
func (m *Model) answer(w *worker) (reply, time.Duration, error) {
	msg, err := w.conn.receive()
	took := time.Since(w.sent)
	if err != nil {
		return reply{}, 0, m.doubt(w, err)
	}
	rep, err := parseReply(msg, w.labels)
	if err != nil {
		return reply{}, 0, w.fail(err)
	}
	doubt, refused := rep.check(w.asked)
	if doubt != nil {
		return reply{}, 0, w.fail(doubt)
	}
	w.answered = true
	if refused != nil {
		return reply{}, 0, &ModelError{Path: m.program, Message: refused.Error()}
	}
	return rep, took, nil
}

// doubt turns an error of the connection into the loss of the process.
func (m *Model) doubt(w *worker, err error) error {
	switch {
	case m.isClosing():
		return backend.ErrClosed
	case errors.Is(err, ErrTimeout), errors.Is(err, errCancelled):
		return w.fail(err)
	}
	return w.vanished(err)
}

// moveInput brings what the caller wrote to where the process reads it. They
// differ only if the process was replaced in between.
func (m *Model) moveInput(w *worker) (*tensor, error) {
	to := w.in
	if to == nil {
		to = m.ownTensor()
	}
	m.mu.Lock()
	from := m.given
	m.mu.Unlock()
	var err error
	if from != nil && from != to {
		err = copyGuarded(to.data, from.data)
	}
	m.give(to)
	return to, err
}

// readOutputs copies the shared outputs of a freeform model.
func (w *worker) readOutputs(res *backend.Result) error {
	if len(w.outs) == 0 {
		return errors.New("a reply that points to shared outputs, of which none were offered")
	}
	for i, t := range w.outs {
		if !t.intact() {
			return errTruncated
		}
		row := make([]float32, len(t.data))
		if err := copyGuarded(row, t.data); err != nil {
			return fmt.Errorf("output %d: %w", i, err)
		}
		res.Freeform = append(res.Freeform, row)
	}
	return nil
}

// SetThreshold changes values of a block, see Info().Thresholds. The model
// decides what it accepts; it checks no ranges. While there is no process, values
// that the block is known to have are kept for the next one.
func (m *Model) SetThreshold(ctx context.Context, id int, values map[string]float64) error {
	m.call.Lock()
	defer m.call.Unlock()
	w, err := m.acquire(ctx)
	switch {
	case errors.Is(err, ErrLost) && hasThreshold(m.Info(), id, values):
		m.remember(id, values)
		return nil
	case err != nil:
		return err
	}
	defer w.use.Unlock()
	if err := m.sendThreshold(ctx, w, id, values); err != nil {
		return err
	}
	m.remember(id, values)
	return nil
}

// remember keeps values for processes to come.
func (m *Model) remember(id int, values map[string]float64) {
	m.mu.Lock()
	merged := map[string]float64{}
	maps.Copy(merged, m.set[id])
	maps.Copy(merged, values)
	m.set[id] = merged
	m.mu.Unlock()
	m.info.Store(withThreshold(m.Info(), id, values))
}

// hasThreshold reports whether the block is there and has all of these values.
func hasThreshold(info *backend.Info, id int, values map[string]float64) bool {
	for _, t := range info.Thresholds {
		if t.ID != id {
			continue
		}
		for key, v := range values {
			if _, ok := t.Values[key]; !ok || math.IsNaN(v) || math.IsInf(v, 0) {
				return false
			}
		}
		return true
	}
	return false
}

// Reset makes a model forget what it has seen, its window of a continuous signal
// and its object tracks: the protocol knows no other way than a new process, which
// Reset waits for. It is no loss: no event tells of it, and Restarts does not
// count it. Thresholds stay.
func (m *Model) Reset(ctx context.Context) error {
	m.call.Lock()
	defer m.call.Unlock()
	w, err := m.acquire(ctx)
	if err != nil {
		return err
	}
	_ = w.fail(errReset)
	w.use.Unlock()
	if w, err = m.acquire(ctx); err != nil {
		return err
	}
	w.use.Unlock()
	return nil
}

// errReset is why a process is ended that is as it should be.
var errReset = errors.New("the model was reset")

func (m *Model) sendThreshold(ctx context.Context, w *worker, id int, values map[string]float64) error {
	var err error
	w.asked = w.id()
	if w.req, err = appendThreshold(w.req[:0], w.asked, id, values); err != nil {
		return fmt.Errorf("model %s: %w", m.program, err)
	}
	_, err = m.ask(ctx, w, m.opts.Timeout)
	var refused *ModelError
	if errors.As(err, &refused) && refused.Message == "Failed to handle message" {
		refused.Hint = "models from before February 2025 have fixed thresholds; build the model again"
	}
	return err
}

// withThreshold is a copy of info with values changed.
func withThreshold(info *backend.Info, id int, values map[string]float64) *backend.Info {
	next := *info
	next.Thresholds = slices.Clone(info.Thresholds)
	for i, t := range next.Thresholds {
		if t.ID == id {
			t.Values = maps.Clone(t.Values)
			maps.Copy(t.Values, values)
			next.Thresholds[i] = t
		}
	}
	return &next
}

func (m *Model) isClosing() bool {
	select {
	case <-m.closing:
		return true
	default:
		return false
	}
}
