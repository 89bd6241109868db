package fomo

import "math"

// Runner runs a network. It owns all memory that a run needs, so running does
// not allocate. It may be used from one goroutine at a time.
type Runner struct {
	net     *Network
	shapes  []Shape
	values  [][]float32 // the input, then the output of each layer
	patches [][]float32 // what gather made for each layer that needs it
	padded  []float32   // one plane for the depthwise layers
	softmax []float32
}

// NewRunner prepares to run net, whose weights it reads at each run. It returns
// an error if the layers do not fit each other.
func NewRunner(net *Network) (*Runner, error) {
	shapes, err := net.check()
	if err != nil {
		return nil, err
	}
	r := &Runner{net: net, shapes: shapes, patches: make([][]float32, len(net.Layers))}
	largest := 0
	for i, s := range shapes {
		r.values = append(r.values, make([]float32, s.Len()))
		largest = max(largest, (s.Width+2)*(s.Height+2))
		if i > 0 && net.Layers[i-1].Kind == Conv && net.Layers[i-1].Kernel == 3 {
			r.patches[i-1] = make([]float32, shapes[i-1].Channels*9*s.Area())
		}
	}
	r.padded = make([]float32, largest)
	r.softmax = make([]float32, r.Grid().Len())
	return r, nil
}

// Input is the picture to fill before Run: Channels planes of Height x Width,
// values from -1 to 1.
func (r *Runner) Input() []float32 { return r.values[0] }

// InputShape is the size of Input.
func (r *Runner) InputShape() Shape { return r.shapes[0] }

// Grid is the size of the output; its Channels are the classes.
func (r *Runner) Grid() Shape { return r.shapes[len(r.shapes)-1] }

// Value is the input for one 8-bit value of a picture.
func Value(v uint8) float32 { return float32(v)*(2.0/255) - 1 }

// Run runs the network on Input and returns the scores of all classes before
// the softmax, as planes of the grid. The result is valid until the next Run.
func (r *Runner) Run() []float32 {
	for i := range r.net.Layers {
		r.forward(i)
	}
	return r.values[len(r.values)-1]
}

// Probabilities runs the network on Input and returns the distribution over
// the classes of each cell, as planes of the grid, valid until the next Run.
func (r *Runner) Probabilities() []float32 {
	grid := r.Grid()
	Softmax(r.softmax, r.Run(), grid)
	return r.softmax
}

func (r *Runner) forward(i int) {
	l, in, out := &r.net.Layers[i], r.shapes[i], r.shapes[i+1]
	src, dst := r.values[i], r.values[i+1]
	area := out.Area()
	for c, b := range l.Bias {
		plane := dst[c*area : (c+1)*area]
		for j := range plane {
			plane[j] = b
		}
	}
	switch {
	case l.Kind == Depthwise:
		for c := range l.Out {
			pad(r.padded, src[c*area:(c+1)*area], in)
			convolve(dst[c*area:(c+1)*area], r.padded, in, l.Weights[c*9:c*9+9])
		}
	case l.Kernel == 3:
		gather(r.patches[i], src, in, out, l.Stride)
		multiply(dst, l.Weights, r.patches[i], l.Out, l.fan(), area)
	default:
		multiply(dst, l.Weights, src, l.Out, l.In, area)
	}
	if l.Skip {
		add1x1(dst, r.values[i-1], 1)
	}
	if l.ReLU {
		cut(dst)
	}
}

// Softmax turns scores into distributions; both are planes of the grid.
func Softmax(dst, scores []float32, grid Shape) {
	area := grid.Area()
	for p := range area {
		highest := scores[p]
		for c := 1; c < grid.Channels; c++ {
			highest = max(highest, scores[c*area+p])
		}
		var sum float32
		for c := range grid.Channels {
			e := float32(math.Exp(float64(scores[c*area+p] - highest)))
			dst[c*area+p] = e
			sum += e
		}
		for c := range grid.Channels {
			dst[c*area+p] /= sum
		}
	}
}
