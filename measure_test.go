package eiengine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// clocked is an engine whose clock only stubs move.
func clocked(t testing.TB) (*eiengine.Engine, *eiengine.FakeClock) {
	clock := eiengine.NewFakeClock()
	return newEngine(t, eiengine.Options{Clock: clock}), clock
}

// addWork registers a filter that takes so long before it pushes, and after.
func addWork(t testing.TB, e *eiengine.Engine, clock *eiengine.FakeClock, name string, before, after time.Duration) {
	addStub(t, e, name, &stub{process: func(c *eiengine.Ctx, f *frames.Frame) error {
		clock.Advance(before)
		err := c.Push(0, f)
		clock.Advance(after)
		return err
	}})
}

// measure runs a pipeline to its end and reads its counters by element.
func measure(t testing.TB, p *eiengine.Pipeline) map[string]eiengine.ElementStats {
	t.Helper()
	p.Measure(true)
	run(t, p)
	stats := map[string]eiengine.ElementStats{}
	for _, s := range p.Stats() {
		stats[s.Name] = s
	}
	return stats
}

// about is for what a histogram tells.
func about(got, want time.Duration) bool { return got >= want-want/16 && got <= want+want/16 }

func TestTimeIsThatOfTheElementAlone(t *testing.T) {
	e, clock := clocked(t)
	addWork(t, e, clock, "slow", 3*time.Millisecond, 2*time.Millisecond)
	addWork(t, e, clock, "quick", 500*time.Microsecond, 0)
	p := launch(t, e, "counter num-buffers=20 ! slow ! fork name=t ! quick name=a ! collect  t. ! quick name=b ! collect")
	s := measure(t, p)
	for name, want := range map[string]time.Duration{
		"counter0": 0, "slow0": 100 * time.Millisecond, "t": 0, "a": 10 * time.Millisecond, "b": 10 * time.Millisecond, "collect0": 0,
	} {
		if got := s[name]; got.Time != want || want > 0 && (got.PerFrame.Count != 20 || got.PerFrame.Max != want/20 ||
			!about(got.PerFrame.P50, want/20) || !about(got.PerFrame.P99, want/20)) {
			t.Errorf("%s took %v, %+v, want %v", name, got.Time, got.PerFrame, want)
		}
	}
	if got := p.Usage(); got.Wall != 120*time.Millisecond {
		t.Errorf("it took %v", got.Wall)
	}
}

func TestNothingIsMeasuredUnlessAskedFor(t *testing.T) {
	e, clock := clocked(t)
	addWork(t, e, clock, "slow", time.Millisecond, 0)
	p := launch(t, e, "counter num-buffers=20 ! slow ! buffer ! collect")
	p.Measure(true)
	p.Measure(false)
	run(t, p)
	for _, s := range p.Stats() {
		if s.Time != 0 || s.PerFrame.Count != 0 || s.Queue.Starving != 0 {
			t.Errorf("%+v", s)
		}
	}
	if got := p.Usage(); got.Wall != 20*time.Millisecond {
		t.Errorf("it took %v", got.Wall)
	}
}

// A run is measured from its own beginning.
func TestEachRunIsMeasuredAnew(t *testing.T) {
	e, clock := clocked(t)
	addWork(t, e, clock, "slow", time.Millisecond, 0)
	p := launch(t, e, "counter num-buffers=20 ! slow ! collect")
	for range 2 {
		if s := measure(t, p)["slow0"]; s.Time != 20*time.Millisecond || s.PerFrame.Count != 20 {
			t.Errorf("%+v", s)
		}
	}
}

// Percentiles tell the rare slow frame from the many quick ones.
func TestPercentiles(t *testing.T) {
	e, clock := clocked(t)
	n := 0
	addStub(t, e, "uneven", &stub{process: func(c *eiengine.Ctx, f *frames.Frame) error {
		if n++; n%50 == 0 {
			clock.Advance(90 * time.Millisecond)
		} else {
			clock.Advance(40 * time.Microsecond)
		}
		return c.Push(0, f)
	}})
	got := measure(t, launch(t, e, "counter num-buffers=1000 ! uneven ! collect"))["uneven0"].PerFrame
	if !about(got.P50, 40*time.Microsecond) || !about(got.P99, 90*time.Millisecond) || got.Max != 90*time.Millisecond || got.Count != 1000 {
		t.Errorf("%+v", got)
	}
}

// What a queue makes others wait is not their time.
func TestWaitingForAQueueIsItsOwn(t *testing.T) {
	e, clock := clocked(t)
	var p *eiengine.Pipeline
	addStub(t, e, "last", &stub{process: func(c *eiengine.Ctx, f *frames.Frame) error {
		if f.Seq < 15 { // then the queue and what stands before it are full
			until(t, "the queue is full", func() bool { return queueOf(p).Full > f.Seq })
		}
		clock.Advance(time.Millisecond)
		return c.Push(0, f)
	}})
	p = launch(t, e, "counter num-buffers=20 ! pass ! buffer max=2 name=q ! last ! collect")
	s := measure(t, p)
	if s["counter0"].Time+s["pass0"].Time > time.Millisecond || s["last0"].Time != 20*time.Millisecond {
		t.Errorf("%v %v %v", s["counter0"].Time, s["pass0"].Time, s["last0"].Time)
	}
	q := s["q"].Queue
	if q.Full < 15 || q.Peak != 2 || q.Mean <= 0 || q.Blocked <= 0 || q.Blocked > 20*time.Millisecond {
		t.Errorf("%+v", q)
	}
	if s["pass0"].Thread != "counter0" || s["last0"].Thread != "q" || s["q"].Thread != "" || strings.Join(s["pass0"].Next, " ") != "q" {
		t.Errorf("%+v", s)
	}
}

func queueOf(p *eiengine.Pipeline) eiengine.QueueStats {
	for _, s := range p.Stats() {
		if s.Name == "q" {
			return s.Queue
		}
	}
	return eiengine.QueueStats{}
}

// For an element with several frames in flight it counts how long one is there.
func TestTimeOfAnAsyncElementIsThatToTheAnswer(t *testing.T) {
	e, clock := clocked(t)
	w := &windowed{size: 4}
	addElement(t, e, "windowed", func() eiengine.Element { return w })
	p := launch(t, e, "counter num-buffers=4 ! windowed ! collect")
	p.Measure(true)
	p.SetState(eiengine.Playing)
	until(t, "four tickets are open", func() bool { return w.open.Load() == 4 })
	clock.Advance(30 * time.Millisecond)
	close(w.gate)
	if err := p.Wait(soon(t)); err != nil {
		t.Fatal(err)
	}
	s := p.Stats()[1]
	if s.PerFrame.Count != 4 || !about(s.PerFrame.P50, 30*time.Millisecond) || s.Time != 0 {
		t.Errorf("%+v", s)
	}
	if err := p.Stop(soon(t)); err != nil {
		t.Fatal(err)
	}
}

// Time in a branch that was added is not that of the tee, and sinks say how late
// their frames were.
func TestBranchesAndLateness(t *testing.T) {
	e, clock := clocked(t)
	addWork(t, e, clock, "slow", 50*time.Millisecond, 0)
	p := launch(t, e, "counter ! pass name=first ! fork name=t ! buffer ! collect async=false name=s")
	p.Measure(true)
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	b, err := p.AddBranch(soon(t), "t", "slow name=slow ! collect name=late sync=true async=false ts-offset=-3600000000000")
	if err != nil {
		t.Fatal(err)
	}
	until(t, "frames pass", func() bool { return sink(p, "late").count() > 30 })
	found := 0
	for _, s := range p.Stats() {
		switch s.Name {
		case "slow":
			found++
			if s.Time < 30*50*time.Millisecond || s.Thread != "counter0" {
				t.Errorf("%+v", s)
			}
		case "counter0", "first", "t":
			found++
			if s.Time != 0 {
				t.Errorf("%s took %v", s.Name, s.Time)
			}
		case "late":
			found++
			if s.Late.Count < 30 || s.Late.Max < 100*time.Millisecond || s.Late.P99 < s.Late.P50 {
				t.Errorf("%+v", s.Late)
			}
		}
	}
	if found != 5 {
		t.Errorf("%d of the elements have counters", found)
	}
	if err := b.Remove(soon(t), false); err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(soon(t)); err != nil {
		t.Fatal(err)
	}
}
