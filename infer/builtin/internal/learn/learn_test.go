package learn

import (
	"bytes"
	"flag"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
)

// small tells bright from dark halves of a picture.
func small() *fomo.Network {
	return &fomo.Network{Width: 9, Height: 7, Channels: 1, Layers: []fomo.Layer{
		{Kind: fomo.Conv, In: 1, Out: 6, Kernel: 3, Stride: 2, ReLU: true},
		{Kind: fomo.Depthwise, In: 6, Out: 6, Kernel: 3, Stride: 1},
		{Kind: fomo.Conv, In: 6, Out: 6, Kernel: 1, Stride: 1, ReLU: true, Skip: true},
		{Kind: fomo.Conv, In: 6, Out: 3, Kernel: 1, Stride: 1},
	}}
}

// stripes are down, across, or no stripes at all.
func stripes(r *rand.Rand, input []float32) (class int) {
	class = r.IntN(3)
	for i := range input {
		v := 0.0
		switch class {
		case 1:
			v = math.Cos(math.Pi * float64(i%9))
		case 2:
			v = math.Cos(math.Pi * float64(i/9))
		}
		input[i] = float32(0.7*v + 0.2*r.NormFloat64())
	}
	return class
}

// The derivatives must be what a small change of each weight does to the loss.
func TestClassifierGradientIsTheSlope(t *testing.T) {
	net := small()
	r := rand.New(rand.NewPCG(5, 5))
	net.Randomize(r)
	c, err := NewClassifier(net)
	if err != nil {
		t.Fatal(err)
	}
	stripes(r, c.Input())
	const class = 2
	loss := func() float64 { return -math.Log(float64(c.runner.Whole()[class])) }
	if err := c.Learn(class); err != nil {
		t.Fatal(err)
	}
	checked, wrong := 0, 0
	for i := range net.Layers {
		for j := range net.Layers[i].Weights {
			const step = 1e-2
			w := &net.Layers[i].Weights[j]
			old := *w
			*w = old + step
			high := loss()
			*w = old - step
			low := loss()
			*w = old
			slope, got := (high-low)/(2*step), float64(c.gradient.Weights[i][j])
			if checked++; math.Abs(slope-got) > 0.05*math.Abs(slope)+0.002 {
				wrong++
				t.Logf("layer %d weight %d: slope %v, derivative %v", i, j, slope, got)
			}
		}
	}
	if wrong > checked/50 { // a ReLU that flips within the step spoils one
		t.Fatalf("%d of %d derivatives are wrong", wrong, checked)
	}
	if err := c.Learn(3); err == nil {
		t.Error("a class that there is not is taken")
	}
}

// course teaches the small network and returns its weights and its answers.
func course(t *testing.T, seed uint64) (weights []byte, counts Confusion) {
	t.Helper()
	looks := 0
	c := Course{Out: filepath.Join(t.TempDir(), "w"), Seed: seed, Steps: 60, Batch: 12, Rate: 0.03, Report: 25}
	net, err := c.Begin(small())
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(seed, 2))
	if err := c.Teach(net, func(in []float32) int { return stripes(r, in) }, func() error { looks++; return nil }); err != nil {
		t.Fatal(err)
	}
	if looks != 2 {
		t.Errorf("looked %d times, want 2", looks)
	}
	if _, err := c.Save(net); err != nil {
		t.Fatal(err)
	}
	again := Course{Resume: c.Out}
	if net, err = again.Begin(small()); err != nil {
		t.Fatal(err)
	}
	runner, err := fomo.NewRunner(net)
	if err != nil {
		t.Fatal(err)
	}
	counts = NewConfusion(3)
	r = rand.New(rand.NewPCG(99, 9))
	for range 100 {
		class := stripes(r, runner.Input())
		p := runner.Whole()
		best := 0
		for i := range p {
			if p[i] > p[best] {
				best = i
			}
		}
		counts[class][best]++
	}
	weights, err = net.AppendTo(nil)
	if err != nil {
		t.Fatal(err)
	}
	return weights, counts
}

func TestCourseTeachesAndRepeats(t *testing.T) {
	weights, counts := course(t, 1)
	if a := counts.Accuracy(); a < 0.9 {
		t.Errorf("accuracy %v: %v", a, counts)
	}
	if again, _ := course(t, 1); !bytes.Equal(weights, again) {
		t.Error("the same seed gave other weights")
	}
	if other, _ := course(t, 2); bytes.Equal(weights, other) {
		t.Error("another seed gave the same weights")
	}
}

func TestCourseSettings(t *testing.T) {
	c := Course{Steps: 7, Batch: 1, Report: 1}
	f := flag.NewFlagSet("", flag.ContinueOnError)
	c.Flags(f)
	if err := f.Parse([]string{"-batch", "0", "-resume", "missing"}); err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err == nil || c.Steps != 7 {
		t.Errorf("%+v is taken: %v", c, err)
	}
	if _, err := c.Begin(small()); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("a missing file: %v", err)
	}
}

func TestConfusion(t *testing.T) {
	c := Confusion{{8, 2}, {1, 9}}
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("%s is %v, want %v", what, got, want)
		}
	}
	near("accuracy", c.Accuracy(), 0.85)
	near("precision", c.Precision(0), 8.0/9)
	near("recall", c.Recall(0), 0.8)
	near("F1", c.F1(), (2*8.0/9*0.8/(8.0/9+0.8)+2*(9.0/11)*0.9/(9.0/11+0.9))/2)
	near("nothing", NewConfusion(2).Accuracy()+NewConfusion(2).F1(), 0)
	if got := c.Table([]string{"a", "b"}); !strings.Contains(got, "| b | 1 | 9 | 0.818 | 0.900 |\n") {
		t.Errorf("table:\n%s", got)
	}
}

func TestAUROC(t *testing.T) {
	for _, tt := range []struct {
		bad, good []float64
		want      float64
	}{
		{[]float64{3, 4}, []float64{1, 2}, 1},
		{[]float64{1, 2}, []float64{3, 4}, 0},
		{[]float64{1, 3}, []float64{2, 2}, 0.5},
		{[]float64{2, 2}, []float64{2}, 0.5},
		{nil, []float64{2}, 0},
		{[]float64{5, 1, 4}, []float64{3, 0}, 5.0 / 6},
	} {
		if got := AUROC(tt.bad, tt.good); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("%v over %v: %v, want %v", tt.bad, tt.good, got, tt.want)
		}
	}
}

func TestRateRisesAndFalls(t *testing.T) {
	if a, b, c := RateAt(0, 1000, 1), RateAt(100, 1000, 1), RateAt(999, 1000, 1); !(a < 0.02 && b > 0.99 && c < 0.02) {
		t.Errorf("%v, %v, %v", a, b, c)
	}
}
