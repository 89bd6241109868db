package eiengine_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// expander becomes what the test says.
type expander struct {
	eiengine.Settings[eiengine.NoProps]
	text string
}

func (x *expander) Expand(*eiengine.Ctx, []byte, bool) (*eiengine.Spec, error) {
	spec, err := eiengine.ParseLaunch(x.text)
	return &spec, err
}

// counted are stubs that count what is open and started.
func counted(t *testing.T, e *eiengine.Engine, name string, startErr error) (opened, started *atomic.Int32) {
	opened, started = new(atomic.Int32), new(atomic.Int32)
	addElement(t, e, name, func() eiengine.Element {
		return &stub{
			open:  func(*eiengine.Ctx) error { opened.Add(1); return nil },
			close: func() error { opened.Add(-1); return nil },
			start: func(*eiengine.Ctx) error {
				if startErr == nil {
					started.Add(1)
				}
				return startErr
			},
			stop: func() error { started.Add(-1); return nil },
		}
	})
	return opened, started
}

func TestAnExpansionThatFailsLeavesNothingOpen(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	opened, started := counted(t, e, "good", nil)
	badOpened, _ := counted(t, e, "bad", errors.New("no"))
	addElement(t, e, "expander", func() eiengine.Element { return &expander{text: "good ! bad ! good"} })
	p := launch(t, e, "counter ! expander ! collect")
	if err := p.Run(soon(t)); err == nil || !strings.Contains(err.Error(), "no") {
		t.Errorf("got %v", err)
	}
	if opened.Load() != 0 || started.Load() != 0 || badOpened.Load() != 0 {
		t.Errorf("%d and %d are open, %d started", opened.Load(), badOpened.Load(), started.Load())
	}
}

func TestAnExpansionGoesWithItsBranch(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	opened, started := counted(t, e, "good", nil)
	addElement(t, e, "expander", func() eiengine.Element { return &expander{text: "good ! good"} })
	p := launch(t, e, "counter ! fork name=t ! collect name=s")
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	elements := p.Elements()
	for _, branch := range []string{"expander ! collect name=b", "buffer ! expander ! collect name=b"} {
		b, err := p.AddBranch(soon(t), "t", branch)
		if err != nil {
			t.Fatal(err)
		}
		got := sink(p, "b")
		until(t, "frames come", func() bool { return got.count() > 2 })
		if err := b.Remove(soon(t), true); err != nil {
			t.Fatal(err)
		}
		if opened.Load() != 0 || started.Load() != 0 {
			t.Errorf("%d are open, %d started", opened.Load(), started.Load())
		}
		if now := p.Elements(); !slices.Equal(now, elements) {
			t.Errorf("elements left: %v", now)
		}
	}
}

func TestTheEndWaitsForTheSinksOfBranches(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	var drained atomic.Bool
	letGo := make(chan struct{})
	addStub(t, e, "slow", &stub{drain: func(c *eiengine.Ctx) error {
		select {
		case <-letGo:
			drained.Store(true)
		case <-c.Context().Done():
		}
		return nil
	}})
	p := launch(t, e, "counter ! fork name=t ! collect name=s")
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := p.AddBranch(soon(t), "t", "buffer ! slow ! collect name=b"); err != nil {
		t.Fatal(err)
	}
	got := sink(p, "b")
	until(t, "frames come", func() bool { return got.count() > 2 })
	p.SendEOS()
	if err := p.Wait(soonCancelled(t)); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("it ended before the branch did: %v", err)
	}
	close(letGo)
	if err := p.Wait(soon(t)); err != nil {
		t.Fatal(err)
	}
	if !drained.Load() {
		t.Error("the branch was cut")
	}
	if a, b := sink(p, "s").seqs, got.seqs; a[len(a)-1] != b[len(b)-1] {
		t.Errorf("the branch ended at %d, the other at %d", b[len(b)-1], a[len(a)-1])
	}
}

func TestTheEndDoesNotWaitForLostBranches(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	p := launch(t, e, "counter ! fork name=t ! collect name=s")
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	var branches []*eiengine.Branch
	for _, text := range []string{"buffer ! pass fatal-at=2 ! collect", "buffer leak=upstream ! pass hang=true ! collect", "pass ! collect"} {
		b, err := p.AddBranch(soon(t), "t", text)
		if err != nil {
			t.Fatal(err)
		}
		branches = append(branches, b)
	}
	until(t, "one branch fails", func() bool { return branches[0].Err() != nil })
	p.SendEOS()
	if err := p.Wait(soonCancelled(t)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it ended while a branch hangs: %v", err)
	}
	if err := branches[1].Remove(soon(t), false); err != nil {
		t.Error(err)
	}
	if err := p.Wait(soon(t)); err != nil {
		t.Fatal(err)
	}
}

func TestABranchAddedAfterTheEndEndsToo(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	p := launch(t, e, "counter num-buffers=3 ! fork name=t ! collect name=s")
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(soon(t)); err != nil {
		t.Fatal(err)
	}
	b, err := p.AddBranch(soon(t), "t", "buffer ! collect name=b")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if err := b.Remove(ctx, true); err != nil || ctx.Err() != nil {
		t.Errorf("%v, %v", err, ctx.Err())
	}
}

func TestDrainingABranchDoesNotHoldUpTheTee(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	letGo := make(chan struct{})
	addStub(t, e, "slow", &stub{drain: func(*eiengine.Ctx) error { <-letGo; return nil }})
	p := launch(t, e, "counter ! fork name=t ! collect name=s")
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	b, err := p.AddBranch(soon(t), "t", "slow ! collect name=b")
	if err != nil {
		t.Fatal(err)
	}
	removed := make(chan error, 1)
	go func() { removed <- b.Remove(soon(t), true) }()
	time.Sleep(20 * time.Millisecond)
	before := sink(p, "s").count()
	until(t, "the other branch goes on", func() bool { return sink(p, "s").count() > before+10 })
	close(letGo)
	if err := <-removed; err != nil {
		t.Error(err)
	}
}

// drainingCounter gives one more frame at the end.
type drainingCounter struct {
	counter
	err error
}

func (s *drainingCounter) Drain(c *eiengine.Ctx) error {
	s.err = c.Context().Err()
	return nil
}

func TestASourceDrainsWithALiveContext(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	s := &drainingCounter{err: errors.New("not drained")}
	if err := e.Registry().Register(eiengine.Factory{Name: "draining", Pads: []eiengine.PadTemplate{eiengine.SrcPad(rgb)}, New: func() eiengine.Element { return s }}); err != nil {
		t.Fatal(err)
	}
	p := launch(t, e, "draining ! collect name=s")
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	p.SendEOS()
	if err := p.Wait(soon(t)); err != nil {
		t.Fatal(err)
	}
	if s.err != nil {
		t.Error(s.err)
	}
}

// eater is an Async element that deals with an event itself.
type eater struct{ later }

func (*eater) HandleEvent(_ *eiengine.Ctx, e eiengine.Event) (bool, error) {
	_, custom := e.(eiengine.CustomEvent)
	return custom, nil
}

func TestAnAsyncElementCanKeepEvents(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	var seen atomic.Int32
	addStub(t, e, "sender", &stub{process: func(c *eiengine.Ctx, f *frames.Frame) error {
		if err := c.SendEvent(eiengine.CustomEvent{Name: "x"}); err != nil {
			f.Release()
			return err
		}
		return c.Push(0, f)
	}})
	addElement(t, e, "eater", func() eiengine.Element { return new(eater) })
	addStub(t, e, "watcher", &stub{event: func(_ *eiengine.Ctx, e eiengine.Event) (bool, error) {
		if _, ok := e.(eiengine.CustomEvent); ok {
			seen.Add(1)
		}
		return false, nil
	}})
	run(t, launch(t, e, "counter num-buffers=3 ! sender ! eater ! watcher ! collect"))
	if seen.Load() != 0 {
		t.Errorf("%d events went on", seen.Load())
	}
}

func TestPlayingAFailedPipelineSaysWhy(t *testing.T) {
	p := launch(t, newEngine(t, eiengine.Options{}), "counter is-live=true ! pass fatal-at=2 ! collect")
	p.SetState(eiengine.Playing)
	if err := p.Wait(soon(t)); err == nil {
		t.Fatal("it did not fail")
	}
	if err := p.Play(soon(t)); err == nil || !strings.Contains(err.Error(), "is the end") {
		t.Errorf("got %v", err)
	}
}

func TestEverythingAtOnce(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	p := launch(t, e, "counter ! capsfilter name=f ! fork name=t ! buffer ! later ! collect name=s count=true")
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	var workers sync.WaitGroup
	work := func(f func(r *rand.Rand)) {
		workers.Add(1)
		go func() {
			defer workers.Done()
			r := rand.New(rand.NewPCG(1, 2))
			for ctx.Err() == nil {
				f(r)
			}
		}()
	}
	states := []eiengine.State{eiengine.Null, eiengine.Ready, eiengine.Paused, eiengine.Playing, eiengine.Playing}
	work(func(r *rand.Rand) {
		p.SetState(states[r.IntN(len(states))])
		if r.IntN(3) > 0 {
			time.Sleep(time.Duration(r.IntN(3000)) * time.Microsecond)
		}
	})
	branches := []string{"pass ! collect count=true", "buffer ! collect count=true", "later ! collect count=true", "pass panic-at=1 ! collect count=true", "fork ! buffer ! collect count=true"}
	for range 2 {
		work(func(r *rand.Rand) {
			short, cancel := context.WithTimeout(ctx, time.Millisecond)
			defer cancel()
			b, err := p.AddBranch(short, "t", branches[r.IntN(len(branches))])
			if err != nil {
				return
			}
			if r.IntN(4) > 0 {
				_ = b.Remove(short, r.IntN(2) == 0)
			}
		})
	}
	work(func(r *rand.Rand) {
		if err := p.Set("f", "caps", fmt.Sprintf("video/x-raw,width=%d", 16*(1+r.IntN(3)))); err != nil {
			t.Error(err)
		}
		time.Sleep(100 * time.Microsecond)
	})
	work(func(r *rand.Rand) {
		p.Measure(r.IntN(3) > 0)
		p.Trace(r.IntN(2) > 0)
		p.Usage()
		time.Sleep(300 * time.Microsecond)
	})
	work(func(*rand.Rand) { p.Stats(); p.Spec(); p.Latency(); p.Elements(); time.Sleep(50 * time.Microsecond) })
	work(func(r *rand.Rand) {
		if r.IntN(10) == 0 {
			p.SendEOS()
		}
		time.Sleep(time.Millisecond)
	})
	workers.Wait()
	within(t, 30*time.Second, "closing", func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	until(t, "what was under way comes back", func() bool { return e.Pool().Leaks() == "" })
}
