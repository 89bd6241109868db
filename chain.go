package eiengine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// maxReadFailures is how often in a row a source may fail without giving a frame
// before its pipeline fails: beyond that it would only burn a core.
const maxReadFailures = 100

// chain is a goroutine and the stretch of elements that it calls: from a source,
// a queue, an Async element or an aggregator to the next boundary.
type chain struct {
	head  *node
	group *group
	sinks []*node // that it calls, of its own group
	at    where
	begun bool // the source chose its format; the chain's own
	ended bool // the end of the stream was passed on; the chain's own

	mu      sync.Mutex
	mail    []func()
	running bool               // the goroutine serves the mail
	serving bool               // it does not run, and somebody calls its elements in its place
	served  chan struct{}      // closed when serving ends, if somebody waits for that
	end     bool               // an EOS was asked for; the chain's own
	rest    *rest              // wanted by a seek
	stop    context.CancelFunc // of the Read under way
	hasMail atomic.Bool
	mailed  chan struct{}
	done    chan struct{}
}

func newChain(head *node) *chain {
	return &chain{head: head, group: head.group, mailed: make(chan struct{}, 1)}
}

// post has f called in the chain's goroutine between two frames, interrupting a
// blocked Read. If the chain does not run the caller does it, at once, unless
// somebody is at it already, who then calls f too.
func (ch *chain) post(f func()) {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.mail = append(ch.mail, f)
	ch.hasMail.Store(true)
	switch {
	case ch.running:
		if ch.stop != nil {
			ch.stop()
		}
		signal(ch.mailed)
	case !ch.serving:
		ch.serveStill()
	}
}

// serveStill deals with the mail of a chain that does not run, outside of ch.mu,
// which is held before and after: what is called may post again.
func (ch *chain) serveStill() {
	ch.serving = true
	for len(ch.mail) > 0 && !ch.running {
		mail := ch.mail
		ch.mail = nil
		ch.mu.Unlock()
		for _, f := range mail {
			if err := guard(func() error { f(); return nil }); err != nil {
				ch.at.fail(ch.head, err)
			}
		}
		ch.mu.Lock()
	}
	ch.hasMail.Store(len(ch.mail) > 0)
	ch.serving = false
	if ch.served != nil {
		close(ch.served)
		ch.served = nil
	}
}

// alone calls f, which calls elements of a chain that does not run, while nobody
// else does. It reports false if whoever does takes too long.
func (ch *chain) alone(f func()) bool {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	if !ch.awaitServed(stopLimit) {
		return false
	}
	ch.serving = !ch.running
	ch.mu.Unlock()
	f()
	ch.mu.Lock()
	ch.serveStill()
	return true
}

// awaitServed waits, with ch.mu held before and after, until nobody calls elements
// in the chain's place; for ever if there is no limit.
func (ch *chain) awaitServed(limit time.Duration) bool {
	var expired <-chan time.Time
	for ch.serving {
		if expired == nil && limit > 0 {
			timer := time.NewTimer(limit)
			defer timer.Stop()
			expired = timer.C
		}
		if ch.served == nil {
			ch.served = make(chan struct{})
		}
		served := ch.served
		ch.mu.Unlock()
		select {
		case <-served:
			ch.mu.Lock()
		case <-expired:
			ch.mu.Lock()
			return false
		}
	}
	return true
}

// flows reports whether the chain, to whose elements the caller belongs, may still
// pass data on.
func (ch *chain) flows() bool {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	return ch.running && !ch.ended
}

// serve deals with the mail, also with what is posted meanwhile: what belongs
// together is done before the next frame.
func (ch *chain) serve() {
	for ch.hasMail.Load() {
		ch.mu.Lock()
		mail := ch.mail
		ch.mail = nil
		ch.hasMail.Store(false)
		ch.mu.Unlock()
		for _, f := range mail {
			f()
		}
	}
}

func (ch *chain) start() {
	ch.done, ch.ended, ch.begun = make(chan struct{}), false, false
	ch.mu.Lock()
	ch.running, ch.rest = true, nil
	ch.mu.Unlock()
	ch.status("create")
	go ch.run()
}

// run is the goroutine. Whatever happens in it ends here as an error.
func (ch *chain) run() {
	defer close(ch.done)
	defer ch.status("leave")
	defer ch.leave()
	ch.status("enter")
	debug.SetPanicOnFault(true)
	n := ch.head
	err := guard(ch.flow)
	for err == nil {
		err = guard(ch.flow)
	}
	var p *panicked
	switch {
	case errors.As(err, &p):
		ch.at.fail(n, err)
	case errors.Is(err, ErrFlushing) || ch.group.ending():
	case errors.Is(err, ErrNotNegotiated):
		// The reason has been told where it arose.
	case errors.Is(err, ErrNotLinked):
		n.fail(errNotLinked)
	default:
		n.fail(err)
	}
}

// flow passes data on until there is a reason to end, or, nil, to begin again.
func (ch *chain) flow() error {
	err := ch.loop()
	if errors.Is(err, ErrEOS) && !ch.group.void() {
		err = ch.endEarly()
	}
	if errors.Is(err, ErrFlushing) && !ch.group.ending() {
		if r := ch.wantedRest(); r != nil {
			return ch.restUntil(r)
		}
	}
	return err
}

// endEarly is for a chain of which downstream wants no more.
func (ch *chain) endEarly() error {
	n := ch.head
	n.refuse()
	ch.ended = true
	if err := n.forward(EOSEvent{}); err != nil && !errors.Is(err, ErrEOS) {
		return err
	}
	return ch.wait(n.group.context())
}

// refuse has a boundary turn away whatever producers still bring, so that those
// with other branches to feed do not wait for ever.
func (n *node) refuse() {
	switch n.kind {
	case kindQueue:
		n.queue.refuse()
	case kindAsync:
		n.window.refuse()
	case kindAggregator:
		for _, q := range n.agg.pads {
			q.refuse()
		}
	}
}

// leave serves what was posted last, so that nobody waits for an answer.
func (ch *chain) leave() {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.running = false
	ch.serveStill()
}

func (ch *chain) loop() error {
	ch.mu.Lock()
	ch.awaitServed(0)
	ch.mu.Unlock()
	ctx, n := ch.group.context(), ch.head
	if ch.ended {
		return ch.wait(ctx)
	}
	switch n.kind {
	case kindSource:
		return ch.runSource(ctx)
	case kindAggregator:
		if err := n.agg.run(ctx, ch); err != nil {
			return err
		}
		return ch.wait(ctx)
	case kindAsync:
		return ch.runAsync(ctx)
	}
	return ch.runQueue(ctx)
}

// wait serves the mail of a chain whose stream has ended.
func (ch *chain) wait(ctx context.Context) error {
	for {
		ch.serve()
		select {
		case <-ch.mailed:
		case <-ctx.Done():
			return ErrFlushing
		}
	}
}

func (ch *chain) runQueue(ctx context.Context) error {
	n := ch.head
	for {
		ch.serve()
		ready, err := ch.presentHeld(ctx)
		if err != nil {
			return err
		}
		var it item
		if ready {
			it, ready = n.queue.pop(ctx, ch.mailed)
		}
		if !ready {
			if ctx.Err() != nil {
				return ErrFlushing
			}
			continue
		}
		if err := ch.passOn(it); err != nil {
			return err
		}
	}
}

// presentHeld keeps a queue's goroutine from taking a frame in hand that it could
// not get rid of: once all of its sinks hold one, it waits for the pipeline to play
// and presents those first. ready is false if there is mail or ctx ended.
func (ch *chain) presentHeld(ctx context.Context) (ready bool, err error) {
	if len(ch.sinks) == 0 {
		return true, nil
	}
	for _, s := range ch.sinks {
		if s.sink.held == (item{}) {
			return true, nil
		}
	}
	if !ch.head.pipe.waitPlaying(ctx, ch.mailed) {
		return false, nil
	}
	for _, s := range ch.sinks {
		if err := s.presentHeld(); err != nil {
			return false, err
		}
	}
	return true, nil
}

func (ch *chain) passOn(it item) error {
	n := ch.head
	if it.frame != nil {
		return n.ctx.Push(0, it.frame)
	}
	if f, ok := it.event.(FormatEvent); ok {
		return n.announceAll(f.Format)
	}
	return n.forward(it.event)
}

func (ch *chain) runAsync(ctx context.Context) error {
	n := ch.head
	for {
		ch.serve()
		s, ok := n.window.pop(ctx, ch.mailed)
		if !ok {
			if ctx.Err() != nil {
				return ErrFlushing
			}
			continue
		}
		if err := n.deliver(s); err != nil {
			return err
		}
	}
}

// runSource reads until the end of the stream and beyond: a seek may restart it.
func (ch *chain) runSource(ctx context.Context) error {
	n := ch.head
	if !ch.begun {
		if err := n.negotiateSource(); err != nil {
			if !isFlow(err) {
				n.fail(err)
				return ErrNotNegotiated
			}
			return err
		}
		ch.begun = true
	}
	failures := 0
	for {
		ch.serve()
		if ctx.Err() != nil {
			return ErrFlushing
		}
		if ch.end {
			return ch.endStream(ctx)
		}
		if n.live && !n.pipe.isPlaying() {
			if !n.pipe.waitPlaying(ctx, ch.mailed) {
				continue
			}
		}
		before := n.out.Load()
		err := ch.read(ctx)
		if err == nil && n.limit >= 0 && n.out.Load() >= uint64(n.limit) {
			err = io.EOF
		}
		switch {
		case err == nil:
			failures = 0
		case errors.Is(err, io.EOF):
			return ch.endStream(ctx)
		case errors.Is(err, errInterrupted):
		case isFlow(err):
			return err
		default:
			if failures++; n.out.Load() != before {
				failures = 0
			}
			if failures >= maxReadFailures {
				return fmt.Errorf("gave no frame in %d attempts, the last error was: %w", failures, err)
			}
		}
	}
}

// endStream passes the end of the stream on and waits for what else may come.
func (ch *chain) endStream(ctx context.Context) error {
	ch.ended = true
	if err := ch.head.event(EOSEvent{}); err != nil {
		return err
	}
	return ch.wait(ctx)
}

// requestEOS ends the stream of a source between two frames.
func (ch *chain) requestEOS() { ch.post(func() { ch.end = true }) }

var errInterrupted = errors.New("interrupted")

// read calls Read once, with a context that mail ends too.
func (ch *chain) read(ctx context.Context) error {
	n := ch.head
	if n.limit >= 0 && n.out.Load() >= uint64(n.limit) {
		return io.EOF
	}
	if n.ctx.read == nil || n.ctx.read.Err() != nil {
		readCtx, stop := context.WithCancel(ctx)
		ch.mu.Lock()
		n.ctx.read, ch.stop = readCtx, stop
		if len(ch.mail) > 0 {
			stop()
		}
		ch.mu.Unlock()
	}
	err := n.callRead()
	switch {
	case err == nil || errors.Is(err, io.EOF):
		return err
	case ctx.Err() != nil:
		return ErrFlushing
	case n.ctx.read.Err() != nil && (!isFlow(err) || errors.Is(err, ErrFlushing)):
		return errInterrupted
	}
	if judged := n.judge(err); judged != nil {
		return judged
	}
	return err
}

func (n *node) callRead() error {
	n.ctx.reading = true
	begin := n.frameBegins()
	caller := n.enter()
	err := n.elem.(Source).Read(n.ctx)
	n.exit(caller)
	n.frameEnds(begin)
	n.ctx.reading = false
	return err
}
