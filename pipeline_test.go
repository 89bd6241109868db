package eiengine_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
)

func numbers(n int) []uint64 {
	all := make([]uint64, n)
	for i := range all {
		all[i] = uint64(i)
	}
	return all
}

func TestEveryFrameArrivesInOrder(t *testing.T) {
	for name, text := range map[string]string{
		"direct":        "counter num-buffers=50 ! collect name=s",
		"filters":       "counter num-buffers=50 ! pass ! pass ! pass ! collect name=s",
		"queue":         "counter num-buffers=50 ! buffer max=3 ! pass ! collect name=s",
		"queues":        "counter num-buffers=50 ! buffer max=1 ! buffer max=1 ! buffer ! collect name=s",
		"async":         "counter num-buffers=50 ! later ! collect name=s",
		"async twice":   "counter num-buffers=50 ! later ! later ! buffer ! collect name=s",
		"aggregator":    "counter num-buffers=50 ! merge ! collect name=s",
		"tee":           "counter num-buffers=50 ! fork name=f ! buffer ! collect name=s  f. ! buffer ! collect  f. ! collect",
		"failing async": "counter num-buffers=50 ! later fail-every=3 ! collect name=s",
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t, eiengine.Options{})
			p := launch(t, e, text)
			for range 2 { // a pipeline can be run again
				sink(p, "s").seqs = nil
				run(t, p)
				if got := sink(p, "s").seqs; !slices.Equal(got, numbers(50)) {
					t.Errorf("got frames %v", got)
				}
			}
			if s := sink(p, "s"); s.opens != 2 || s.closes != 2 {
				t.Errorf("opened %d times, closed %d times", s.opens, s.closes)
			}
		})
	}
}

func TestAggregatorTakesEverythingOfAllPads(t *testing.T) {
	p := launch(t, newEngine(t, eiengine.Options{}),
		"merge name=m ! collect name=s  counter num-buffers=20 ! m.  counter num-buffers=30 ! buffer ! m.sink_1")
	run(t, p)
	if got := sink(p, "s").count(); got != 50 {
		t.Errorf("got %d frames, not 50", got)
	}
}

func TestTeeCopiesOnceForTheBranchThatWrites(t *testing.T) {
	p := launch(t, newEngine(t, eiengine.Options{}),
		`counter num-buffers=10 ! fork name=f
		 f. ! buffer ! collect name=a  f. ! buffer ! pass name=w write=true ! collect name=b  f. ! buffer ! collect name=c keep=true`)
	// Held frames keep the memory shared until the writer has seen it.
	p.Element("c").(*collect).Update(func(c *collectProps) { c.Keep = true })
	p.Element("a").(*collect).Update(func(c *collectProps) { c.Keep = true })
	run(t, p)
	var copies int64
	for _, s := range p.Stats() {
		copies += s.Copies
	}
	if copies != 10 {
		t.Errorf("%d copies for 10 frames of which one branch writes", copies)
	}
	for _, name := range []string{"a", "c"} {
		s := sink(p, name)
		for i, b := range s.firsts {
			if int(b) != i {
				t.Errorf("%s sees %d in frame %d: somebody else's write", name, b, i)
			}
		}
		for _, f := range s.kept {
			f.Release()
		}
	}
}

func TestFramesHeldAfterStopAreFreedOnRelease(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	p := launch(t, e, "counter num-buffers=5 ! collect name=s keep=true")
	run(t, p)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	kept := sink(p, "s").kept
	if got := e.Pool().Stats().InUse; got == 0 {
		t.Fatal("nothing is held")
	}
	for i, f := range kept {
		if f.Bytes()[0] != byte(i) {
			t.Errorf("frame %d was overwritten", i)
		}
		f.Release()
	}
	if got := e.Pool().Stats().InUse; got != 0 {
		t.Errorf("%d bytes in use after the last release", got)
	}
}

func TestOneBadFrameDoesNotEndTheStream(t *testing.T) {
	p := launch(t, newEngine(t, eiengine.Options{}), "counter num-buffers=10 ! pass name=x fail-at=3 ! collect name=s")
	sub := p.Bus().Subscribe(0, bus.TypeWarning)
	defer sub.Close()
	run(t, p)
	if got := sink(p, "s").seqs; !slices.Equal(got, []uint64{0, 1, 2, 4, 5, 6, 7, 8, 9}) {
		t.Errorf("got %v", got)
	}
	m, err := sub.Next(soon(t))
	if err != nil {
		t.Fatal(err)
	}
	if w := m.Payload.(*bus.Warning); m.Src != "x" || w.Text != "frame 3 is bad" {
		t.Errorf("warned by %s: %s", m.Src, w.Text)
	}
	for _, s := range p.Stats() {
		if s.Name == "x" && s.Failed != 1 {
			t.Errorf("counted %d failures", s.Failed)
		}
	}
}

func TestFailuresFailThePipelineAlone(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"panic":            {"counter ! pass panic-at=3 ! collect", "pass0: panic: as asked"},
		"panic in a queue": {"counter ! buffer ! pass panic-at=3 ! collect", "pass0: panic: as asked"},
		"fatal":            {"counter ! pass fatal-at=3 ! collect", "pass0: frame 3 is the end"},
		"not linked":       {"counter", "counter0: internal data stream error"},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t, eiengine.Options{})
			other := launch(t, e, "counter ! pass ! collect name=s")
			if err := other.Play(soon(t)); err != nil {
				t.Fatal(err)
			}
			p := launch(t, e, c.text)
			err := p.Run(soon(t))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			before := sink(other, "s").count()
			until(t, "the other pipeline goes on", func() bool { return sink(other, "s").count() > before+10 })
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestCancelEndsSoon(t *testing.T) {
	for name, text := range map[string]string{
		"running":          "counter ! pass ! collect",
		"source blocks":    "counter block=true ! collect",
		"element blocks":   "counter ! pass hang=true ! collect",
		"queue is full":    "counter ! buffer max=1 ! pass hang=true ! collect",
		"sink waits":       "counter ! collect sync=true",
		"live source":      "counter is-live=true block=true ! collect",
		"async":            "counter ! later ! pass hang=true ! collect",
		"aggregator waits": "merge name=m ! pass hang=true ! collect  counter ! m.  counter block=true ! m.",
		"out of memory":    "counter ! collect keep=true name=k",
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t, eiengine.Options{MemoryBudget: 1 << 20})
			p := launch(t, e, text)
			ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
			defer cancel()
			began := time.Now()
			if err := p.Run(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
			if k, ok := p.Element("k").(*collect); ok {
				for _, f := range k.kept {
					f.Release()
				}
			}
		})
	}
}
