package main

import (
	"slices"
	"testing"

	"github.com/eiengine/eiengine/capture/soundscape"
	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
	"github.com/eiengine/eiengine/infer/builtin/internal/learn"
	"github.com/eiengine/eiengine/infer/builtin/internal/mfe"
)

func TestSourceRepeatsAndHasEveryClass(t *testing.T) {
	a, b := newSource(3), newSource(3)
	x, y := make([]float32, mfe.Frames(samples)*mfe.Filters), make([]float32, mfe.Frames(samples)*mfe.Filters)
	counts := make([]int, len(soundscape.Labels()))
	for i := range 70 {
		class := a.next(x)
		if other := b.next(y); class != other || !slices.Equal(x, y) {
			t.Fatalf("window %d differs between two sources of the same seed", i)
		}
		counts[class]++
	}
	for class, n := range counts {
		if n < 3 {
			t.Errorf("only %d of 70 windows are %s", n, soundscape.Labels()[class])
		}
	}
	if quickSeed>>63 != 0 || measureSeed>>63 != 0 {
		t.Error("what is held out has seeds of the training")
	}
}

// A few steps must learn something, and a trained network must be measured.
func TestTrainingLearns(t *testing.T) {
	c := learn.Course{Seed: 1}
	net, err := c.Begin(architecture())
	if err != nil {
		t.Fatal(err)
	}
	teacher, err := learn.NewClassifier(net)
	if err != nil {
		t.Fatal(err)
	}
	source := newSource(1)
	class := source.next(teacher.Input())
	first, last := 0.0, 0.0
	for step := range 12 { // the same window again and again
		if err := teacher.Learn(class); err != nil {
			t.Fatal(err)
		}
		if last, err = teacher.Step(learn.RateAt(step, 12, 0.2)); err != nil {
			t.Fatal(err)
		}
		if step == 0 {
			first = last
		}
	}
	if !(last < 0.9*first) {
		t.Errorf("the loss went from %v to %v", first, last)
	}
	counts, err := measure(net, quickSeed, 1)
	if err != nil || counts.Total() < 20 {
		t.Errorf("%d windows measured, %v", counts.Total(), err)
	}
	if _, err := measure(&fomo.Network{}, quickSeed, 1); err == nil {
		t.Error("no network was measured")
	}
}
