package main

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/eiengine/eiengine/capture/fabric"
	"github.com/eiengine/eiengine/infer/builtin/internal/gmm"
	"github.com/eiengine/eiengine/infer/builtin/internal/resize"
	"github.com/eiengine/eiengine/infer/builtin/internal/texture"
)

// A mixture of a few pictures must tell holes already.
func TestFewPicturesTellHoles(t *testing.T) {
	cells, err := goodCells(3, 8)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := goodCells(3, 8); err != nil || !slices.Equal(cells, again) {
		t.Fatalf("the same seed gives other cells, %v", err)
	}
	m, err := gmm.Fit(cells, texture.Features, 1, ridge, 1, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	trial := trial{"few", 5_900_000, 6, resize.Area, 240, 180}
	s, err := trial.measure(m)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.good) < 10 || len(s.good) != len(s.allBad()) {
		t.Errorf("%d good and %d faulty pictures", len(s.good), len(s.allBad()))
	}
	if s.auroc() < 0.7 {
		t.Errorf("AUROC %v", s.auroc())
	}
	if s.alarms != len(s.good) || s.onFault == 0 { // the threshold is 0
		t.Errorf("%d alarms, %d on faults", s.alarms, s.onFault)
	}
}

func TestCellsOfAFault(t *testing.T) {
	// 320x240: the square in the middle begins at 40, a cell is 12 pixels.
	trial := trial{width: 320, height: 240}
	f := fabric.Fault{X: 40 + 5*12, Y: 3 * 12, W: 12, H: 12} // cell 5,3
	for cell, want := range map[int]bool{3*20 + 5: true, 2*20 + 4: true, 4*20 + 6: true, 3*20 + 7: false, 1*20 + 5: false, 0: false} {
		if got := trial.on(&f, cell); got != want {
			t.Errorf("cell %d: %v", cell, got)
		}
	}
}

func TestHeldOutClothStaysOutOfTraining(t *testing.T) {
	for _, trial := range trials {
		if trial.first>>63 != 0 || trial.first == validationSeed {
			t.Errorf("%s has seeds of the training or of the threshold", trial.name)
		}
	}
}
