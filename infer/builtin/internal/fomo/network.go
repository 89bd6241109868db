package fomo

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/eiengine/eiengine/infer/internal/grid"
)

// Kind is what a layer computes.
type Kind uint8

// The kinds of layers.
const (
	// Conv is a convolution over all input channels.
	Conv Kind = 1
	// Depthwise is a 3x3 convolution of each channel by itself, stride 1.
	Depthwise Kind = 2
)

// Layer is one layer with its weights.
type Layer struct {
	Kind Kind
	// In and Out are numbers of channels, equal for Depthwise.
	In, Out int
	// Kernel is the side of the kernel, 1 or 3; Stride is 1 or 2.
	Kernel, Stride int
	// ReLU cuts negative outputs off, as the last step.
	ReLU bool
	// Skip adds the input of the layer before this one to the output.
	Skip bool

	// Weights is [Out][In][Kernel][Kernel], or [Out][3][3] for Depthwise;
	// Bias is [Out].
	Weights, Bias []float32
}

// fan is the number of inputs of one output value.
func (l *Layer) fan() int {
	if l.Kind == Depthwise {
		return l.Kernel * l.Kernel
	}
	return l.In * l.Kernel * l.Kernel
}

// Network is a chain of layers from a square or oblong picture to a grid.
type Network struct {
	// Width, Height and Channels are the input's.
	Width, Height, Channels int
	Layers                  []Layer
}

// Shape is the size of the planes between layers.
type Shape = grid.Shape

// Limits that every network keeps, so that a damaged file cannot ask for more
// memory than it is worth.
const (
	maxSide     = 1024
	maxChannels = 512
	maxLayers   = 64
)

// Shapes checks the layers and returns the size of the input followed by that
// of each layer's output.
func (n *Network) Shapes() ([]Shape, error) {
	if n.Width < 1 || n.Height < 1 || n.Width > maxSide || n.Height > maxSide {
		return nil, fmt.Errorf("input of %dx%d pixels: sides must be from 1 to %d", n.Width, n.Height, maxSide)
	}
	if n.Channels != 1 && n.Channels != 3 {
		return nil, fmt.Errorf("input of %d channels: must be 1 or 3", n.Channels)
	}
	if len(n.Layers) < 1 || len(n.Layers) > maxLayers {
		return nil, fmt.Errorf("%d layers: must be from 1 to %d", len(n.Layers), maxLayers)
	}
	shapes := []Shape{{Channels: n.Channels, Height: n.Height, Width: n.Width}}
	for i := range n.Layers {
		out, err := n.Layers[i].outputOf(shapes)
		if err != nil {
			return nil, fmt.Errorf("layer %d: %w", i, err)
		}
		shapes = append(shapes, out)
	}
	return shapes, nil
}

// outputOf checks the layer against what goes before it.
func (l *Layer) outputOf(before []Shape) (Shape, error) {
	in := before[len(before)-1]
	switch {
	case l.Kind != Conv && l.Kind != Depthwise:
		return Shape{}, fmt.Errorf("unknown kind %d", l.Kind)
	case l.Kernel != 1 && l.Kernel != 3:
		return Shape{}, fmt.Errorf("kernel of %d: must be 1 or 3", l.Kernel)
	case l.Stride != 1 && l.Stride != 2:
		return Shape{}, fmt.Errorf("stride of %d: must be 1 or 2", l.Stride)
	case l.Kernel == 1 && l.Stride != 1:
		return Shape{}, fmt.Errorf("a 1x1 kernel must have stride 1, not %d", l.Stride)
	case l.In != in.Channels:
		return Shape{}, fmt.Errorf("takes %d channels but is given %d", l.In, in.Channels)
	case l.Out < 1 || l.Out > maxChannels:
		return Shape{}, fmt.Errorf("%d output channels: must be from 1 to %d", l.Out, maxChannels)
	case l.Kind == Depthwise && (l.Kernel != 3 || l.Stride != 1 || l.In != l.Out):
		return Shape{}, fmt.Errorf("a depthwise layer must be 3x3 with stride 1 and keep its %d channels", l.In)
	}
	out := Shape{
		Channels: l.Out,
		Height:   (in.Height + l.Stride - 1) / l.Stride,
		Width:    (in.Width + l.Stride - 1) / l.Stride,
	}
	if l.Skip && (len(before) < 2 || before[len(before)-2] != out) {
		return Shape{}, fmt.Errorf("cannot add the input of the layer before: it has another size than %+v", out)
	}
	return out, nil
}

// check says whether the network can be run.
func (n *Network) check() ([]Shape, error) {
	shapes, err := n.Shapes()
	if err != nil {
		return nil, err
	}
	for i := range n.Layers {
		l := &n.Layers[i]
		if len(l.Weights) != l.Out*l.fan() || len(l.Bias) != l.Out {
			return nil, fmt.Errorf("layer %d: has %d weights and %d biases, needs %d and %d",
				i, len(l.Weights), len(l.Bias), l.Out*l.fan(), l.Out)
		}
	}
	return shapes, nil
}

// Parameters is the number of weights and biases.
func (n *Network) Parameters() int {
	sum := 0
	for i := range n.Layers {
		sum += n.Layers[i].Out * (n.Layers[i].fan() + 1)
	}
	return sum
}

// Products is the number of multiplications of one run.
func (n *Network) Products() (int, error) {
	shapes, err := n.Shapes()
	if err != nil {
		return 0, err
	}
	sum := 0
	for i := range n.Layers {
		sum += shapes[i+1].Len() * n.Layers[i].fan()
	}
	return sum, nil
}

// Randomize sets new weights, spread so that signals keep their strength from
// layer to layer (He et al. 2015, arXiv:1502.01852); biases become zero.
// Layers that end a skip connection start weak, and so does the last layer.
func (n *Network) Randomize(r *rand.Rand) {
	for i := range n.Layers {
		l := &n.Layers[i]
		gain := 1.0
		if l.ReLU {
			gain = 2
		}
		spread := math.Sqrt(gain / float64(l.fan()))
		if l.Skip || i == len(n.Layers)-1 {
			spread *= 0.3
		}
		l.Weights = make([]float32, l.Out*l.fan())
		for j := range l.Weights {
			l.Weights[j] = float32(r.NormFloat64() * spread)
		}
		l.Bias = make([]float32, l.Out)
	}
}
