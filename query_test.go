package eiengine_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
)

type lagProps struct {
	Lag int `prop:"lag,live" default:"30" doc:"Milliseconds of latency"`
}

// lagging says that it delays frames.
type lagging struct {
	eiengine.Settings[lagProps]
}

func (*lagging) Process(c *eiengine.Ctx, f *frames.Frame) error { return c.Push(0, f) }

func (e *lagging) Latency() time.Duration { return time.Duration(e.Load().Lag) * time.Millisecond }

func TestLatencyIsTheWorstWayAndFollowsChanges(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	addElement(t, e, "lagging", func() eiengine.Element { return new(lagging) })
	p := paused(t, launch(t, e, `counter is-live=true ! lagging name=a ! fork name=t
		t. ! buffer ! lagging lag=5 ! collect sync=true  t. ! collect
		counter ! lagging lag=1000 ! collect sync=true`))
	sub := p.Bus().Subscribe(10, bus.TypeLatency)
	expect := func(what string, want time.Duration) {
		t.Helper()
		if got := p.Latency(); got != want {
			t.Errorf("%s the latency is %v, want %v", what, got, want)
		}
	}
	expect("of the live source's way to the sink that waits,", 55*time.Millisecond)
	if err := p.Set("a", "lag", "40"); err != nil {
		t.Fatal(err)
	}
	expect("after a change", 65*time.Millisecond)
	b, err := p.AddBranch(soon(t), "t", "lagging lag=100 ! collect sync=true")
	if err != nil {
		t.Fatal(err)
	}
	expect("with another branch", 160*time.Millisecond)
	if err := b.Remove(soon(t), false); err != nil {
		t.Fatal(err)
	}
	expect("without it", 65*time.Millisecond)
	stop(t, p)
	sub.Close()
	told := 0
	for range sub.All(context.Background()) {
		told++
	}
	if told != 3 {
		t.Errorf("the bus told of %d changes, want 3", told)
	}
}

func TestSinksThatWaitShowFramesAtBaseAndTimeAndLatency(t *testing.T) {
	clock := eiengine.NewFakeClock()
	e := newEngine(t, eiengine.Options{Clock: clock})
	addElement(t, e, "lagging", func() eiengine.Element { return new(lagging) })
	p := launch(t, e, "counter is-live=true num-buffers=4 ! lagging ! collect name=s sync=true ts-offset=7000000")
	clock.Advance(time.Hour)
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	tick(t, p, clock)
	var late []time.Duration
	for i, at := range sink(p, "s").times {
		late = append(late, (at - time.Hour - frame(int64(i))).Truncate(time.Millisecond))
	}
	const want = (30 + 20 + 7) * time.Millisecond
	if !slices.Equal(late, []time.Duration{want, want, want, want}) {
		t.Errorf("frames were shown %v after their times, want %v: latency, processing and offset", late, want)
	}
	stop(t, p)
}

func TestABranchThatComesAfterASeekIsInItsTime(t *testing.T) {
	clock := eiengine.NewFakeClock()
	p := paused(t, launch(t, newEngine(t, eiengine.Options{Clock: clock}), "counter num-buffers=300 ! fork name=t  t. ! collect name=s sync=true"))
	seek(t, p, eiengine.SeekEvent{Position: frame(290), Flush: true})
	if _, err := p.AddBranch(soon(t), "t", "buffer ! collect name=late sync=true"); err != nil {
		t.Fatal(err)
	}
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	tick(t, p, clock)
	s, late := sink(p, "s"), sink(p, "late")
	if n := late.count(); n == 0 || !slices.Equal(late.seqs, s.seqs[len(s.seqs)-n:]) {
		t.Errorf("the branch got the frames %v, want the last of %v", late.seqs, s.seqs)
	}
	for i, at := range late.times {
		if due := frame(int64(late.seqs[i]) - 290); at < due || at > frame(11) {
			t.Errorf("the branch showed frame %d at %v, want %v or soon after", late.seqs[i], at, due)
		}
	}
	stop(t, p)
}

// rewinder asks for the beginning once, when it sees a frame.
type rewinder struct {
	stub
	asked bool
}

func TestAnElementMaySeek(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	r := new(rewinder)
	r.process = func(c *eiengine.Ctx, f *frames.Frame) error {
		if f.Seq == 50 && !r.asked {
			r.asked = true
			if err := c.SendEvent(eiengine.SeekEvent{Position: frame(200), Flush: true}); err != nil {
				f.Release()
				return err
			}
		}
		return c.Push(0, f)
	}
	addElement(t, e, "rewinder", func() eiengine.Element { return r })
	p := launch(t, e, "counter num-buffers=300 ! rewinder ! collect name=s sync=true")
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	until(t, "the seek is done", func() bool { return p.Position() >= frame(200) })
	stop(t, p)
	got := sink(p, "s").numbers()
	if i := slices.Index(got, 200); i < 0 || i > 60 {
		t.Errorf("the sink got the frames %v, want 200 soon after 50", got)
	}
}
