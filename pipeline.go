package eiengine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
)

// Pipeline is a graph of elements that run together. Its methods may be called
// from any goroutine.
type Pipeline struct {
	engine *Engine
	name   string
	spec   Spec
	bus    *bus.Bus
	main   *group

	// Warnings are mistakes in the description that do not keep it from running,
	// such as numbers out of range.
	Warnings []error

	mu       sync.Mutex
	nodes    []*node
	byName   map[string]*node
	chains   []*chain
	branches map[*Branch]struct{}
	reserved map[string]*node // names of branches that are being added

	adding  sync.Mutex   // one branch is built at a time
	seeking sync.RWMutex // held by who makes void what is under way; no branch comes or goes then

	state   State
	target  State
	moving  bool          // a goroutine works towards target
	changed chan struct{} // closed and renewed whenever state, target or failure change
	failure error         // sticky; the bus was told of it
	eos     bool          // sticky
	eosSent bool          // somebody tells the bus
	eosTold bool
	closed  bool
	gone    chan struct{} // closed when it is
	stops   int           // how often it was taken to null

	playing  atomic.Bool
	tracing  atomic.Bool
	panicked atomic.Bool   // frames may never come back
	gate     chan struct{} // closed while playing
	base     time.Duration // engine clock at running time 0
	stood    time.Duration // running time at which it was paused
	pausing  context.Context
	pause    context.CancelFunc
	possible possibilities

	// flows says that formats may be under way. Who sets properties holds setting.
	setting sync.RWMutex
	flows   bool

	latency  atomic.Int64
	position atomic.Int64

	failing sync.Mutex // one failure is told at a time

	// measuring numbers the measurement under way; 0 is none.
	measuring    atomic.Uint32
	measurements uint32
	span         span

	warnMu sync.Mutex
	warned map[string]*warnLimit
}

// Name is the pipeline's name, such as "pipeline0".
func (p *Pipeline) Name() string { return p.name }

// Engine is the engine that it belongs to.
func (p *Pipeline) Engine() *Engine { return p.engine }

// Bus is where the pipeline tells what happens.
func (p *Pipeline) Bus() *bus.Bus { return p.bus }

// Play starts the pipeline and returns when it plays, or with the reason why it
// does not: a pipeline that has failed has to be stopped first.
func (p *Pipeline) Play(ctx context.Context) error {
	p.mu.Lock()
	state, failure := p.state, p.failure
	p.mu.Unlock()
	if state > Null && failure != nil {
		return failure
	}
	p.SetState(Playing)
	return p.WaitState(ctx, Playing)
}

// Stop takes the pipeline to null: data stops where it stands, elements are
// closed. It returns when that is done, within seconds also if an element hangs.
func (p *Pipeline) Stop(ctx context.Context) error {
	p.SetState(Null)
	return p.WaitState(ctx, Null)
}

// Wait returns when the stream has ended, nil, or the pipeline has failed, its
// error, or ctx ends. If somebody stops the pipeline meanwhile it says so.
func (p *Pipeline) Wait(ctx context.Context) error { return p.waitSince(ctx, p.timesStopped()) }

func (p *Pipeline) timesStopped() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stops
}

func (p *Pipeline) waitSince(ctx context.Context, before int) error {
	for {
		p.mu.Lock()
		failure, eos, stops, changed := p.failure, p.eosTold, p.stops, p.changed
		p.mu.Unlock()
		switch {
		case failure != nil:
			return failure
		case eos:
			return nil
		case stops != before:
			return fmt.Errorf("%s was stopped before its stream ended", p.name)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Run plays the pipeline to its end and stops it. When ctx ends it is stopped,
// and ctx's error returned.
func (p *Pipeline) Run(ctx context.Context) error {
	stops := p.timesStopped()
	err := p.Play(ctx)
	if err == nil {
		err = p.waitSince(ctx, stops)
	}
	return errors.Join(err, p.Stop(context.WithoutCancel(ctx)))
}

// SendEOS ends the stream at every source: what is under way still arrives, and
// Wait returns when it has.
func (p *Pipeline) SendEOS() {
	// Not under p.mu: a chain that does not run serves its mail at once.
	for _, n := range p.snapshot() {
		switch n.kind {
		case kindSource:
			n.chain.requestEOS()
		case kindAggregator:
			n.chain.post(func() { n.agg.quit = true })
		}
	}
}

// Close stops the pipeline and lets go of it. It cannot be used any more. Only
// the first call does it; others wait for that and return nil.
func (p *Pipeline) Close() error {
	p.mu.Lock()
	first := !p.closed
	p.closed = true
	p.mu.Unlock()
	if !first {
		<-p.gone
		return nil
	}
	defer close(p.gone)
	err := p.Stop(context.Background())
	p.bus.Close()
	p.engine.remove(p)
	for _, n := range p.snapshot() {
		n.account.Load().Close()
	}
	return err
}

// Running is the running time: zero when the pipeline began to play, standing
// still while it is paused.
func (p *Pipeline) Running() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.playing.Load() {
		return p.stood
	}
	return p.engine.clock.Now() - p.base
}

// IsLive reports whether a source of the pipeline captures.
func (p *Pipeline) IsLive() bool {
	for _, n := range p.snapshot() {
		if l, ok := n.elem.(Live); ok && l.IsLive() {
			return true
		}
	}
	return false
}

// Elements lists the names of the elements, in the order of the description.
func (p *Pipeline) Elements() []string {
	var names []string
	for _, n := range p.snapshot() {
		if n.bundle == nil {
			names = append(names, n.name)
		}
	}
	return names
}

// Element is the instance of that name, for programs that know its type, such as
// appsrc and appsink; nil if there is none.
func (p *Pipeline) Element(name string) Element {
	if n := p.find(name); n != nil {
		return n.elem
	}
	return nil
}

// Set sets a property from text, as in a launch line. Live properties take effect
// from the next frame on; others only at null and ready.
func (p *Pipeline) Set(element, property, value string) error {
	a := Assignment{element, property, value}
	n, c, err := p.settable(a)
	if err != nil {
		return err
	}
	if err := n.set(func() error { return c.setProperty(property, value) }); err != nil {
		return named(err, n.factory.Name, 0)
	}
	if state, _ := p.State(); state >= Ready {
		n.post(func() { n.changed(property) })
		p.latencyChanged()
	}
	n.reconfigure()
	p.notifySet(a)
	return nil
}

// Get reads a property as text.
func (p *Pipeline) Get(element, property string) (string, error) {
	n, c, err := p.configurable(element)
	if err != nil {
		return "", err
	}
	if r, ok := n.elem.(PropertyReader); ok {
		if v, ok := r.ReadProperty(property); ok {
			return v, nil
		}
	}
	if prop, err := c.findProperty(property); err == nil {
		if v, ok := n.readSinkProperty(prop); ok {
			return v, nil
		}
	}
	v, err := c.getProperty(property)
	return v, named(err, n.factory.Name, 0)
}

func (p *Pipeline) configurable(element string) (*node, configurable, error) {
	n := p.find(element)
	if n == nil {
		return nil, nil, fmt.Errorf("no element named %q in %s; it has %v", element, p.name, p.Elements())
	}
	c, ok := n.elem.(configurable)
	if !ok {
		return nil, nil, fmt.Errorf("element %q has no properties", element)
	}
	if pads, ok := n.elem.(padConfigurable); ok {
		c = withPads{c, n, pads}
	}
	return n, c, nil
}

func (p *Pipeline) find(name string) *node {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.byName[name]
}

func (p *Pipeline) snapshot() []*node {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]*node(nil), p.nodes...)
}

// post publishes a message.
func (p *Pipeline) post(t bus.Type, src string, payload bus.Payload) {
	running := frames.NoTime
	if p.playing.Load() {
		running = p.Running()
	}
	p.bus.Publish(&bus.Message{Type: t, Src: src, Running: running, Payload: payload})
}

func (p *Pipeline) notifyCaps(n *node, pad string, f *frames.Format) {
	if f == frames.Untyped {
		return
	}
	p.post(bus.TypePropertyNotify, p.name, &bus.PropertyNotify{
		Element: n.name, Kind: n.factory.Name, Pad: pad, Property: "caps", Value: f.String(),
	})
}

// warnLimit bounds how often the warnings of one element are published: in any
// second each text once, and no more than maxWarnings in all.
type warnLimit struct {
	since      time.Time
	texts      []string // published since then
	suppressed uint64
}

const (
	warnInterval = time.Second
	maxWarnings  = 5
)

// warn publishes a warning, or counts it to be told with the next one.
func (p *Pipeline) warn(src string, err error) {
	text := err.Error()
	p.warnMu.Lock()
	l := p.warned[src]
	if l == nil {
		l = &warnLimit{}
		p.warned[src] = l
	}
	if now := time.Now(); now.Sub(l.since) >= warnInterval {
		l.since, l.texts = now, l.texts[:0]
	}
	if len(l.texts) >= maxWarnings || slices.Contains(l.texts, text) {
		l.suppressed++
		p.warnMu.Unlock()
		return
	}
	l.texts = append(l.texts, text)
	suppressed := l.suppressed
	l.suppressed = 0
	p.warnMu.Unlock()
	p.post(bus.TypeWarning, src, &bus.Warning{Err: err, Text: text, Suppressed: suppressed})
}

// fail ends the flow of data with an error. The first one counts. The bus is told
// before anybody who waits, so that they find the message there.
func (p *Pipeline) fail(src string, err error) {
	p.failing.Lock()
	defer p.failing.Unlock()
	if p.failed() {
		return
	}
	e, ok := err.(*ElementError)
	if !ok {
		e = &ElementError{Element: src, Err: err}
	}
	var pe *panicked
	if errors.As(err, &pe) {
		e.Detail = string(pe.stack)
	}
	p.post(bus.TypeError, e.Element, &bus.Error{Err: e, Text: e.Err.Error(), Detail: e.Detail})
	p.mu.Lock()
	p.failure = e
	p.broadcast()
	life := p.main.life.Load()
	p.mu.Unlock()
	life.cancel()
}

func (p *Pipeline) failed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failure != nil
}

// broadcast wakes whoever waits for a change; p.mu is held.
func (p *Pipeline) broadcast() {
	close(p.changed)
	p.changed = make(chan struct{})
}
