package infer_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/infer/backend"
)

func TestThresholdsOnTheLaunchLineAndLive(t *testing.T) {
	src := numbered(t, 40)
	path := program(t, roleProbe, probeEnv(viewer(backend.ResizeSquash))) // finds a box of 0.75
	// threshold stands before model-path on purpose.
	r := newRig(t, src, `edgeimpulsevideoinfer name=net threshold="3.min_score=0.5,3.min_score=0.9" model-path=`+path)
	var once sync.Once
	r.out.each = func(n int) {
		if n == 10 {
			once.Do(func() {
				if err := r.p.Set("net", "threshold", "3.min_score=0.4"); err != nil {
					t.Error(err)
				}
			})
		}
	}
	r.run()
	before, after := 0, 0
	for i, f := range r.out.frames {
		switch {
		case i < 10:
			before += len(f.regions)
		case i >= 20:
			after += len(f.regions)
		}
	}
	if before != 0 || after != 20 {
		t.Errorf("%d boxes with min_score=0.9, %d of 20 after it was set to 0.4", before, after)
	}
}

func TestThresholdReadsBackAndNamesTheBlocks(t *testing.T) {
	src := shapesFeed(t, 3, 320, 240, scene.New(1, 320, 240, scene.Options{}))
	r := newRig(t, src, `edgeimpulsevideoinfer name=net threshold=7.min_score=0.5 threshold=1.nope=2 threshold=1.min_score=0.625 model-path=builtin:shapes`)
	if err := r.p.Play(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := r.p.Get("net", "threshold"); err != nil || got != "1.min_score=0.625" {
		t.Errorf("threshold reads %q, %v", got, err)
	}
	if err := r.p.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.settle()
	for _, want := range []string{"has no block 7; it has 1.min_score=0.5", "block 1 of model builtin:shapes has no nope"} {
		if !strings.Contains(r.texts(), want) {
			t.Errorf("no warning with %q:\n%s", want, r.texts())
		}
	}
	if w := payloads[*bus.Warning](r); len(w) != 1 || strings.Contains(w[0].Text, "\n") {
		t.Errorf("%d warnings, want one of one line:\n%s", len(w), r.texts())
	}
}

func TestThresholdThatCannotBeReadLive(t *testing.T) {
	spec := viewer(backend.ResizeSquash)
	r := newRig(t, shapesFeed(t, 40, 320, 240, scene.New(1, 320, 240, scene.Options{})),
		"edgeimpulsevideoinfer name=net threshold=3.min_score=0.9 model-path="+program(t, roleProbe, probeEnv(spec)))
	r.out.each = func(n int) {
		if n == 10 {
			if err := r.p.Set("net", "threshold", "high"); err != nil {
				t.Error(err)
			}
		}
	}
	r.run()
	if !strings.Contains(r.texts(), `threshold "high" is not of the form id.key=value`) {
		t.Errorf("no warning:\n%s", r.texts())
	}
	for i, f := range r.out.frames {
		if len(f.regions) != 0 {
			t.Fatalf("frame %d has boxes: the good threshold was lost", i)
		}
	}
}

// Reading and setting thresholds from anywhere does not disturb the model.
func TestThresholdsFromManyPlaces(t *testing.T) {
	s := scene.New(77, 320, 240, scene.Options{Count: 4})
	r := newRig(t, shapesFeed(t, 1<<30, 320, 240, s), "edgeimpulsevideoinfer name=net model-path=builtin:shapes")
	if err := r.p.Play(t.Context()); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for k := range 20 {
				if err := r.p.Set("net", "threshold", fmt.Sprintf("1.min_score=0.%d%d", i+1, k+10)); err != nil {
					t.Error(err)
				}
				if _, err := r.p.Get("net", "threshold"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	seen := r.out.count()
	done := make(chan struct{})
	var once sync.Once
	r.out.mu.Lock()
	r.out.each = func(n int) {
		if n >= seen+3 {
			once.Do(func() { close(done) })
		}
	}
	r.out.mu.Unlock()
	<-done
	if err := r.p.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if text := r.texts(); strings.Contains(text, "warning") {
		t.Errorf("%s", text)
	}
}
