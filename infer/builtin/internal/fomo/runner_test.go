package fomo

import (
	"math"
	"math/rand/v2"
	"testing"
)

// slow is the definition of a layer, value by value.
func slow(l *Layer, src, skipped []float32, in, out Shape) []float32 {
	dst := make([]float32, out.Len())
	for o := range out.Channels {
		for y := range out.Height {
			for x := range out.Width {
				sum := float64(l.Bias[o])
				for c := range in.Channels {
					if l.Kind == Depthwise && c != o {
						continue
					}
					for k := range l.Kernel * l.Kernel {
						sy := y*l.Stride + k/l.Kernel - l.Kernel/2
						sx := x*l.Stride + k%l.Kernel - l.Kernel/2
						if sy < 0 || sx < 0 || sy >= in.Height || sx >= in.Width {
							continue
						}
						w := (o*in.Channels+c)*l.Kernel*l.Kernel + k
						if l.Kind == Depthwise {
							w = o*9 + k
						}
						sum += float64(l.Weights[w]) * float64(src[c*in.Area()+sy*in.Width+sx])
					}
				}
				at := o*out.Area() + y*out.Width + x
				if l.Skip {
					sum += float64(skipped[at])
				}
				if l.ReLU {
					sum = max(sum, 0)
				}
				dst[at] = float32(sum)
			}
		}
	}
	return dst
}

func TestRunIsTheDefinition(t *testing.T) {
	for seed := range uint64(5) {
		n := small(seed)
		runner, err := NewRunner(n)
		if err != nil {
			t.Fatal(err)
		}
		fill(rand.New(rand.NewPCG(seed, 9)), runner.Input())
		got := runner.Run()
		shapes, err := n.Shapes()
		if err != nil {
			t.Fatal(err)
		}
		values, before := runner.Input(), []float32(nil)
		for i := range n.Layers {
			values, before = slow(&n.Layers[i], values, before, shapes[i], shapes[i+1]), values
		}
		for i := range got {
			if math.Abs(float64(got[i]-values[i])) > 1e-4 {
				t.Fatalf("seed %d: output %d is %v, want %v", seed, i, got[i], values[i])
			}
		}
	}
}

func TestProbabilitiesAddUp(t *testing.T) {
	runner, err := NewRunner(small(1))
	if err != nil {
		t.Fatal(err)
	}
	fill(rand.New(rand.NewPCG(1, 9)), runner.Input())
	p, grid := runner.Probabilities(), runner.Grid()
	for i := range grid.Area() {
		sum := float32(0)
		for c := range grid.Channels {
			sum += p[c*grid.Area()+i]
		}
		if math.Abs(float64(sum-1)) > 1e-5 {
			t.Fatalf("cell %d adds up to %v", i, sum)
		}
	}
}

func TestRunDoesNotAllocate(t *testing.T) {
	runner, err := NewRunner(small(1))
	if err != nil {
		t.Fatal(err)
	}
	if a := testing.AllocsPerRun(10, func() { runner.Probabilities() }); a != 0 {
		t.Fatalf("%v allocations a run", a)
	}
}

func TestLayersThatDoNotFit(t *testing.T) {
	for name, spoil := range map[string]func(n *Network){
		"no layers":     func(n *Network) { n.Layers = nil },
		"no width":      func(n *Network) { n.Width = 0 },
		"two channels":  func(n *Network) { n.Channels = 2 },
		"kind":          func(n *Network) { n.Layers[0].Kind = 9 },
		"kernel":        func(n *Network) { n.Layers[0].Kernel = 5 },
		"stride":        func(n *Network) { n.Layers[0].Stride = 3 },
		"1x1 stride":    func(n *Network) { n.Layers[4].Stride = 2 },
		"channels":      func(n *Network) { n.Layers[3].In = 4 },
		"no output":     func(n *Network) { n.Layers[4].Out = 0 },
		"depthwise":     func(n *Network) { n.Layers[1].Stride = 2 },
		"skip to size":  func(n *Network) { n.Layers[1].Skip = true },
		"skip at first": func(n *Network) { n.Layers[0].Skip = true },
		"few weights":   func(n *Network) { n.Layers[2].Weights = n.Layers[2].Weights[1:] },
	} {
		n := small(1)
		spoil(n)
		if _, err := NewRunner(n); err == nil {
			t.Errorf("%s: a runner was made", name)
		}
		if _, err := n.AppendTo(nil); err == nil {
			t.Errorf("%s: a file was made", name)
		}
	}
}
