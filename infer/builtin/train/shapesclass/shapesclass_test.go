package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/eiengine/eiengine/infer/builtin/internal/resize"
)

func TestSourceRepeatsAndHasEveryClass(t *testing.T) {
	a, b := newSource(3, nil), newSource(3, nil)
	x, y := make([]float32, 3*side*side), make([]float32, 3*side*side)
	counts := make([]int, len(labels))
	for i := range 80 {
		class := a.next(x)
		if other := b.next(y); class != other || !slices.Equal(x, y) {
			t.Fatalf("picture %d differs between two sources of the same seed", i)
		}
		counts[class]++
	}
	for class, n := range counts {
		if n < 4 {
			t.Errorf("only %d of 80 pictures are %s", n, labels[class])
		}
	}
	for _, trial := range append(trials(nil), quick) {
		if trial.first>>63 != 0 {
			t.Errorf("%s has seeds of the training", trial.name)
		}
	}
}

func TestTransfer(t *testing.T) {
	net := architecture()
	layers, err := transfer(net, "../../shapes.weights")
	if err != nil {
		t.Fatal(err)
	}
	if layers < 8 || layers >= len(net.Layers) {
		t.Errorf("%d of %d layers", layers, len(net.Layers))
	}
	for i := range net.Layers {
		if has := net.Layers[i].Weights != nil; has != (i < layers) {
			t.Errorf("layer %d has weights: %v", i, has)
		}
	}
	if _, err := transfer(net, "missing"); err == nil {
		t.Error("a missing file is taken")
	}
	bad := filepath.Join(t.TempDir(), "bad")
	if err := os.WriteFile(bad, []byte("weights"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := transfer(net, bad); err == nil {
		t.Error("a damaged file is taken")
	}
}

func TestMeasureCounts(t *testing.T) {
	net := architecture()
	if _, err := transfer(net, "../../shapes-class.weights"); err != nil {
		t.Fatal(err)
	}
	trial := trial{first: 5_900_000, scenes: 3, filter: resize.Area, width: 160, height: 120}
	counts, err := trial.measure(net)
	if err != nil {
		t.Fatal(err)
	}
	if counts.Total() != 24 || counts.Accuracy() < 0.7 {
		t.Errorf("accuracy %v of %d", counts.Accuracy(), counts.Total())
	}
}
