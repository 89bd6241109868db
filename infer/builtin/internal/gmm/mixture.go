package gmm

import (
	"fmt"
	"math"
)

// Mixture is a mixture of Gaussian distributions.
type Mixture struct {
	// Dims is the number of values of what it judges.
	Dims       int
	Components []Component
	// Threshold is the score from which on something counts as unusual.
	Threshold float64
}

// Component is one Gaussian distribution.
type Component struct {
	// Weight is its share, from 0 (exclusive) to 1.
	Weight float64
	Mean   []float64
	// Whiten is the lower triangle, row after row, that turns what is left when
	// the mean is taken away into independent values of variance 1: the inverse
	// of the Cholesky factor of the covariance.
	Whiten []float64
}

// Limits that every mixture keeps, so that a damaged file cannot ask for more
// memory than it is worth.
const (
	maxDims       = 512
	maxComponents = 64
)

func triangle(n int) int { return n * (n + 1) / 2 }

// check says whether the mixture can be used.
func (m *Mixture) check() error {
	if m.Dims < 1 || m.Dims > maxDims || len(m.Components) < 1 || len(m.Components) > maxComponents {
		return fmt.Errorf("%d components of %d values: must be from 1 to %d of 1 to %d",
			len(m.Components), m.Dims, maxComponents, maxDims)
	}
	if !finite(m.Threshold) || m.Threshold < 0 {
		return fmt.Errorf("a threshold of %v", m.Threshold)
	}
	for i := range m.Components {
		if err := m.Components[i].check(m.Dims); err != nil {
			return fmt.Errorf("component %d: %w", i, err)
		}
	}
	return nil
}

func (c *Component) check(dims int) error {
	if !(c.Weight > 0 && c.Weight <= 1) {
		return fmt.Errorf("a weight of %v: must be above 0 and at most 1", c.Weight)
	}
	if len(c.Mean) != dims || len(c.Whiten) != triangle(dims) {
		return fmt.Errorf("has %d means and %d factors, needs %d and %d", len(c.Mean), len(c.Whiten), dims, triangle(dims))
	}
	for _, values := range [][]float64{c.Mean, c.Whiten} {
		for _, v := range values {
			if !finite(v) {
				return fmt.Errorf("a value is %v", v)
			}
		}
	}
	for i := range dims {
		if d := c.Whiten[triangle(i+1)-1]; d <= 0 {
			return fmt.Errorf("factor %d of the diagonal is %v: must be above 0", i, d)
		}
	}
	return nil
}

func finite(v float64) bool { return v-v == 0 }

// height is the logarithm of the density at the mean, without the constant that
// all components share.
func (c *Component) height() float64 {
	h, n := math.Log(c.Weight), 0
	for row := range c.Mean {
		n += row + 1
		h += math.Log(c.Whiten[n-1])
	}
	return h
}

// distance2 is the square of the distance of Mahalanobis; left has room for the
// values.
func (c *Component) distance2(x, left []float64) float64 {
	for i, v := range x {
		left[i] = v - c.Mean[i]
	}
	sum, at := 0.0, 0
	for row := range x {
		z := 0.0
		for i, w := range c.Whiten[at : at+row+1] {
			z += w * left[i]
		}
		sum += z * z
		at += row + 1
	}
	return sum
}

// Scorer scores by a mixture. It owns the memory that this needs, so scoring does
// not allocate. It may be used from one goroutine at a time.
type Scorer struct {
	mixture *Mixture
	heights []float64 // below that of the highest
	left    []float64
}

// NewScorer prepares to score by m; an error says why m cannot be used.
func NewScorer(m *Mixture) (*Scorer, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	s := &Scorer{mixture: m, left: make([]float64, m.Dims)}
	top := math.Inf(-1)
	for i := range m.Components {
		h := m.Components[i].height()
		s.heights, top = append(s.heights, h), max(top, h)
	}
	for i := range s.heights {
		s.heights[i] -= top
	}
	return s, nil
}

// Score says how far x, of Dims values, is from what is usual: 0 in the middle of
// it, and more the less likely x is.
func (s *Scorer) Score(x []float64) float64 {
	// log Σ exp(height - distance²/2), by the largest term.
	best := math.Inf(-1)
	sum := 0.0
	for i := range s.mixture.Components {
		l := s.heights[i] - s.mixture.Components[i].distance2(x, s.left)/2
		if l > best {
			sum = sum*math.Exp(best-l) + 1
			best = l
			continue
		}
		sum += math.Exp(l - best)
	}
	return math.Sqrt(max(-2*(best+math.Log(sum)), 0))
}
