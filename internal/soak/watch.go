package soak

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/internal/guest"
)

// between is from line to line of the log.
const between = 10 * time.Second

// Watch watches a pipeline.
type Watch struct {
	t      testing.TB
	p      *eiengine.Pipeline
	ctx    context.Context
	length time.Duration
	began  time.Time
	random *rand.Rand
	ended  chan error
	wait   sync.WaitGroup
	stop   context.CancelFunc

	samples []Sample

	mu      sync.Mutex
	faults  map[string]int
	results map[string]int // by element
	found   map[string]int // results that name something
	devices map[string]*device
	warned  int
}

// device is what was told of one, or of a model.
type device struct {
	state string
	told  map[string]int // by event
	wrong []string
}

// shortest is the least time in which there are enough moments to judge by.
const shortest = 2 * time.Minute

// Length is what a variable of the environment says, such as 30m; without one the
// test is skipped.
func Length(t testing.TB, variable string) time.Duration {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		t.Skipf("a soak of the length %s, which is not set: make soak", variable)
	}
	length, err := time.ParseDuration(text)
	if err != nil || length < shortest {
		t.Fatalf("%s=%s: want how long, such as 30m, and %v at least", variable, text, shortest)
	}
	return length
}

// Begin plays a pipeline and watches it until End. SOAK_SEED chooses other random
// moments.
func Begin(t testing.TB, p *eiengine.Pipeline, length time.Duration) *Watch {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), length+guest.Patience)
	watching, stop := context.WithCancel(ctx)
	w := &Watch{
		t: t, p: p, ctx: ctx, stop: stop, length: length, began: time.Now(), ended: make(chan error, 1),
		faults: map[string]int{}, results: map[string]int{}, found: map[string]int{}, devices: map[string]*device{},
	}
	seed, err := strconv.ParseUint(os.Getenv("SOAK_SEED"), 10, 64)
	if err != nil {
		seed = rand.Uint64()
	}
	t.Logf("%v, SOAK_SEED=%d", length, seed)
	w.random = rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // no secret
	t.Cleanup(func() {
		stop()
		w.wait.Wait()
		cancel()
	})
	told := p.Bus().Subscribe(1000)
	w.wait.Go(func() {
		defer told.Close()
		for m := range told.All(watching) {
			w.hear(m)
		}
		if n := told.Dropped(); n > 0 {
			t.Errorf("%d messages were missed", n)
		}
	})
	w.wait.Go(func() { w.log(watching) })
	go func() { w.ended <- p.Run(ctx) }()
	return w
}

// hear keeps count of what the pipeline tells.
func (w *Watch) hear(m *bus.Message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch payload := m.Payload.(type) {
	case *bus.Inference:
		w.results[m.Src]++
		if r := payload.Result; len(r.Boxes)+len(r.Classification) > 0 {
			w.found[m.Src]++
		}
	case *bus.Device:
		w.logf("%s: %s %s %s", m.Src, payload.Event, payload.Away.Round(time.Millisecond), payload.Reason)
		w.device(m.Src).hear(payload.Event)
	case *bus.Model:
		if payload.Event != "loaded" {
			w.logf("%s: %s %s", m.Src, payload.Event, payload.Reason)
			w.device(m.Src).hear(payload.Event)
		}
	case *bus.Warning:
		w.warned++
		w.logf("%s: warning: %s", m.Src, payload.Text)
	}
}

// logf logs when something happened.
func (w *Watch) logf(format string, args ...any) {
	w.t.Helper()
	w.t.Logf("%7.1f s: "+format, append([]any{time.Since(w.began).Seconds()}, args...)...)
}

func (w *Watch) device(name string) *device {
	d := w.devices[name]
	if d == nil {
		d = &device{state: "there", told: map[string]int{}}
		w.devices[name] = d
	}
	return d
}

// hear holds that what is told makes sense: what was not away does not come back, and
// nothing is lost twice.
func (d *device) hear(event string) {
	d.told[event]++
	state := event
	if event == "restored" {
		state = "there"
	}
	if state == d.state || d.state == "lost" && state == "stalled" {
		d.wrong = append(d.wrong, fmt.Sprintf("%s while it was %s", event, d.state))
	}
	d.state = state
}

func (w *Watch) log(ctx context.Context) {
	tick := time.NewTicker(between)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			w.logf("%s", w.line())
		case <-ctx.Done():
			return
		}
	}
}

// line is everything that is known now.
func (w *Watch) line() string {
	var s strings.Builder
	s.WriteString("frames")
	for _, e := range w.p.Stats() {
		if len(e.Next) == 0 {
			fmt.Fprintf(&s, " %s %d", e.Name, e.In)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	fmt.Fprintf(&s, "; results%s; found%s; faults%s; told", counts(w.results), counts(w.found), counts(w.faults))
	for _, name := range slices.Sorted(maps.Keys(w.devices)) {
		fmt.Fprintf(&s, " %s%s,", name, counts(w.devices[name].told))
	}
	fmt.Fprintf(&s, " warnings %d; %v", w.warned, w.read(Read))
	return s.String()
}

func counts(of map[string]int) string {
	var s strings.Builder
	for _, name := range slices.Sorted(maps.Keys(of)) {
		fmt.Fprintf(&s, " %s %d", name, of[name])
	}
	return s.String()
}

// Random is a random number below n.
func (w *Watch) Random(n int) int { return w.random.IntN(n) }

// Between is a random time.
func (w *Watch) Between(least, most time.Duration) time.Duration {
	return least + time.Duration(w.random.Int64N(int64(most-least)))
}

// Pause waits for a random time, and says whether the soak goes on.
func (w *Watch) Pause(least, most time.Duration) bool {
	w.t.Helper()
	w.Sleep(w.Between(least, most))
	return time.Since(w.began) < w.length
}

// Sleep lets the pipeline play.
func (w *Watch) Sleep(d time.Duration) {
	w.t.Helper()
	deadline := time.Now().Add(d)
	w.until("to play", func() bool { return time.Now().After(deadline) })
}

// Fault counts one, and logs it.
func (w *Watch) Fault(name string) {
	w.t.Helper()
	w.logf("FAULT %s", name)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults[name]++
}

// Told is how often an event was told of the device, or model, of an element.
func (w *Watch) Told(element, event string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.device(element).told[event]
}

// Until waits until an event was told n times of the device, or model, of an element.
func (w *Watch) Until(element, event string, n int) {
	w.t.Helper()
	w.until(fmt.Sprintf("%s %s %d times", element, event, n), func() bool { return w.Told(element, event) >= n })
}

// Lost holds that the device, or model, of an element was told to be lost n times, and to
// be restored as often, not counting stalls.
func (w *Watch) Lost(element string, n int) {
	w.t.Helper()
	lost, stalled, restored := w.Told(element, "lost"), w.Told(element, "stalled"), w.Told(element, "restored")
	if lost != n || restored < lost || restored > lost+stalled {
		w.t.Errorf("%s: %d times lost, %d stalled, %d restored: want %d lost, and as many restored", element, lost, stalled, restored, n)
	}
}

// Ready waits until all devices and models are there, and the sinks have taken frames
// again, and notes what the process holds.
func (w *Watch) Ready(sinks ...string) {
	w.t.Helper()
	w.whole()
	w.More(5, sinks...)
	w.settle()
}

// whole waits until all devices and models are there.
func (w *Watch) whole() {
	w.t.Helper()
	w.until("all to be back", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, d := range w.devices {
			if d.state != "there" {
				return false
			}
		}
		return true
	})
}

// More waits until each of the sinks has taken n frames more.
func (w *Watch) More(n uint64, sinks ...string) {
	w.t.Helper()
	want := w.taken(sinks)
	w.until(fmt.Sprintf("%d frames more at each of %v", n, sinks), func() bool {
		for i, has := range w.taken(sinks) {
			if has < want[i]+n {
				return false
			}
		}
		return true
	})
}

func (w *Watch) taken(sinks []string) []uint64 {
	n := make([]uint64, len(sinks))
	for _, e := range w.p.Stats() {
		if i := slices.Index(sinks, e.Name); i >= 0 {
			n[i] = e.In
		}
	}
	return n
}

// Counted is one of the counts of an element.
func (w *Watch) Counted(element, name string) uint64 {
	for _, e := range w.p.Stats() {
		for _, c := range e.Counts {
			if e.Name == element && c.Name == name {
				return c.N
			}
		}
	}
	return 0
}

// Found is how many results of a model name something: boxes, or labels.
func (w *Watch) Found(element string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.found[element]
}

// until waits for something, as long as the pipeline plays.
func (w *Watch) until(what string, is func() bool) {
	w.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case err := <-w.ended:
			w.t.Fatalf("waiting for %s the pipeline ended: %v", what, err)
		case <-w.ctx.Done():
			w.t.Fatalf("waited in vain for %s\n%s", what, w.line())
		}
	}
}

// read reads the vitals, with the pipeline's pool.
func (w *Watch) read(vitals func() Vitals) Vitals {
	v := vitals()
	v.Pool = w.p.Engine().Pool().Stats().Total
	return v
}

// settle notes what the process holds; all streams play.
func (w *Watch) settle() {
	w.t.Helper()
	w.samples = append(w.samples, Sample{At: time.Since(w.began), Vitals: w.read(Settled)})
	w.logf("settled: %v", w.samples[len(w.samples)-1].Vitals)
}

// End judges what was seen, and stops the pipeline.
func (w *Watch) End() {
	w.t.Helper()
	w.settle()
	w.logf("%s", w.line())
	for _, problem := range Grown(w.length, w.samples) {
		w.t.Error(problem)
	}
	w.finish()
	for name, d := range w.devices {
		for _, wrong := range d.wrong {
			w.t.Errorf("%s is told to be %s", name, wrong)
		}
	}
}

// finish stops the pipeline, and watches no longer.
func (w *Watch) finish() {
	w.t.Helper()
	if err := w.p.Stop(w.ctx); err != nil {
		w.t.Errorf("stop: %v", err)
	}
	_ = <-w.ended // it says that it was stopped
	w.stop()
	w.wait.Wait()
}
