package infer_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/infer/backend"
)

// gatedRig plays numbered pictures, given one by one, to a model behind a gate.
func gatedRig(t *testing.T, props string) (*rig, *steps, *gate, *eiengine.FakeClock) {
	t.Helper()
	spec, g := gated(t)
	clock := eiengine.NewFakeClock()
	s := newSteps(t, clock)
	r := newRigAt(t, clock, "feed ! edgeimpulsevideoinfer name=net "+props+" model-path="+program(t, roleProbe, probeEnv(spec)), source("feed", s.feeder))
	r.p.SetState(eiengine.Playing)
	s.begin()
	return r, s, g, clock
}

// finish ends the stream and gives the numbers of the frames that were judged.
func finish(t *testing.T, r *rig, s *steps, g *gate) (judged []int) {
	t.Helper()
	g.open(t, 1000)
	s.end()
	if err := r.p.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.settle()
	for _, f := range r.out.frames {
		if f.result != nil {
			judged = append(judged, int(f.seq))
		}
	}
	if got := len(payloads[*bus.Inference](r)); got != len(judged) {
		t.Errorf("%d results for %d frames", got, len(judged))
	}
	return judged
}

func wantStats(t *testing.T, r *rig, want string) {
	t.Helper()
	got, err := r.p.Get("net", "stats")
	if err != nil || !strings.Contains(got, want) {
		t.Errorf("stats reads %q, %v; want %q in it", got, err, want)
	}
}

func TestLatestJudgesTheNewest(t *testing.T) {
	r, s, g, _ := gatedRig(t, "queue-policy=latest")
	s.send(1)
	g.next(t)
	s.send(20) // nobody waits
	g.open(t, 1)
	if _, n := g.next(t); n != 20 {
		t.Errorf("the second request is frame %d, not the newest", n)
	}
	if judged := finish(t, r, s, g); !slices.Equal(judged, []int{0, 20}) {
		t.Errorf("judged %v", judged)
	}
	inOrder(t, r, 21)
	wantStats(t, r, "judged=(guint64)2, skipped=(guint64)0, superseded=(guint64)19, late=(guint64)0")
}

// What is dropped takes no place: however long the model takes, nobody waits.
func TestLatestDropsWhatItLeavesOut(t *testing.T) {
	r, s, g, _ := gatedRig(t, "queue-policy=latest left-out=drop workers=2")
	s.send(2)
	g.next(t)
	g.next(t)
	s.send(500)
	if judged := finish(t, r, s, g); !slices.Equal(judged, []int{0, 1, 501}) || r.out.count() != 3 {
		t.Errorf("judged %v, %d frames came out", judged, r.out.count())
	}
	if st := stats(t, r, "net"); st.Dropped != 499 || st.Out != 3 {
		t.Errorf("%d frames dropped, %d out", st.Dropped, st.Out)
	}
}

func TestFramesOlderThanMaxLatencyPass(t *testing.T) {
	for _, policy := range []string{"every-frame", "deadline"} {
		t.Run(policy, func(t *testing.T) {
			r, s, g, clock := gatedRig(t, "max-latency=3600000000000 queue-policy="+policy)
			s.send(1)
			g.next(t)
			s.send(1)
			clock.Advance(2 * time.Hour)
			g.open(t, 1)
			s.send(2)
			if _, n := g.next(t); n != 2 {
				t.Errorf("the second request is frame %d; frame 1 is too old", n)
			}
			if judged := finish(t, r, s, g); !slices.Equal(judged, []int{0, 2, 3}) {
				t.Errorf("judged %v", judged)
			}
			inOrder(t, r, 4)
			wantStats(t, r, "judged=(guint64)3, skipped=(guint64)0, superseded=(guint64)0, late=(guint64)1")
			if !strings.Contains(r.texts(), "within max-latency=3600000000000 (1h0m0s)") {
				t.Errorf("nobody said so:\n%s", r.texts())
			}
		})
	}
}

// Frames that pass wait behind one that is judged; nobody waits for them.
func TestDeadlineHoldsNobodyUp(t *testing.T) {
	r, s, g, _ := gatedRig(t, "max-latency=3600000000000 queue-policy=deadline")
	s.send(30)
	if judged := finish(t, r, s, g); len(judged) != 30 {
		t.Errorf("%d of 30 judged, and none was too old", len(judged))
	}
	inOrder(t, r, 30)
}

func TestIntervalLetsFramesPass(t *testing.T) {
	r, s, g, _ := gatedRig(t, "interval=2")
	g.open(t, 1000)
	s.send(6)
	if err := r.p.Set("net", "interval", "0"); err != nil {
		t.Fatal(err)
	}
	s.send(4)
	if judged := finish(t, r, s, g); !slices.Equal(judged, []int{0, 3, 6, 7, 8, 9}) {
		t.Errorf("judged %v", judged)
	}
	inOrder(t, r, 10)
	wantStats(t, r, "judged=(guint64)6, skipped=(guint64)4")
}

func TestIntervalGrowsWhileBehind(t *testing.T) {
	r, s, g, _ := gatedRig(t, "interval=0 max-interval=3 queue-policy=latest")
	s.send(1)
	g.next(t)
	s.send(12)
	wantStats(t, r, "interval=(uint)3")
	// 0, 1; 2 finds 1 waiting, and so on: 4, 7, 11. Only the last of them still waits.
	if judged := finish(t, r, s, g); !slices.Equal(judged, []int{0, 11}) {
		t.Errorf("judged %v", judged)
	}
	wantStats(t, r, "judged=(guint64)2, skipped=(guint64)7, superseded=(guint64)4")
}

// Nothing but max-interval is needed: the elements before do not wait for the model
// while there is something left to leave out.
func TestIntervalGrowsWithoutAnotherPolicy(t *testing.T) {
	r, s, g, _ := gatedRig(t, "max-interval=3")
	s.send(1)
	g.next(t)
	s.send(12)
	wantStats(t, r, "interval=(uint)3")
	if judged := finish(t, r, s, g); !slices.Equal(judged, []int{0, 1, 2, 4, 7, 11}) {
		t.Errorf("judged %v", judged)
	}
	inOrder(t, r, 13)
	wantStats(t, r, "judged=(guint64)6, skipped=(guint64)7")
}

func TestDeadlineNeedsADeadline(t *testing.T) {
	r := newRig(t, numbered(t, 3), "edgeimpulsevideoinfer name=net queue-policy=deadline model-path=builtin:shapes")
	if err := r.p.Play(t.Context()); err == nil || !strings.Contains(err.Error(), "set max-latency") {
		t.Errorf("error %v", err)
	}
	if err := r.p.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	spec := viewer(backend.ResizeSquash)
	s := newSteps(t, nil)
	r = newRigOf(t, "feed ! edgeimpulsevideoinfer name=net model-path="+program(t, roleProbe, probeEnv(spec)), source("feed", s.feeder))
	r.p.SetState(eiengine.Playing)
	s.begin()
	if err := r.p.Set("net", "queue-policy", "deadline"); err != nil {
		t.Fatal(err)
	}
	s.send(5)
	s.end()
	if err := r.p.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if !strings.Contains(r.texts(), "needs a deadline") || len(payloads[*bus.Inference](r)) != 5 {
		t.Errorf("%d of 5 judged\n%s", len(payloads[*bus.Inference](r)), r.texts())
	}
}
