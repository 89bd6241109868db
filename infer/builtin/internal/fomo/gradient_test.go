package fomo

import (
	"math"
	"math/rand/v2"
	"testing"
)

// small has every kind of layer, odd sizes and odd numbers of channels.
func small(seed uint64) *Network {
	n := &Network{Width: 13, Height: 11, Channels: 3, Layers: []Layer{
		{Kind: Conv, In: 3, Out: 5, Kernel: 3, Stride: 2, ReLU: true},
		{Kind: Depthwise, In: 5, Out: 5, Kernel: 3, Stride: 1},
		{Kind: Conv, In: 5, Out: 5, Kernel: 1, Stride: 1, ReLU: true, Skip: true},
		{Kind: Conv, In: 5, Out: 6, Kernel: 3, Stride: 1, ReLU: true},
		{Kind: Conv, In: 6, Out: 4, Kernel: 1, Stride: 1},
	}}
	r := rand.New(rand.NewPCG(seed, 1))
	n.Randomize(r)
	for i := range n.Layers {
		for j := range n.Layers[i].Bias {
			n.Layers[i].Bias[j] = float32(r.NormFloat64() * 0.1)
		}
	}
	return n
}

func fill(r *rand.Rand, values []float32) {
	for i := range values {
		values[i] = float32(r.Float64()*2 - 1)
	}
}

// The derivatives must be what a small change of each weight does to the loss.
func TestGradientIsTheSlope(t *testing.T) {
	n := small(7)
	runner, err := NewRunner(n)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(2, 2))
	fill(r, runner.Input())
	direction := make([]float32, runner.Grid().Len())
	fill(r, direction)
	loss := func() float64 {
		sum := 0.0
		for i, v := range runner.Run() {
			sum += float64(v) * float64(direction[i])
		}
		return sum
	}
	loss()
	g := NewGradient(runner)
	if err := g.Back(direction); err != nil {
		t.Fatal(err)
	}
	// A ReLU that flips within the step spoils one slope; those are few.
	checked, wrong := 0, 0
	check := func(values, slopes []float32) {
		for i := range values {
			const step = 1e-3
			old := values[i]
			values[i] = old + step
			high := loss()
			values[i] = old - step
			low := loss()
			values[i] = old
			slope := (high - low) / (2 * step)
			checked++
			if math.Abs(slope-float64(slopes[i])) > 0.02*math.Abs(slope)+0.02 {
				wrong++
				t.Logf("value %d: slope %v, derivative %v", i, slope, slopes[i])
			}
		}
	}
	for i := range n.Layers {
		check(n.Layers[i].Weights, g.Weights[i])
		check(n.Layers[i].Bias, g.Bias[i])
	}
	if checked != n.Parameters() || wrong > checked/100 {
		t.Fatalf("%d of %d derivatives are wrong", wrong, checked)
	}
}

func TestGradientSums(t *testing.T) {
	runner, err := NewRunner(small(3))
	if err != nil {
		t.Fatal(err)
	}
	fill(rand.New(rand.NewPCG(4, 4)), runner.Input())
	output := make([]float32, runner.Grid().Len())
	output[5] = 1
	g := NewGradient(runner)
	runner.Run()
	if err := g.Back(output); err != nil {
		t.Fatal(err)
	}
	once := g.Bias[0][0]
	if err := g.Back(output); err != nil {
		t.Fatal(err)
	}
	if got := g.Bias[0][0]; got != 2*once {
		t.Fatalf("twice %v gives %v", once, got)
	}
	g.Clear()
	if g.Bias[0][0] != 0 || g.Weights[3][0] != 0 {
		t.Fatal("Clear leaves sums")
	}
	if err := g.Back(output[1:]); err == nil {
		t.Fatal("a derivative of another length is taken")
	}
}
