package learn

import (
	"fmt"
	"math"

	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
)

// Classifier teaches a network to name whole pictures, by the cross-entropy of
// [fomo.Runner.Whole] with the class that is right.
type Classifier struct {
	runner     *fomo.Runner
	gradient   *fomo.Gradient
	optimiser  *Optimiser
	means      []float32
	derivative []float32
	batch      int
	sum        float64
}

// NewClassifier prepares to teach net, whose weights it changes.
func NewClassifier(net *fomo.Network) (*Classifier, error) {
	runner, err := fomo.NewRunner(net)
	if err != nil {
		return nil, err
	}
	gradient := fomo.NewGradient(runner)
	return &Classifier{
		runner: runner, gradient: gradient, optimiser: NewOptimiser(net, gradient),
		means:      make([]float32, runner.Grid().Channels),
		derivative: make([]float32, runner.Grid().Len()),
	}, nil
}

// Input is the picture to fill before Learn.
func (c *Classifier) Input() []float32 { return c.runner.Input() }

// Learn looks at Input, which shows what belongs to the class.
func (c *Classifier) Learn(class int) error {
	p := c.runner.Whole()
	if class < 0 || class >= len(p) {
		return fmt.Errorf("class %d of %d", class, len(p))
	}
	c.sum -= math.Log(max(float64(p[class]), 1e-12))
	c.batch++
	copy(c.means, p)
	c.means[class]--
	c.runner.SpreadWhole(c.derivative, c.means)
	return c.gradient.Back(c.derivative)
}

// Step moves the weights by what was looked at since the last step, and returns
// the mean loss of that.
func (c *Classifier) Step(rate float64) (float64, error) {
	mean := c.sum / float64(max(c.batch, 1))
	if math.IsNaN(mean) {
		return mean, fmt.Errorf("the loss is not a number: lower the rate")
	}
	c.optimiser.Step(rate, max(c.batch, 1))
	c.gradient.Clear()
	c.sum, c.batch = 0, 0
	return mean, nil
}
