package eiengine_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
)

// within fails the test if f does not return in time.
func within(t *testing.T, d time.Duration, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(d):
		t.Fatalf("%s: not done after %v", what, d)
	}
}

func TestPanicsNameTheElement(t *testing.T) {
	boom := func(*eiengine.Ctx) error { panic("boom") }
	for name, s := range map[string]*stub{
		"Process":      {process: func(*eiengine.Ctx, *frames.Frame) error { panic("boom") }},
		"Configure":    {configure: func(_, _ *frames.Format) error { panic("boom") }},
		"Open":         {open: boom},
		"Start":        {start: boom},
		"Drain":        {drain: boom},
		"HandleEvent":  {event: func(*eiengine.Ctx, eiengine.Event) (bool, error) { panic("boom") }},
		"memory fault": {drain: func(*eiengine.Ctx) error { return readTruncated() }},
		"fault, Open":  {open: func(*eiengine.Ctx) error { return readTruncated() }},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t, eiengine.Options{})
			addStub(t, e, "stub", s)
			p := launch(t, e, "counter num-buffers=3 ! pass ! stub ! pass ! collect")
			err := p.Run(soon(t))
			if err == nil || !strings.HasPrefix(err.Error(), "stub0: ") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestPanicsAtBuildAreMistakes(t *testing.T) {
	for name, s := range map[string]*transformingStub{
		"Limit":     {stub{limit: func() frames.Caps { panic("boom") }, transform: func(c frames.Caps) frames.Caps { return c }}},
		"Transform": {stub{transform: func(frames.Caps) frames.Caps { panic("boom") }}},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t, eiengine.Options{})
			addElement(t, e, "stub", func() eiengine.Element { return s })
			_, err := e.Launch("counter num-buffers=3 ! stub ! collect")
			if err == nil || !strings.Contains(err.Error(), "stub0: panic: boom") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestPanicInABranchInTheTeesGoroutineFailsTheBranchAlone(t *testing.T) {
	for name, s := range map[string]*stub{
		"Process":   {process: func(*eiengine.Ctx, *frames.Frame) error { panic("boom") }},
		"Configure": {configure: func(_, _ *frames.Format) error { panic("boom") }},
		"property":  {changed: func(*eiengine.Ctx) error { panic("boom") }},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t, eiengine.Options{})
			addStub(t, e, "stub", s)
			p := launch(t, e, "counter ! fork name=t ! buffer ! collect name=s")
			if err := p.Play(soon(t)); err != nil {
				t.Fatal(err)
			}
			b, err := p.AddBranch(soon(t), "t", "pass ! stub name=x ! collect name=b")
			if err != nil {
				t.Fatal(err)
			}
			if name == "property" {
				if err := p.Set("x", "text", "a"); err != nil {
					t.Fatal(err)
				}
			} else {
				until(t, "the branch fails", func() bool { return b.Err() != nil })
				if !strings.HasPrefix(b.Err().Error(), "x: panic: boom") {
					t.Errorf("the branch failed with %v", b.Err())
				}
			}
			before := sink(p, "s").count()
			until(t, "the other branch goes on", func() bool { return sink(p, "s").count() > before+10 })
			if err := b.Remove(soon(t), true); err == nil {
				t.Errorf("removing says %v", err)
			}
		})
	}
}

func TestAFailedBranchDoesNotStopRenegotiation(t *testing.T) {
	for name, branch := range map[string]string{
		"failed before":         "buffer ! pass fatal-at=1 ! collect",
		"refuses the new width": "pass ! video/x-raw,width=32 ! collect",
	} {
		t.Run(name, func(t *testing.T) {
			p := launch(t, newEngine(t, eiengine.Options{}), "counter ! fork name=t ! capsfilter name=f ! collect name=s")
			sub := p.Bus().Subscribe(0, bus.TypePropertyNotify)
			defer sub.Close()
			if err := p.Play(soon(t)); err != nil {
				t.Fatal(err)
			}
			b, err := p.AddBranch(soon(t), "t", branch)
			if err != nil {
				t.Fatal(err)
			}
			if name == "failed before" {
				until(t, "the branch fails", func() bool { return b.Err() != nil })
			}
			if err := p.Set("f", "caps", "video/x-raw,width=64"); err != nil {
				t.Fatal(err)
			}
			for _, n := range bus.Payloads[*bus.PropertyNotify](soon(t), sub) {
				if n.Element == "s" && strings.Contains(n.Value, "width=(int)64") {
					break
				}
			}
			before := sink(p, "s").count()
			until(t, "frames go on", func() bool { return sink(p, "s").count() > before+10 })
			until(t, "the branch fails", func() bool { return b.Err() != nil })
		})
	}
}

// stubborn is a process function that ignores its context until it is let go.
func stubborn(letGo chan struct{}, inside *atomic.Bool) func(*eiengine.Ctx, *frames.Frame) error {
	return func(c *eiengine.Ctx, f *frames.Frame) error {
		inside.Store(true)
		<-letGo
		return c.Push(0, f)
	}
}

func TestStopIsBoundedWhenABranchHangs(t *testing.T) {
	for name, remove := range map[string]bool{"stop": false, "remove": true} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t, eiengine.Options{})
			letGo, inside := make(chan struct{}), atomic.Bool{}
			defer func() {
				close(letGo)
				until(t, "the frame comes back", func() bool { return e.Pool().Leaks() == "" })
			}()
			addStub(t, e, "stub", &stub{process: stubborn(letGo, &inside)})
			p := launch(t, e, "counter ! fork name=t ! buffer ! collect name=s")
			if err := p.Play(soon(t)); err != nil {
				t.Fatal(err)
			}
			b, err := p.AddBranch(soon(t), "t", "stub ! collect")
			if err != nil {
				t.Fatal(err)
			}
			until(t, "it hangs", inside.Load)
			within(t, 8*time.Second, "stopping", func() {
				if remove {
					if err := b.Remove(soon(t), false); err == nil || !strings.Contains(err.Error(), "did not return") {
						t.Errorf("removing says %v", err)
					}
				}
				if err := p.Stop(context.Background()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestAnElementThatHangsIsNotCalledAgain(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	letGo, inside := make(chan struct{}), atomic.Bool{}
	var stops atomic.Int32
	s := &stub{process: stubborn(letGo, &inside), stop: func() error { stops.Add(1); return nil }}
	addStub(t, e, "stub", s)
	p := launch(t, e, "counter num-buffers=3 ! stub ! collect name=s")
	if err := p.Play(soonCancelled(t)); err == nil {
		t.Fatal("it plays")
	}
	until(t, "it hangs", inside.Load)
	if err := p.Stop(soon(t)); err != nil {
		t.Fatal(err)
	}
	if err := p.Play(soon(t)); err == nil || !strings.Contains(err.Error(), "has not returned") {
		t.Errorf("played again with a goroutine in it: %v", err)
	}
	if stops.Load() != 0 {
		t.Error("stopped while in Process")
	}
	close(letGo)
	until(t, "the frame comes back", func() bool { return e.Pool().Leaks() == "" })
	until(t, "it can be played again", func() bool {
		err := p.Run(soon(t))
		return err == nil
	})
	if got := sink(p, "s").count(); got != 3 {
		t.Errorf("%d frames in the second run", got)
	}
}

func soonCancelled(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	t.Cleanup(cancel)
	return ctx
}

func TestStopInterruptsOpenAndStart(t *testing.T) {
	wait := func(c *eiengine.Ctx) error { <-c.Context().Done(); return c.Context().Err() }
	for name, s := range map[string]*stub{"Open": {open: wait}, "Start": {start: wait}} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t, eiengine.Options{})
			addStub(t, e, "stub", s)
			p := launch(t, e, "counter num-buffers=3 ! stub ! collect name=s")
			sub := p.Bus().Subscribe(0, bus.TypeError)
			defer sub.Close()
			began := time.Now()
			if err := p.Run(soonCancelled(t)); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
			sub.Close()
			if m, err := sub.Next(soon(t)); err == nil {
				t.Errorf("stopping was told as a failure: %v", m.Payload)
			}
			s.open, s.start = nil, nil
			run(t, p)
		})
	}
}

func TestOpenHasALiveContextInEveryRun(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	addStub(t, e, "stub", &stub{open: func(c *eiengine.Ctx) error { return c.Context().Err() }})
	p := launch(t, e, "counter num-buffers=3 ! stub ! collect name=s")
	run(t, p)
	run(t, p)
}

func TestQuickStopAndPlayPlays(t *testing.T) {
	p := launch(t, newEngine(t, eiengine.Options{}), "counter ! buffer ! collect name=s")
	for range 50 {
		p.SetState(eiengine.Playing)
		p.SetState(eiengine.Null)
		if err := p.Play(soon(t)); err != nil {
			t.Fatal(err)
		}
		before := sink(p, "s").count()
		until(t, "frames come", func() bool { return sink(p, "s").count() > before })
	}
}

func TestSettingCapsOfAFailedPipelineReturns(t *testing.T) {
	p := launch(t, newEngine(t, eiengine.Options{}), "counter ! pass fatal-at=2 ! capsfilter name=f ! collect")
	if err := p.Play(soon(t)); err != nil && !strings.Contains(err.Error(), "is the end") {
		t.Fatal(err)
	}
	if err := p.Wait(soon(t)); err == nil {
		t.Fatal("it did not fail")
	}
	within(t, 30*time.Second, "setting caps", func() {
		for range 20 {
			if err := p.Set("f", "caps", "video/x-raw,width=64"); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestPropertiesSetBeforePlayingMaySendEvents(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	addStub(t, e, "stub", &stub{changed: func(c *eiengine.Ctx) error { return c.SendEvent(eiengine.ForceKeyFrameEvent{}) }})
	p := launch(t, e, "counter num-buffers=3 ! pass ! stub name=x ! collect")
	p.SetState(eiengine.Ready)
	if err := p.WaitState(soon(t), eiengine.Ready); err != nil {
		t.Fatal(err)
	}
	within(t, 30*time.Second, "setting", func() {
		if err := p.Set("x", "text", "a"); err != nil {
			t.Error(err)
		}
	})
	run(t, p)
}

func TestRunReturnsWhenSomebodyElseStops(t *testing.T) {
	p := launch(t, newEngine(t, eiengine.Options{}), "counter ! collect name=s")
	ended := make(chan error, 1)
	go func() { ended <- p.Run(context.Background()) }()
	until(t, "it plays", func() bool { return sink(p, "s").count() > 3 })
	if err := p.Stop(soon(t)); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if err == nil || !strings.Contains(err.Error(), "stopped") {
			t.Errorf("got %v", err)
		}
	case <-time.After(30 * time.Second):
		p.SetState(eiengine.Playing)
		p.SendEOS()
		t.Error("Run still waits")
	}
}

func TestClosedPipelinesDoNotPlay(t *testing.T) {
	p := launch(t, newEngine(t, eiengine.Options{}), "counter ! collect name=s")
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if err := p.Play(soon(t)); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("got %v", err)
	}
	if state, _ := p.State(); state != eiengine.Null {
		t.Errorf("it is %s", state)
	}
}

func TestBranchesCannotLinkToThePipeline(t *testing.T) {
	p := launch(t, newEngine(t, eiengine.Options{}), "merge name=m ! collect  counter ! fork name=t ! m.")
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := p.AddBranch(soon(t), "t", "pass ! m."); err == nil || !strings.Contains(err.Error(), `"m"`) {
		t.Errorf("got %v", err)
	}
}

func TestStoppingWhileTheEndIsPassedOnIsNoFailure(t *testing.T) {
	for range 20 {
		e := newEngine(t, eiengine.Options{})
		addStub(t, e, "stub", &stub{process: func(c *eiengine.Ctx, f *frames.Frame) error {
			if f.Seq == 2 {
				c.Drop(f)
				return eiengine.ErrEOS
			}
			return c.Push(0, f)
		}})
		p := launch(t, e, "counter ! stub ! collect name=s sync=true")
		sub := p.Bus().Subscribe(0, bus.TypeError)
		if err := p.Play(soon(t)); err != nil {
			t.Fatal(err)
		}
		until(t, "the last frame is shown", func() bool { return sink(p, "s").count() == 2 })
		if err := p.Stop(soon(t)); err != nil {
			t.Fatal(err)
		}
		sub.Close()
		if m, err := sub.Next(soon(t)); err == nil {
			t.Fatalf("told as a failure: %v", m.Payload.(*bus.Error).Err)
		}
	}
}

func TestWindowAndPolicyAreReadAtStart(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	w := &windowed{size: 1}
	addElement(t, e, "windowed", func() eiengine.Element { return w })
	p := launch(t, e, "counter num-buffers=20 ! windowed ! collect name=s")
	w.size = 5
	p.SetState(eiengine.Playing)
	until(t, "five tickets are open", func() bool { return w.open.Load() == 5 })
	close(w.gate)
	if err := p.Wait(soon(t)); err != nil {
		t.Fatal(err)
	}
}

// windowed keeps its tickets until it is told to answer.
type windowed struct {
	eiengine.Settings[eiengine.NoProps]
	size int
	open atomic.Int32
	gate chan struct{}
}

func (w *windowed) Window() int { return w.size }

func (w *windowed) Start(*eiengine.Ctx) error { w.gate = make(chan struct{}); return nil }
func (w *windowed) Stop(*eiengine.Ctx) error  { return nil }

func (w *windowed) Submit(_ *eiengine.Ctx, f *frames.Frame, done eiengine.Ticket) {
	w.open.Add(1)
	go func() {
		<-w.gate
		done.Done(f)
	}()
}
