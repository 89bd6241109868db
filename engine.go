package eiengine

import (
	"fmt"
	"log/slog"
	"sync"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
)

// DefaultMemoryBudget is the byte budget of an engine that sets none.
const DefaultMemoryBudget = 1 << 30

// Options configure an engine. The zero value is a sensible engine.
type Options struct {
	// Registry finds elements; DefaultRegistry if nil.
	Registry *Registry
	// Clock is the engine's clock; the system's monotonic clock if nil.
	Clock Clock
	// MemoryBudget bounds the bytes of all frames; DefaultMemoryBudget if 0.
	MemoryBudget int64
	// Logger gets what is for developers; nothing is logged if nil.
	Logger *slog.Logger
	// MessageProfile is the form in which results of models are told, unless an
	// element has its own.
	MessageProfile bus.Profile
}

// Engine owns what pipelines share: the clock, the memory budget, shared
// resources such as models. Pipelines belong to one engine; two engines in a
// process never meet. It is safe for concurrent use.
type Engine struct {
	registry *Registry
	clock    Clock
	pool     *frames.Pool
	log      *slog.Logger
	profile  bus.Profile

	mu        sync.Mutex
	resources map[any]*resource
	pipelines map[*Pipeline]struct{}
	names     int
}

// New makes an engine.
func New(o Options) *Engine {
	if o.Registry == nil {
		o.Registry = DefaultRegistry()
	}
	if o.Clock == nil {
		o.Clock = NewSystemClock()
	}
	if o.MemoryBudget == 0 {
		o.MemoryBudget = DefaultMemoryBudget
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	e := &Engine{
		registry: o.Registry, clock: o.Clock, log: o.Logger, profile: o.MessageProfile, pool: frames.NewPool(o.MemoryBudget),
		resources: map[any]*resource{}, pipelines: map[*Pipeline]struct{}{},
	}
	e.pool.OnStarved = e.tellStarved
	return e
}

var defaultEngine = sync.OnceValue(func() *Engine { return New(Options{}) })

// Default is the engine of programs that need only one.
func Default() *Engine { return defaultEngine() }

// Registry is where the engine finds elements.
func (e *Engine) Registry() *Registry { return e.registry }

// Clock is the engine's clock.
func (e *Engine) Clock() Clock { return e.clock }

// MessageProfile is the form in which results of models are told.
func (e *Engine) MessageProfile() bus.Profile { return e.profile }

// Pool is the engine's frame memory.
func (e *Engine) Pool() *frames.Pool { return e.pool }

// Launch builds a pipeline from launch text, such as
//
//	videotestsrc num-buffers=10 ! videoconvert ! pngenc ! multifilesink location=%03d.png
//
// It is at null; call Play. The error is a *SyntaxError or a *BuildError.
func (e *Engine) Launch(text string) (*Pipeline, error) {
	spec, err := ParseLaunch(text)
	if err != nil {
		return nil, err
	}
	return e.Build(spec)
}

// Close stops every pipeline of the engine and gives its memory back.
func (e *Engine) Close() error {
	e.mu.Lock()
	pipelines := make([]*Pipeline, 0, len(e.pipelines))
	for p := range e.pipelines {
		pipelines = append(pipelines, p)
	}
	e.mu.Unlock()
	var first error
	for _, p := range pipelines {
		if err := p.Close(); err != nil && first == nil {
			first = err
		}
	}
	e.pool.Close()
	return first
}

func (e *Engine) add(p *Pipeline) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if p.name == "" {
		p.name = fmt.Sprintf("pipeline%d", e.names)
		e.names++
	}
	e.pipelines[p] = struct{}{}
}

func (e *Engine) remove(p *Pipeline) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.pipelines, p)
}

func (e *Engine) tellStarved(report string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for p := range e.pipelines {
		p.warn(p.name, fmt.Errorf("the memory budget is used up, the stream waits: %s", report))
	}
}
