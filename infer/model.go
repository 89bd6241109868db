package infer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/eim"
	"github.com/eiengine/eiengine/infer/models"
)

// modelKey is what elements have to agree on to share a model: all of the choice, since
// nobody wants a process with more rights than it allows. owner is set for models that
// cannot be shared.
type modelKey struct {
	choice // with an absolute path
	owner  any
}

// model is an open model: its workers, the streams that it judges, and who of them
// is next. doc.go says who waits where.
type model struct {
	path  string // as the user named it
	debug bool
	info  *backend.Info // as it was when opened
	start func(ctx context.Context, onEvent func(eim.Event)) (backend.Model, error)
	size  atomic.Int32 // the number of workers
	batch int          // the most frames that a worker judges in one run

	sizing sync.Mutex // one change of the number at a time
	lanes  sync.WaitGroup

	mu      sync.Mutex
	wake    *sync.Cond // for lanes: there may be something to do
	streams []*client
	turn    int           // the stream that is asked first
	workers []*worker     // all, but for those that are leaving
	idle    []*worker     // the one that has rested longest comes first
	waiting []*lane       // that took frames and have no worker yet, in that order
	handed  []*worker     // that were asked about a frame when it came, for lanes to wait for
	running int           // lanes
	typical time.Duration // that a worker takes
	filling time.Duration // that making an input takes
	closed  bool
	untold  []eim.Event // refusals before there was a stream to tell
}

// open gives the model of that path, shared where it can be, with as many workers
// as the client wants.
func open(ctx context.Context, c *eiengine.Ctx, ch choice, cl *client) error {
	key := modelKey{choice: ch}
	if _, ok := models.Builtin(ch.path); !ok {
		abs, err := filepath.Abs(ch.path)
		if err != nil {
			return fmt.Errorf("model %s: %w", ch.path, err)
		}
		key.path = abs
	}
	for {
		value, release, err := c.Engine().Share(ctx, key, func() (io.Closer, error) { return newModel(ctx, c, ch) })
		if err != nil {
			return err
		}
		cl.model, cl.release = value.(*model), release
		if cl.model.attach(cl) {
			break
		}
		if err := release(); err != nil {
			c.Warn(err)
		}
		key.owner = cl
	}
	if err := cl.model.resize(ctx); err != nil {
		return errors.Join(err, cl.leave())
	}
	return nil
}

func newModel(ctx context.Context, c *eiengine.Ctx, ch choice) (*model, error) {
	m := &model{path: ch.path, debug: ch.debug, start: starter(c, ch)}
	m.wake = sync.NewCond(&m.mu)
	w, err := m.newWorker(ctx)
	if err != nil {
		return nil, err
	}
	m.info = withOwnThresholds(w.backend.Info())
	m.batch = batchOf(w.backend)
	m.admit(w)
	return m, nil
}

// openModel opens models; tests put models of their own in its place.
var openModel = models.Open

// starter is how the workers of a model are started.
func starter(c *eiengine.Ctx, ch choice) func(context.Context, func(eim.Event)) (backend.Model, error) {
	log := c.Log()
	if ch.debug {
		log = raiseLevel(log)
	}
	return func(ctx context.Context, onEvent func(eim.Event)) (backend.Model, error) {
		return openModel(ctx, ch.path, eim.Options{Debug: ch.debug, Confine: ch.confine, Timeout: ch.timeout, Log: log, OnEvent: onEvent})
	}
}

// batchOf is how many requests the model answers in one run.
func batchOf(m backend.Model) int {
	if b, ok := m.(backend.Batcher); ok {
		return max(b.MaxBatch(), 1)
	}
	return 1
}

// withOwnThresholds is a copy that stays as it is when thresholds are set, which
// models note in their Info: elements read it while workers set them.
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
	if m.remembers() && len(m.streams) > 0 {
		m.mu.Unlock()
		return false
	}
	m.streams = append(m.streams, cl)
	untold := m.untold
	m.untold = nil
	m.mu.Unlock()
	for _, e := range untold {
		cl.onEvent(e)
	}
	return true
}

func (m *model) detach(cl *client) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.streams = slices.DeleteFunc(m.streams, func(s *client) bool { return s == cl })
}

// want changes how many workers the client would like, and starts or ends some.
func (m *model) want(ctx context.Context, cl *client, n int) error {
	m.mu.Lock()
	cl.workers = n
	m.mu.Unlock()
	return m.resize(ctx)
}

// wanted is the number of workers: what the client that wants most wants, but one
// for models that remember what they have seen.
func (m *model) wanted() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 1
	for _, s := range m.streams {
		n = max(n, s.workers)
	}
	if m.remembers() {
		n = 1
	}
	return n
}

// resize starts or ends workers until there are as many as wanted.
func (m *model) resize(ctx context.Context) error {
	m.sizing.Lock()
	defer m.sizing.Unlock()
	n := m.wanted()
	if have := int(m.size.Load()); n > have {
		return m.grow(ctx, n-have)
	}
	return m.shrink(n)
}

// fewer ends workers that nobody wants any more.
func (m *model) fewer() error {
	m.sizing.Lock()
	defer m.sizing.Unlock()
	return m.shrink(m.wanted())
}

// grow starts n workers at once. Those that start are kept, whatever the others do.
func (m *model) grow(ctx context.Context, n int) error {
	errs := make(chan error, n)
	for range n {
		go func() { errs <- m.addWorker(ctx) }()
	}
	var first error
	for range n {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}

func (m *model) addWorker(ctx context.Context) error {
	w, err := m.newWorker(ctx)
	if err != nil {
		return err
	}
	if err := m.checkShape(w); err != nil {
		return errors.Join(err, w.backend.Close())
	}
	m.admit(w)
	return nil
}

// checkShape refuses a worker that is not like the first.
func (m *model) checkShape(w *worker) error {
	was, is := m.info, w.backend.Info()
	if was.Type == is.Type && was.InputFeatures == is.InputFeatures && was.ImageWidth == is.ImageWidth && was.ImageHeight == is.ImageHeight && batchOf(w.backend) >= m.batch {
		return nil
	}
	return fmt.Errorf("model %s was replaced by another (%d values instead of %d): set model-path again", m.path, is.InputFeatures, was.InputFeatures)
}

// shrink ends workers beyond n. Those that are judging end after that.
func (m *model) shrink(n int) error {
	m.mu.Lock()
	var leaving []*worker
	for len(m.workers) > max(n, 1) && !m.closed {
		w := m.workers[len(m.workers)-1]
		m.workers = m.workers[:len(m.workers)-1]
		w.leaving = true
		if i := slices.Index(m.idle, w); i >= 0 {
			m.idle = slices.Delete(m.idle, i, i+1)
			leaving = append(leaving, w)
		}
	}
	m.size.Store(int32(len(m.workers)))
	m.mu.Unlock()
	m.wake.Broadcast() // also some lanes have to end
	var errs []error
	for _, w := range leaving {
		errs = append(errs, w.backend.Close())
	}
	return errors.Join(errs...)
}

// Close ends the lanes and the workers. There are no clients any more.
func (m *model) Close() error {
	m.mu.Lock()
	m.closed = true
	m.mu.Unlock()
	m.wake.Broadcast()
	m.lanes.Wait()
	errs := make([]error, len(m.workers))
	var wg sync.WaitGroup
	for i, w := range m.workers {
		wg.Go(func() { errs[i] = w.backend.Close() })
	}
	wg.Wait()
	return errors.Join(errs...)
}
