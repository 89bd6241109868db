package learn

import (
	"math"

	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
)

// Optimiser moves the weights against the gradient. The matrices of the
// convolutions go by Muon (Jordan et al. 2024): the momentum, made orthogonal,
// so that all directions of a layer learn at the same pace. Without
// normalisation layers that is worth much. Everything else, and the last layer,
// goes by Adam (Kingma and Ba, arXiv:1412.6980) with its usual constants.
type Optimiser struct {
	parameters []parameter
	orthogonal fomo.Orthogonalizer
	steps      int
}

// parameter is one tensor with its state.
type parameter struct {
	values, slopes []float32
	first, second  []float32
	rows           int // of a matrix for Muon, else 0
}

const (
	beta1, beta2 = 0.9, 0.999
	epsilon      = 1e-8
	momentum     = 0.95
	// likeAdam makes Muon's steps as long as Adam's usually are (Liu et al.
	// 2025, arXiv:2502.16982), so that one rate serves both.
	likeAdam = 0.2
	// clip is the greatest length of the gradient.
	clip = 1
)

// NewOptimiser prepares to move the weights of net along what g sums up.
func NewOptimiser(net *fomo.Network, g *fomo.Gradient) *Optimiser {
	o := &Optimiser{}
	add := func(values, slopes []float32, rows int) {
		o.parameters = append(o.parameters, parameter{
			values: values, slopes: slopes, rows: rows,
			first: make([]float32, len(values)), second: make([]float32, len(values)),
		})
	}
	for i := range net.Layers {
		l := &net.Layers[i]
		rows := 0
		if l.Kind == fomo.Conv && i < len(net.Layers)-1 && l.Out*l.Out <= len(l.Weights) {
			rows = l.Out
		}
		add(l.Weights, g.Weights[i], rows)
		add(l.Bias, g.Bias[i], 0)
	}
	return o
}

// Step moves the weights once. It takes the gradient as a sum over batch
// pictures, and changes it.
func (o *Optimiser) Step(rate float64, batch int) {
	o.steps++
	squares := 0.0
	for i := range o.parameters {
		for _, d := range o.parameters[i].slopes {
			squares += float64(d) * float64(d)
		}
	}
	scale := 1 / float64(batch)
	if length := math.Sqrt(squares) * scale; length > clip {
		scale *= clip / length
	}
	for i := range o.parameters {
		p := &o.parameters[i]
		for j := range p.slopes {
			p.slopes[j] *= float32(scale)
		}
		if p.rows > 0 {
			o.muon(p, rate)
			continue
		}
		p.adam(rate, o.steps)
	}
}

func (p *parameter) adam(rate float64, steps int) {
	rate *= math.Sqrt(1-math.Pow(beta2, float64(steps))) / (1 - math.Pow(beta1, float64(steps)))
	for j, d := range p.slopes {
		p.first[j] += (1 - beta1) * (d - p.first[j])
		p.second[j] += (1 - beta2) * (d*d - p.second[j])
		p.values[j] -= float32(rate) * p.first[j] / (float32(math.Sqrt(float64(p.second[j]))) + epsilon)
	}
}

func (o *Optimiser) muon(p *parameter, rate float64) {
	step := p.second // Muon keeps no squares
	for j, d := range p.slopes {
		p.first[j] = momentum*p.first[j] + d
		step[j] = d + momentum*p.first[j]
	}
	columns := len(p.values) / p.rows
	o.orthogonal.Apply(step, p.rows, columns)
	rate *= likeAdam * math.Sqrt(float64(columns))
	for j, d := range step {
		p.values[j] -= float32(rate) * d
	}
}
