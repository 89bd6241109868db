package main

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
	"github.com/eiengine/eiengine/infer/builtin/internal/learn"
	"github.com/eiengine/eiengine/infer/builtin/internal/photos"
)

// However a picture is mirrored and turned, each thing must stay on its pixels.
func TestThingsFollowThePicture(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 30 {
		s := sample{pixels: make([]byte, 3*side*side)}
		thing := fomo.Thing{Class: 1, X: 20, Y: 70, W: 12, H: 30}
		for y := 70; y < 100; y++ {
			for x := 20; x < 32; x++ {
				copy(s.pixels[3*(y*side+x):], []byte{255, 255, 255})
			}
		}
		s.things = []fomo.Thing{thing}
		a := randomAugmentation(r)
		a.noise, a.blur = 0, false
		planes := make([]float32, 3*side*side)
		a.picture(planes, &s, r)
		got := a.things(nil, s.things)[0]
		dark, light := planes[0], planes[int(got.Y)*side+int(got.X)]
		if dark >= light {
			t.Fatalf("%+v: the corner of %+v is not on the thing", a, got)
		}
		for y := range side {
			for x := range side {
				inside := float64(x) >= got.X && float64(x) < got.X+got.W && float64(y) >= got.Y && float64(y) < got.Y+got.H
				if on := planes[y*side+x] == light; on != inside {
					t.Fatalf("%+v: pixel %d,%d is on the thing: %v; its box is %+v", a, x, y, on, got)
				}
			}
		}
	}
}

func TestLossDerivativeIsTheSlope(t *testing.T) {
	grid := fomo.Shape{Channels: 4, Height: 2, Width: 3}
	r := rand.New(rand.NewPCG(4, 4))
	scores := make([]float32, grid.Len())
	for i := range scores {
		scores[i] = float32(r.NormFloat64())
	}
	target := []uint8{0, 1, 3, fomo.Ignore, 0, 2}
	probabilities, derivative, other := make([]float32, len(scores)), make([]float32, len(scores)), make([]float32, len(scores))
	value := func(into []float32) float64 {
		fomo.Softmax(probabilities, scores, grid)
		return loss(into, probabilities, target, grid, 4)
	}
	value(derivative)
	for i := range scores {
		const step = 1e-2
		old := scores[i]
		scores[i] = old + step
		high := value(other)
		scores[i] = old - step
		low := value(other)
		scores[i] = old
		if slope := (high - low) / (2 * step); math.Abs(slope-float64(derivative[i])) > 1e-3 {
			t.Errorf("score %d: slope %v, derivative %v", i, slope, derivative[i])
		}
	}
}

// teach trains for a few steps on plain backgrounds and returns the losses of
// the first and the last step, and the weights.
func teach(t *testing.T, seed uint64, steps int) (first, last float64, weights []byte) {
	t.Helper()
	s := &settings{seed: seed, steps: steps, batch: 4, fresh: 1, pool: 16, rate: 0.03, weight: 4, report: 1000,
		out: filepath.Join(t.TempDir(), "w")}
	net, err := startingPoint(s)
	if err != nil {
		t.Fatal(err)
	}
	gray := image.NewRGBA(image.Rect(0, 0, 8, 8))
	for i := range gray.Pix {
		gray.Pix[i] = color.Gray{Y: 120}.Y
	}
	trainer, err := newTrainer(s, net, []image.Image{gray})
	if err != nil {
		t.Fatal(err)
	}
	for i := range steps {
		trainer.refill(i)
		if last, err = trainer.step(learn.RateAt(i, steps, s.rate)); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = last
		}
	}
	weights, err = net.AppendTo(nil)
	if err != nil {
		t.Fatal(err)
	}
	return first, last, weights
}

func TestTrainingLearnsAndRepeats(t *testing.T) {
	first, last, weights := teach(t, 1, 8)
	if !(last < 0.9*first) {
		t.Errorf("the loss went from %v to %v", first, last)
	}
	if _, _, again := teach(t, 1, 8); !bytes.Equal(weights, again) {
		t.Error("the same seed gave other weights")
	}
}

func TestHeldOutScenesStayOutOfTraining(t *testing.T) {
	// Training sets the highest bit of every seed; no trial may.
	if quick.first>>63 != 0 || validation.first>>63 != 0 {
		t.Error("a trial uses seeds of the training")
	}
	all, held, err := photos.Load("../../../testdata/photos")
	if err != nil {
		t.Fatal(err)
	}
	if len(held) != 1 || len(all) < 2 {
		t.Errorf("%d photographs to train on, %d held out", len(all), len(held))
	}
	if _, _, err := photos.Load(t.TempDir()); err == nil {
		t.Error("an empty folder of photographs is taken")
	}
}
