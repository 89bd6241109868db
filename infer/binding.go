package infer

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/eim"
)

// modelProps are the properties of elements that run a model.
type modelProps struct {
	ModelPath      string   `prop:"model-path,live" doc:"Model to run: the path of a .eim or .onnx file, or builtin:NAME; frames pass unjudged without one"`
	ModelPathDebug string   `prop:"model-path-with-debug,live" doc:"Like model-path, and logs what is asked and answered"`
	Threshold      []string `prop:"threshold,repeat,live" doc:"Thresholds of the model's blocks as id.key=value, several separated by commas or given one by one"`
	Debug          bool     `prop:"debug,live" doc:"Log what is asked and answered, from the next model that is loaded"`
	Workers        int      `prop:"workers,live" default:"1" min:"0" max:"64" doc:"How many processes the model runs as, to judge so many frames at a time; 0 for one per processor. Elements that share a model share its processes, as many as the one that wants most; models that remember what they have seen (trackers, continuous ones) run as one for each element"`

	Confine confinement `prop:"confine" doc:"Whether the process of a .eim model loses the rights that no model needs (network, writing files, starting processes): as far as the kernel allows (auto), all of it or the model is not started (on), or not at all (off)"`

	RequestTimeout uint64 `prop:"request-timeout" default:"30000000000" min:"1000000" max:"3600000000000" doc:"Nanoseconds that the process of a .eim model has for an answer; then it counts as hung, and another is started. The request by which a model warms up has an hour"`

	MessageProfile messageProfile `prop:"message-profile,live" doc:"The form of messages: that of the published examples (seed), that of the plugin of 2026 to the letter (plugin), or what the engine is set to (default)"`
}

// choice is the model that the properties name.
type choice struct {
	path    string
	debug   bool
	confine eim.Confine
	timeout time.Duration
}

func (p *modelProps) choice() choice {
	ch := choice{p.ModelPath, p.Debug, p.Confine.option(), time.Duration(p.RequestTimeout)}
	if p.ModelPathDebug != "" {
		ch.path, ch.debug = p.ModelPathDebug, true
	}
	return ch
}

// workers is the number that the property means.
func (p *modelProps) workers() int {
	if p.Workers > 0 {
		return p.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// binding ties an element to the model that it uses now, and changes it while
// frames flow. The element calls submit for each frame.
type binding struct {
	// judgeFor makes what asks the model; the error says why it does not suit.
	judgeFor func(m *model) (judge, error)
	variant  string // of the element's name

	c       *eiengine.Ctx
	ctx     context.Context // until close
	cancel  context.CancelFunc
	loading sync.Cond             // on mu
	running atomic.Pointer[model] // of current
	counts  counts
	pace    pacer // the submitting goroutine's

	mu       sync.Mutex
	current  *client   // nil: frames pass
	leaving  []*client // replaced, and not yet done with their last frames
	chosen   choice
	workers  int
	loads    int    // under way
	serial   uint64 // of the last change of chosen
	settings []setting
}

// open loads the model that the properties name, and returns when it is ready.
func (b *binding) open(c *eiengine.Ctx, p *modelProps) error {
	settings, err := parseThresholds(p.Threshold)
	if err != nil {
		return err
	}
	b.c, b.settings, b.chosen, b.workers = c, settings, p.choice(), p.workers()
	b.ctx, b.cancel = context.WithCancel(context.Background())
	b.loading.L = &b.mu
	if b.chosen.path == "" && b.variant != "" {
		if b.chosen.path, err = variantModel(b.variant); err != nil {
			b.cancel()
			return err
		}
	}
	if b.chosen.path == "" {
		c.Inform("no model-path is set: frames pass without being judged")
		return nil
	}
	cl, err := b.load(b.chosen)
	if err != nil {
		b.cancel()
		return err
	}
	b.mu.Lock()
	b.adopt(cl)
	b.mu.Unlock()
	b.told(cl)
	return nil
}

// load opens a model as a client of it.
func (b *binding) load(ch choice) (*client, error) {
	b.mu.Lock()
	cl := newClient(b.workers)
	b.mu.Unlock()
	cl.onEvent = func(e eim.Event) { b.event(cl, e) }
	if err := open(b.ctx, b.c, ch, cl); err != nil {
		cl.cancel()
		return nil, err
	}
	j, err := b.judgeFor(cl.model)
	if err != nil {
		return nil, errors.Join(err, cl.leave())
	}
	cl.setJudge(j)
	if cl.workers > 1 && cl.model.remembers() {
		b.c.Inform(fmt.Sprintf("model %s remembers what it has seen: one process judges this stream, in spite of workers=%d", ch.path, cl.workers))
	}
	return cl, nil
}

// adopt makes cl the model of the frames that follow; b.mu is held.
func (b *binding) adopt(cl *client) {
	b.current = cl
	if cl == nil {
		b.running.Store(nil)
		return
	}
	b.running.Store(cl.model)
	b.setThresholds(cl)
}

// parallel is the number of workers that the model in use has.
func (b *binding) parallel() int {
	if m := b.running.Load(); m != nil {
		return int(m.size.Load())
	}
	return 1
}

// begin readies the binding for a run.
func (b *binding) begin() {
	b.waitLoaded()
	b.counts.reset()
	b.pace = pacer{}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.current != nil && b.current.ctx.Err() != nil {
		b.current.renew()
	}
}

// setThresholds gives the client the settings that its model has; b.mu is held.
func (b *binding) setThresholds(cl *client) {
	good, problems := checkThresholds(cl.model.path, cl.model.info, b.settings)
	cl.wanted.Store(&good)
	if len(problems) > 0 {
		b.c.Warn(errors.New(strings.Join(problems, "; ")))
	}
}

// submit hands a frame, or the end of the stream, to the model in use, unless the
// rules let it pass.
func (b *binding) submit(c *eiengine.Ctx, f *frames.Frame, done eiengine.Ticket, r rules) {
	b.mu.Lock()
	cl := b.current
	if cl == nil {
		b.mu.Unlock()
		done.Done(f)
		return
	}
	cl.pending.Add(1)
	asking := cl.ctx
	b.mu.Unlock()
	if f != nil && !b.due(&r, cl) {
		b.counts.skipped.Add(1)
		cl.pending.Done()
		done.Done(f)
		return
	}
	j := job{client: cl, c: c, frame: f, ticket: done, ctx: c.Context(), asking: asking, rules: r, counts: &b.counts, since: c.Now()}
	if f != nil && f.Mono != frames.NoTime {
		j.since = f.Mono
	}
	cl.model.submit(&j)
}

// due reports whether the interval is over.
func (b *binding) due(r *rules, cl *client) bool {
	unasked, all := 0, 0
	if r.maxInterval > r.interval {
		unasked, all = cl.model.backlog(cl)
	}
	due := b.pace.due(r, unasked, all)
	b.counts.interval.Store(uint64(b.pace.now))
	return due
}

// changed follows a property.
func (b *binding) changed(name string, s settings) error {
	switch name {
	case "threshold":
		return b.thresholdsChanged(s)
	case "workers":
		b.workersChanged(s.properties().workers())
		return nil
	case "model-path":
		s.setProperties(func(p *modelProps) { p.ModelPathDebug = "" })
	case "model-path-with-debug":
	default:
		return nil
	}
	b.mu.Lock()
	b.chosen = s.properties().choice()
	b.serial++
	b.loads++
	serial, ch := b.serial, b.chosen
	b.mu.Unlock()
	go b.swap(serial, ch, s)
	return nil
}

func (b *binding) thresholdsChanged(s settings) (err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s.setProperties(func(p *modelProps) {
		var all []setting
		if all, err = parseThresholds(p.Threshold); err == nil {
			b.settings = all
		}
		// Each assignment adds an entry: keep the last of each key, and forget what
		// cannot be read, or it would be told again each time.
		p.Threshold = entries(b.settings)
	})
	if err == nil && b.current != nil {
		b.setThresholds(b.current)
	}
	return err
}

func entries(all []setting) []string {
	if len(all) == 0 {
		return nil
	}
	return []string{formatThresholds(all)}
}

// settle returns when no job is under way, so that no ticket outlives its run.
func (b *binding) settle() {
	b.mu.Lock()
	clients := slices.Clone(b.leaving)
	if b.current != nil {
		clients = append(clients, b.current)
	}
	b.mu.Unlock()
	for _, cl := range clients {
		cl.settle()
	}
}

// close gives the model back.
func (b *binding) close() error {
	b.cancel()
	b.waitLoaded()
	b.mu.Lock()
	cl := b.current
	b.adopt(nil)
	b.mu.Unlock()
	if cl == nil {
		return nil
	}
	return cl.leave()
}

// thresholdText is the property as it reads: all values of the model in use.
func (b *binding) thresholdText() (string, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.current == nil {
		return "", false
	}
	return formatThresholds(settingsOf(b.current.model.info, b.settings)), true
}

// told announces a model that is ready.
func (b *binding) told(cl *client) { b.c.Post(modelMessage("loaded", cl.model, nil)) }

// event tells of a process that was lost or is back.
func (b *binding) event(cl *client, e eim.Event) {
	switch e.Kind {
	case eim.Lost:
		cl.restarted.Store(true)
		b.c.Warn(e.Reason)
		b.c.Post(modelMessage("lost", cl.model, e.Reason))
	case eim.Refused:
		b.c.Warn(e.Reason)
	case eim.RestartFailed:
		b.c.Warn(fmt.Errorf("%w; next attempt in %v", e.Reason, e.Retry))
	case eim.Restored:
		b.c.Post(modelMessage("restored", cl.model, nil))
	}
}

func modelMessage(event string, m *model, reason error) *bus.Model {
	info := m.info
	out := &bus.Model{
		Event: event, Path: m.path, Project: info.Project.Name, Type: string(info.Type),
		InputWidth: info.ImageWidth, InputHeight: info.ImageHeight, Channels: info.ImageChannels,
		HasAnomaly: info.Anomaly != backend.AnomalyNone,
	}
	if reason != nil {
		out.Reason = reason.Error()
	}
	return out
}

// settings give access to the modelProps in an element's own properties.
type settings interface {
	properties() *modelProps
	setProperties(func(*modelProps))
}
