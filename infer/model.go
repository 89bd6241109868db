package infer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/builtin"
	"github.com/eiengine/eiengine/infer/eim"
)

// builtinScheme begins the paths of models that come with the engine.
const builtinScheme = "builtin:"

// patience is how long a request under way may take when its pipeline stops.
const patience = 2 * time.Second

// modelKey is what elements have to agree on to share a model. owner is set for
// models that cannot be shared.
type modelKey struct {
	path  string
	debug bool
	owner any
}

// model is an open model and the goroutine that asks it.
type model struct {
	path    string // as the user named it
	debug   bool
	backend backend.Model
	info    *backend.Info // as it was when opened

	mu      sync.Mutex
	wake    *sync.Cond
	queue   []job
	closed  bool
	clients map[*client]struct{}

	thresholds thresholdState // the worker's
	done       chan struct{}  // the worker returned
}

// job is a frame to be judged, or, without a frame, the end of a stream.
type job struct {
	client *client
	c      *eiengine.Ctx
	frame  *frames.Frame
	ticket eiengine.Ticket
	ctx    context.Context // of the pipeline; ended: nobody wants the answer
}

// judge makes requests of frames, in the model's goroutine. The frame, nil at
// the end of a stream, stays the caller's; results are attached to it.
type judge interface {
	judge(ctx context.Context, j job) ([]bus.Payload, error)
	// failed is what to publish of a job that failed, beside the warning.
	failed(j job, err error) []bus.Payload
}

// client is one element's use of a model.
type client struct {
	model   *model
	judge   judge
	onEvent func(eim.Event)
	release func() error

	restarted atomic.Bool // the model has forgotten what it had seen
	wanted    atomic.Pointer[[]setting]
	pending   sync.WaitGroup // jobs not yet answered
	ctx       context.Context
	cancel    context.CancelFunc
}

// open gives the model of that path, shared where it can be.
func open(ctx context.Context, c *eiengine.Ctx, path string, debug bool, cl *client) error {
	key := modelKey{path: path, debug: debug}
	if !strings.HasPrefix(path, builtinScheme) {
		abs, err := filepath.Abs(path)
		if err != nil {
			return fmt.Errorf("model %s: %w", path, err)
		}
		key.path = abs
	}
	for {
		value, release, err := c.Engine().Share(key, func() (io.Closer, error) { return newModel(ctx, c, path, debug) })
		if err != nil {
			return err
		}
		cl.model, cl.release = value.(*model), release
		if cl.model.attach(cl) {
			return nil
		}
		if err := release(); err != nil {
			c.Warn(err)
		}
		key.owner = cl
	}
}

func newModel(ctx context.Context, c *eiengine.Ctx, path string, debug bool) (*model, error) {
	m := &model{path: path, debug: debug, clients: map[*client]struct{}{}, done: make(chan struct{})}
	m.wake = sync.NewCond(&m.mu)
	var err error
	if name, ok := strings.CutPrefix(path, builtinScheme); ok {
		m.backend, err = builtin.Open(name)
	} else {
		log := c.Log()
		if debug {
			log = raiseLevel(log)
		}
		m.backend, err = eim.Open(ctx, path, eim.Options{Debug: debug, Log: log, OnEvent: m.tell})
	}
	if err != nil {
		return nil, err
	}
	m.info = withOwnThresholds(m.backend.Info())
	m.thresholds.begin(m.info)
	go m.work()
	return m, nil
}

// withOwnThresholds is a copy that stays as it is when thresholds are set, which
// models note in their Info: elements read it while the worker sets them.
func withOwnThresholds(info *backend.Info) *backend.Info {
	out := *info
	out.Thresholds = slices.Clone(info.Thresholds)
	for i := range out.Thresholds {
		out.Thresholds[i].Values = maps.Clone(out.Thresholds[i].Values)
	}
	return &out
}

// remembers reports whether answers depend on what was asked before.
func (m *model) remembers() bool { return m.info.HasObjectTracking || m.info.Continuous }

// attach makes cl a client, unless the model serves another and cannot serve two.
func (m *model) attach(cl *client) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.remembers() && len(m.clients) > 0 {
		return false
	}
	m.clients[cl] = struct{}{}
	return true
}

// tell hands an event in the life of the process to the elements.
func (m *model) tell(e eim.Event) {
	m.mu.Lock()
	clients := make([]*client, 0, len(m.clients))
	for cl := range m.clients {
		clients = append(clients, cl)
	}
	m.mu.Unlock()
	for _, cl := range clients {
		cl.onEvent(e)
	}
}

// submit queues a job and returns at once. The windows of the elements bound the
// length of the queue.
func (m *model) submit(j job) {
	m.mu.Lock()
	m.queue = append(m.queue, j)
	m.mu.Unlock()
	m.wake.Signal()
}

func (m *model) next() (job, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.queue) == 0 && !m.closed {
		m.wake.Wait()
	}
	if len(m.queue) == 0 {
		return job{}, false
	}
	j := m.queue[0]
	copy(m.queue, m.queue[1:])
	m.queue[len(m.queue)-1] = job{}
	m.queue = m.queue[:len(m.queue)-1]
	return j, true
}

// work answers jobs until the model is closed.
func (m *model) work() {
	defer close(m.done)
	// The input may be shared with a process that takes it away.
	debug.SetPanicOnFault(true)
	for {
		j, ok := m.next()
		if !ok {
			return
		}
		m.answer(j)
	}
}

// answer completes the ticket of a job, whatever happens.
func (m *model) answer(j job) {
	defer j.client.pending.Done()
	if j.ctx.Err() != nil {
		j.ticket.Done(j.frame)
		return
	}
	msgs, err := m.ask(j)
	if err == nil {
		j.ticket.Done(j.frame, msgs...)
		return
	}
	j.ticket.Fail(j.frame, err, append(msgs, j.client.judge.failed(j, err)...)...)
}

// ask runs the judge; a panic or a memory fault in it becomes an error.
func (m *model) ask(j job) (msgs []bus.Payload, err error) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		var fault interface{ Addr() uintptr }
		if e, ok := r.(error); ok && errors.As(e, &fault) {
			err = fmt.Errorf("model %s took its shared memory away while a frame was written to it", m.path)
			return
		}
		err = fmt.Errorf("model %s: panic: %v\n%s", m.path, r, debug.Stack())
	}()
	if err := m.thresholds.apply(j.client.ctx, m.backend, j.client.wanted.Load()); err != nil {
		j.c.Warn(fmt.Errorf("model %s: %w", m.path, err))
	}
	return j.client.judge.judge(j.client.ctx, j)
}

// Close ends the goroutine and the model. There are no clients any more.
func (m *model) Close() error {
	m.mu.Lock()
	m.closed = true
	m.mu.Unlock()
	m.wake.Broadcast()
	err := m.backend.Close()
	<-m.done
	return err
}

// settle waits until all jobs of the client are answered; after patience it cuts
// the request under way short.
func (cl *client) settle() {
	t := time.AfterFunc(patience, cl.cancel)
	defer t.Stop()
	cl.pending.Wait()
}

// leave ends the client's use of the model.
func (cl *client) leave() error {
	cl.settle()
	cl.cancel()
	m := cl.model
	m.mu.Lock()
	delete(m.clients, cl)
	m.mu.Unlock()
	return cl.release()
}
