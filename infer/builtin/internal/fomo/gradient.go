package fomo

import "fmt"

// Gradient computes derivatives of a loss by the weights of a network, by going
// back through the run that its Runner did last.
type Gradient struct {
	runner *Runner
	values [][]float32 // derivative by the runner's values
	patch  []float32
	turned []float32 // a layer's weights, transposed
	// Weights and Bias sum the derivatives by each layer's parameters over all
	// calls of Back since Clear.
	Weights, Bias [][]float32
}

// NewGradient prepares to go back through the runs of r.
func NewGradient(r *Runner) *Gradient {
	g := &Gradient{runner: r}
	patch, turned := 0, 0
	for i := range r.values {
		g.values = append(g.values, make([]float32, len(r.values[i])))
	}
	for i := range r.net.Layers {
		l := &r.net.Layers[i]
		g.Weights = append(g.Weights, make([]float32, len(l.Weights)))
		g.Bias = append(g.Bias, make([]float32, len(l.Bias)))
		patch, turned = max(patch, len(r.patches[i])), max(turned, len(l.Weights))
	}
	g.patch, g.turned = make([]float32, patch), make([]float32, turned)
	return g
}

// Clear sets the sums back to zero.
func (g *Gradient) Clear() {
	for i := range g.Weights {
		clear(g.Weights[i])
		clear(g.Bias[i])
	}
}

// Back adds the derivatives for one run: output is the derivative of the loss
// by what Run returned, in the same order.
func (g *Gradient) Back(output []float32) error {
	last := len(g.values) - 1
	if len(output) != len(g.values[last]) {
		return fmt.Errorf("derivative of %d values for an output of %d", len(output), len(g.values[last]))
	}
	for i := range g.values {
		clear(g.values[i])
	}
	copy(g.values[last], output)
	for i := last - 1; i >= 0; i-- {
		g.backward(i)
	}
	return nil
}

func (g *Gradient) backward(i int) {
	r := g.runner
	l, in, out := &r.net.Layers[i], r.shapes[i], r.shapes[i+1]
	d := g.values[i+1]
	if l.ReLU {
		cutLike(d, r.values[i+1])
	}
	if l.Skip {
		add1x1(g.values[i-1], d, 1)
	}
	area := out.Area()
	for c := range l.Out {
		g.Bias[i][c] += total(d[c*area : (c+1)*area])
	}
	switch {
	case l.Kind == Depthwise:
		g.backDepthwise(i)
	case l.Kernel == 3:
		multiplyTransposed(g.Weights[i], d, r.patches[i], l.Out, l.fan(), area)
		if i == 0 {
			return // nobody asks for the derivative by the picture
		}
		patch := g.patch[:len(r.patches[i])]
		clear(patch)
		multiply(patch, g.transposed(l), d, l.fan(), l.Out, area)
		scatter(g.values[i], patch, in, out, l.Stride)
	default:
		multiplyTransposed(g.Weights[i], d, r.values[i], l.Out, l.In, area)
		multiply(g.values[i], g.transposed(l), d, l.In, l.Out, area)
	}
}

func (g *Gradient) backDepthwise(i int) {
	r := g.runner
	l, s := &r.net.Layers[i], r.shapes[i]
	area, width := s.Area(), s.Width+2
	for c := range l.Out {
		d := g.values[i+1][c*area : (c+1)*area]
		w := g.Weights[i][c*9 : c*9+9]
		pad(r.padded, r.values[i][c*area:(c+1)*area], s)
		for y := range s.Height {
			row := d[y*s.Width : (y+1)*s.Width]
			for ky := range 3 {
				a, b, e := dot3(row, r.padded[(y+ky)*width:(y+ky+1)*width])
				w[3*ky] += a
				w[3*ky+1] += b
				w[3*ky+2] += e
			}
		}
		// The derivative by the input is the convolution with the kernel turned
		// by half a circle.
		var turned [9]float32
		for k := range turned {
			turned[k] = l.Weights[c*9+8-k]
		}
		pad(r.padded, d, s)
		convolve(g.values[i][c*area:(c+1)*area], r.padded, s, turned[:])
	}
}

// transposed is the layer's weights as [fan][Out].
func (g *Gradient) transposed(l *Layer) []float32 {
	fan := l.fan()
	t := g.turned[:len(l.Weights)]
	for o := range l.Out {
		for f, w := range l.Weights[o*fan : (o+1)*fan] {
			t[f*l.Out+o] = w
		}
	}
	return t
}
