package infer_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/infer/backend"
)

// The model is changed again and again while frames flow as fast as they can: each
// frame is answered once, in order, by the old model or the new.
func TestHundredSwapsUnderLoad(t *testing.T) {
	swaps := 100
	if raceEnabled || testing.Short() {
		swaps = 20
		t.Logf("%d swaps only: short or race", swaps)
	}
	var paths []string
	for i := range 3 {
		spec := viewer(backend.ResizeSquash)
		spec.Result.Boxes[0].Label = fmt.Sprint(i)
		spec.Uneven = 2 * time.Millisecond // or the frames would leave no time to start models
		paths = append(paths, program(t, roleProbe, probeEnv(spec)))
	}
	s := newSteps(t, nil)
	r := newRigOf(t, "feed ! edgeimpulsevideoinfer name=net workers=2 model-path="+paths[0], source("feed", s.feeder))
	loaded := r.p.Bus().Subscribe(1<<12, bus.TypeElement)
	nextLoaded := func() string {
		for {
			m, err := loaded.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if p, ok := m.Payload.(*bus.Model); ok && p.Event == "loaded" {
				return p.Path
			}
		}
	}
	r.p.SetState(eiengine.Playing)
	s.begin()
	nextLoaded()
	sent := 0
	flow := func(until <-chan struct{}) {
		for {
			s.send(1)
			sent++
			select {
			case <-until:
				return
			default:
			}
		}
	}
	for i := range swaps {
		want := paths[(i+1)%len(paths)]
		if err := r.p.Set("net", "model-path", want); err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			if got := nextLoaded(); got != want {
				t.Errorf("swap %d loaded %s, want %s", i, got, want)
			}
		}()
		flow(done)
	}
	s.send(5)
	sent += 5
	s.end()
	if err := r.p.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.settle()
	inOrder(t, r, sent)
	results := payloads[*bus.Inference](r)
	if len(results) != sent {
		t.Errorf("%d results for %d frames", len(results), sent)
	}
	seen := map[string]int{}
	changes, last := 0, "0"
	for i, f := range r.out.frames {
		if len(f.regions) != 1 {
			t.Fatalf("frame %d has %d boxes, want that of one model\n%s", i, len(f.regions), r.texts())
		}
		label := f.regions[0].Label
		seen[label]++
		if label != last {
			changes, last = changes+1, label
		}
	}
	t.Logf("%d frames, by model %v, %d changes", sent, seen, changes)
	if changes != swaps {
		t.Errorf("%d changes of model among the frames, want %d: a model that was replaced judged again, or one judged none", changes, swaps)
	}
}
