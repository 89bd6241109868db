package eiengine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/eiengine/eiengine/bus"
)

// State is how far a pipeline is from playing.
type State int

// The states, in the order in which a pipeline goes through them.
const (
	Null    State = iota // nothing is held
	Ready                // devices, files and processes are open
	Paused               // data flowed up to the sinks, which hold their first frame
	Playing              // the clock runs
)

// String is GStreamer's name for it.
func (s State) String() string { return [...]string{"null", "ready", "paused", "playing"}[s] }

// stopLimit is how long the goroutines of a stopping pipeline have to return.
const stopLimit = 2 * time.Second

// State is the state that is reached, and the one that is being worked towards
// if that is another.
func (p *Pipeline) State() (current, pending State) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state, p.target
}

// SetState asks for a state and returns at once; see WaitState. A failed pipeline
// only goes down; at null it is as new. A closed one stays at null.
func (p *Pipeline) SetState(s State) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed && s > Null {
		return
	}
	if p.state == Null && !p.moving && s > Null {
		p.failure, p.eos, p.eosSent, p.eosTold = nil, false, false, false
	}
	p.target = s
	if s < Paused {
		p.main.cancel() // also what is opening or starting has to return
	}
	p.broadcast()
	if !p.moving {
		p.moving = true
		go p.move()
	}
}

// WaitState returns when the state is reached, or with the pipeline's failure if
// it never will be, or when ctx ends.
func (p *Pipeline) WaitState(ctx context.Context, s State) error {
	for {
		p.mu.Lock()
		state, moving, failure, changed, closed := p.state, p.moving, p.failure, p.changed, p.closed
		p.mu.Unlock()
		switch {
		case state == s && !moving:
			return nil
		case closed && s > Null:
			return fmt.Errorf("%s is closed", p.name)
		case !moving && failure != nil:
			return failure
		case !moving:
			return fmt.Errorf("%s was stopped: it is %s, not %s", p.name, state, s)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// move takes one step after the other until the target is reached. It is the
// only goroutine that changes the state.
func (p *Pipeline) move() {
	for {
		p.mu.Lock()
		from, to := p.state, p.target
		if from >= Paused && p.failure == nil && p.main.ending() {
			to = Ready // it was told to stop since: what flowed does no more
		}
		if from == to || p.failure != nil && to > from {
			p.moving = false
			if p.failure != nil && to > from {
				p.target = from
			}
			p.broadcast()
			p.mu.Unlock()
			return
		}
		p.mu.Unlock()
		next := from + 1
		if to < from {
			next = from - 1
		}
		if err := p.step(from, next); err != nil {
			if !errors.Is(err, ErrFlushing) {
				p.fail(p.name, err)
			}
			continue
		}
		p.mu.Lock()
		if p.state != from {
			p.mu.Unlock()
			continue
		}
		p.state = next
		p.broadcast()
		pending := "void-pending"
		if p.target != next {
			pending = p.target.String()
		}
		p.mu.Unlock()
		p.post(bus.TypeStateChanged, p.name, &bus.StateChanged{Old: from.String(), New: next.String(), Pending: pending})
	}
}

func (p *Pipeline) step(from, to State) error {
	switch {
	case from == Null:
		return p.openAll()
	case from == Ready && to == Paused:
		return p.startAll()
	case from == Paused && to == Playing:
		if err := p.tellPlaying(true); err != nil {
			return err
		}
		p.play()
	case from == Playing:
		if err := p.tellPlaying(false); err != nil {
			p.warn(p.name, err)
		}
		p.standStill()
		p.allReached(Paused)
	case from == Paused:
		p.stopAll()
	default:
		p.closeAll()
	}
	return nil
}

// tellPlaying tells the elements that want to know that the pipeline is about to
// play or to stand still.
func (p *Pipeline) tellPlaying(playing bool) error {
	for _, n := range p.snapshot() {
		w, ok := n.elem.(PlayWatcher)
		if !ok {
			continue
		}
		if err := guard(func() error { return w.Playing(n.ctx, playing) }); err != nil {
			return &ElementError{Element: n.name, Err: err}
		}
	}
	return nil
}

// sinksFirst orders nodes so that each comes after what it feeds.
func sinksFirst(nodes []*node) []*node {
	var order []*node
	seen := map[*node]bool{}
	var visit func(n *node)
	visit = func(n *node) {
		if seen[n] {
			return
		}
		seen[n] = true
		for _, p := range n.srcPads() {
			if peer := p.peer.Load(); peer != nil {
				visit(peer.node)
			}
		}
		order = append(order, n)
	}
	for _, n := range nodes {
		visit(n)
	}
	return order
}

func (p *Pipeline) openAll() error {
	if err := p.recoverHung(); err != nil {
		return err
	}
	p.renew()
	for _, n := range sinksFirst(p.snapshot()) {
		if err := n.open(); err != nil {
			err = p.notBegun(n, err)
			p.closeAll()
			return err
		}
		n.reached(Ready)
	}
	return nil
}

// renew begins another life, unless there is one or no use in it.
func (p *Pipeline) renew() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.main.ending() && p.failure == nil && p.target > p.state {
		p.main.begin(context.Background())
	}
}

// notBegun is why the pipeline does not go up: the element's error, or ErrFlushing
// if it was told to stop while it began, which is no failure.
func (p *Pipeline) notBegun(n *node, err error) error {
	if p.main.ending() {
		return ErrFlushing
	}
	return &ElementError{Element: n.name, Err: err}
}

// recoverHung takes up elements again that a goroutine had been left behind in.
func (p *Pipeline) recoverHung() error {
	for _, n := range p.own() {
		if !n.abandoned {
			continue
		}
		if !n.returned() {
			return &ElementError{Element: n.name, Err: errors.New("has not returned since the last run: make a new pipeline")}
		}
		n.abandoned = false
		n.stop()
		n.close()
	}
	p.dropExpansions(p.own())
	return nil
}

func (p *Pipeline) closeAll() {
	for _, n := range p.own() {
		n.close()
	}
	p.allReached(Null)
	p.mu.Lock()
	p.stood = 0
	p.stops++
	p.mu.Unlock()
	p.position.Store(0)
}

// startAll begins the flow of data and waits for preroll.
func (p *Pipeline) startAll() error {
	p.renew()
	nodes := sinksFirst(p.own())
	if err := checkFed(nodes); err != nil {
		return err
	}
	for _, n := range nodes {
		if err := n.start(); err != nil {
			err = p.notBegun(n, err)
			p.main.cancel()
			for _, m := range nodes {
				m.stop()
			}
			p.allReached(Ready)
			return err
		}
		if n.kind != kindSink || !n.rendering().Async {
			n.reached(Paused)
		}
	}
	p.updateLatency()
	p.mu.Lock()
	p.stood, p.eos, p.eosSent, p.eosTold = 0, false, false, false
	for _, n := range nodes {
		if n.chain != nil && n.chain.head == n {
			p.chains = append(p.chains, n.chain)
		}
	}
	chains := p.chains
	p.span.begin(p.engine.clock)
	p.mu.Unlock()
	p.setFlows(true)
	for _, ch := range chains {
		ch.start()
	}
	if p.IsLive() {
		return nil
	}
	return p.waitPreroll()
}

// checkFed finds elements that would wait for ever, since nothing gives them data.
func checkFed(nodes []*node) error {
	for _, n := range nodes {
		for _, s := range n.sinkPads() {
			if s.peer.Load() == nil {
				return &ElementError{Element: n.name, Err: fmt.Errorf("nothing is linked to its pad %q: link a source to it", s.name)}
			}
		}
	}
	return nil
}

// waitPreroll returns when every sink has a frame or the end of its stream, or
// when there is no use in waiting any more.
func (p *Pipeline) waitPreroll() error {
	for {
		p.mu.Lock()
		done := p.failure != nil || p.main.ending() || p.prerollDone()
		changed := p.changed
		p.mu.Unlock()
		if done {
			p.post(bus.TypeAsyncDone, p.name, &bus.Notice{Name: "async-done"})
			return nil
		}
		<-changed
	}
}

func (p *Pipeline) prerollDone() bool {
	for _, n := range p.nodes {
		if n.kind == kindSink && n.group == p.main && !n.sink.prerolled && !n.sink.ended && n.rendering().Async {
			return false
		}
	}
	return true
}

func (p *Pipeline) prerolled(n *node) {
	p.mu.Lock()
	first := !n.sink.prerolled
	p.mu.Unlock()
	if !first {
		return
	}
	if n.group == p.main {
		n.reached(Paused) // it is the goroutine of the sink that prerolls it
	}
	p.mu.Lock()
	n.sink.prerolled = true
	p.broadcast()
	p.mu.Unlock()
}

func (p *Pipeline) isPlaying() bool { return p.playing.Load() }

func (p *Pipeline) play() {
	p.post(bus.TypeNewClock, p.name, &bus.Notice{Name: "new-clock"})
	p.allReached(Playing)
	p.runClock()
}

// runClock lets running time go on, and sinks present what they hold.
func (p *Pipeline) runClock() {
	p.mu.Lock()
	p.base = p.engine.clock.Now() - p.stood
	p.pausing, p.pause = context.WithCancel(context.Background())
	p.playing.Store(true)
	close(p.gate)
	p.mu.Unlock()
	for _, n := range p.snapshot() {
		if n.kind == kindSink {
			n.post(n.showHeld)
		}
	}
	p.tellEOS()
}

// showHeld is posted to sinks when the pipeline begins to play. If it has stopped
// playing since, they are asked again.
func (n *node) showHeld() {
	if !n.pipe.isPlaying() {
		return
	}
	if err := n.presentHeld(); err != nil && !isFlow(err) {
		n.fail(err)
	}
}

func (p *Pipeline) standStill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stood = p.engine.clock.Now() - p.base
	p.playing.Store(false)
	p.gate = make(chan struct{})
	p.pause()
}

// waitPlaying waits for the clock to run; false if wake or ctx fired first.
func (p *Pipeline) waitPlaying(ctx context.Context, wake <-chan struct{}) bool {
	if p.playing.Load() {
		return ctx.Err() == nil
	}
	p.mu.Lock()
	gate := p.gate
	p.mu.Unlock()
	select {
	case <-gate:
		return true
	case <-wake:
	case <-ctx.Done():
	}
	return false
}

// stopAll ends the flow of data. Goroutines that do not return in time are named
// and left behind; their elements are not touched again.
func (p *Pipeline) stopAll() {
	defer p.setFlows(false)
	p.mu.Lock()
	p.span.end(p.engine.clock)
	p.main.cancel()
	chains, branches := p.chains, slices.Collect(maps.Keys(p.branches))
	p.chains = nil
	p.mu.Unlock()
	for _, b := range branches {
		b.discard()
	}
	for _, n := range p.own() {
		n.shut()
	}
	hung := joinAll(chains)
	p.allReached(Ready)
	nodes := p.own() // an expansion may have come before its goroutine ended
	for _, n := range nodes {
		if n.isIn(hung) {
			n.abandoned = true
			continue
		}
		n.stop()
	}
	p.dropExpansions(nodes)
	if len(hung) > 0 || p.panicked.Swap(false) {
		for _, n := range nodes {
			n.account.Load().WriteOff()
		}
		for _, n := range p.own() {
			n.account.Store(p.engine.pool.Account(n.name))
		}
	}
	if len(hung) > 0 {
		p.fail(hung[0].head.name, fmt.Errorf("did not return within %v after it was told to stop; it is left behind", stopLimit))
	}
}

// own are the elements that start and stop with the pipeline: those of branches
// do so with their branch.
func (p *Pipeline) own() []*node {
	return slices.DeleteFunc(p.snapshot(), func(n *node) bool { return n.group != p.main })
}

func joinAll(chains []*chain) (hung []*chain) {
	limit := time.NewTimer(stopLimit)
	defer limit.Stop()
	expired := false
	for _, ch := range chains {
		if !expired {
			select {
			case <-ch.done:
				continue
			case <-limit.C:
				expired = true
			}
		}
		select {
		case <-ch.done:
		default:
			hung = append(hung, ch)
		}
	}
	return hung
}
