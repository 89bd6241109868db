package gmm

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
)

// Fit learns a mixture of that many components from samples, one after the other
// of dims values each. r chooses where it begins. ridge, above 0, is added to the
// variances, lest a component collapse. The threshold is left at 0.
func Fit(samples []float64, dims, components int, ridge float64, rounds int, r *rand.Rand) (*Mixture, error) {
	if dims < 1 || components < 1 || len(samples)%dims != 0 || len(samples)/dims < 2*components*dims {
		return nil, fmt.Errorf("%d values of %d dimensions are too few for %d components: give at least %d times as many as dimensions",
			len(samples), dims, components, 2*components)
	}
	f := &fitter{samples: samples, dims: dims, count: len(samples) / dims, ridge: ridge}
	f.shares = make([]float64, f.count*components)
	f.begin(components, r)
	m := &Mixture{Dims: dims, Components: make([]Component, components)}
	for range rounds {
		if err := f.maximise(m); err != nil {
			return nil, err
		}
		f.expect(m)
	}
	return m, m.check()
}

type fitter struct {
	samples     []float64
	dims, count int
	ridge       float64
	shares      []float64 // of each component in each sample
}

func (f *fitter) sample(i int) []float64 { return f.samples[i*f.dims : (i+1)*f.dims] }

// begin gives each sample to the nearest of some that were drawn, by the values
// each over their spread.
func (f *fitter) begin(components int, r *rand.Rand) {
	scale := f.spread()
	centres := make([][]float64, components)
	for k := range centres {
		centres[k] = f.sample(r.IntN(f.count))
	}
	for i := range f.count {
		best, least := 0, math.Inf(1)
		for k, c := range centres {
			d := 0.0
			for j, v := range f.sample(i) {
				d += (v - c[j]) * (v - c[j]) / scale[j]
			}
			if d < least {
				best, least = k, d
			}
		}
		f.shares[i*components+best] = 1
	}
}

// spread is the variance of each value, and the ridge.
func (f *fitter) spread() []float64 {
	sum, squares := make([]float64, f.dims), make([]float64, f.dims)
	for i := range f.count {
		for j, v := range f.sample(i) {
			sum[j] += v
			squares[j] += v * v
		}
	}
	n := float64(f.count)
	for j := range squares {
		squares[j] = squares[j]/n - (sum[j]/n)*(sum[j]/n) + f.ridge
	}
	return squares
}

// maximise sets the components to what their shares of the samples say.
func (f *fitter) maximise(m *Mixture) error {
	for k := range m.Components {
		c := &m.Components[k]
		c.Mean = make([]float64, f.dims)
		total := 1e-9
		for i := range f.count {
			s := f.shares[i*len(m.Components)+k]
			total += s
			for j, v := range f.sample(i) {
				c.Mean[j] += s * v
			}
		}
		for j := range c.Mean {
			c.Mean[j] /= total
		}
		c.Weight = min(total/float64(f.count), 1)
		factor, err := cholesky(f.covariance(c.Mean, k, len(m.Components), total), f.dims)
		if err != nil {
			return fmt.Errorf("component %d: %w", k, err)
		}
		c.Whiten = invert(factor, f.dims)
	}
	return nil
}

// covariance is the lower triangle of component k's.
func (f *fitter) covariance(mean []float64, k, components int, total float64) []float64 {
	sum := make([]float64, triangle(f.dims))
	left := make([]float64, f.dims)
	for i := range f.count {
		s := f.shares[i*components+k]
		if s < 1e-8 {
			continue
		}
		for j, v := range f.sample(i) {
			left[j] = v - mean[j]
		}
		at := 0
		for row, v := range left {
			for column := range row + 1 {
				sum[at+column] += s * v * left[column]
			}
			at += row + 1
		}
	}
	for i := range sum {
		sum[i] /= total
	}
	for row := range f.dims {
		sum[triangle(row+1)-1] += f.ridge
	}
	return sum
}

// expect sets the shares to what the components say.
func (f *fitter) expect(m *Mixture) {
	n := len(m.Components)
	left := make([]float64, f.dims)
	for i := range f.count {
		shares := f.shares[i*n : (i+1)*n]
		best := math.Inf(-1)
		for k := range shares {
			c := &m.Components[k]
			shares[k] = c.height() - c.distance2(f.sample(i), left)/2
			best = max(best, shares[k])
		}
		sum := 0.0
		for k := range shares {
			shares[k] = math.Exp(shares[k] - best)
			sum += shares[k]
		}
		for k := range shares {
			shares[k] /= sum
		}
	}
}

// cholesky is the lower triangle L with a = L Lᵀ; both row after row.
func cholesky(a []float64, n int) ([]float64, error) {
	l := make([]float64, triangle(n))
	for i := range n {
		for j := range i + 1 {
			sum := a[triangle(i)+j]
			for k := range j {
				sum -= l[triangle(i)+k] * l[triangle(j)+k]
			}
			if i != j {
				l[triangle(i)+j] = sum / l[triangle(j+1)-1]
				continue
			}
			if !(sum > 0) {
				return nil, errors.New("the covariance is not positive: raise the ridge or give more samples")
			}
			l[triangle(i)+i] = math.Sqrt(sum)
		}
	}
	return l, nil
}

// invert is the inverse of a lower triangle.
func invert(l []float64, n int) []float64 {
	out := make([]float64, triangle(n))
	for i := range n {
		d := l[triangle(i+1)-1]
		for j := range i {
			sum := 0.0
			for k := j; k < i; k++ {
				sum += l[triangle(i)+k] * out[triangle(k)+j]
			}
			out[triangle(i)+j] = -sum / d
		}
		out[triangle(i+1)-1] = 1 / d
	}
	return out
}
