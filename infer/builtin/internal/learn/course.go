package learn

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
)

// Course is how long and how fast a classifier is taught; it is what the flags
// of a training program set.
type Course struct {
	Out    string // file for the weights
	Resume string // file to begin from, "" for random weights
	Seed   uint64 // of everything random
	Steps  int
	Batch  int     // examples a step
	Rate   float64 // highest learning rate
	Report int     // steps between two looks at held-out examples
}

// Flags declares the flags of a course, whose values so far are the defaults.
func (c *Course) Flags(f *flag.FlagSet) {
	f.StringVar(&c.Out, "out", c.Out, "`file` for the weights; the model card goes beside it, named .md")
	f.StringVar(&c.Resume, "resume", "", "weights `file` to start from instead of random weights")
	f.Uint64Var(&c.Seed, "seed", c.Seed, "seed of everything random")
	f.IntVar(&c.Steps, "steps", c.Steps, "number of steps; 0 only measures")
	f.IntVar(&c.Batch, "batch", c.Batch, "examples a step")
	f.Float64Var(&c.Rate, "rate", c.Rate, "highest learning rate")
	f.IntVar(&c.Report, "report", c.Report, "steps between two looks at held-out examples")
}

// Check says what of the settings cannot be.
func (c *Course) Check() error {
	if c.Steps < 0 || c.Batch < 1 || c.Report < 1 {
		return fmt.Errorf("-batch and -report must be at least 1 and -steps at least 0")
	}
	return nil
}

// Begin gives net its first weights.
func (c *Course) Begin(net *fomo.Network) (*fomo.Network, error) {
	if c.Resume == "" {
		net.Randomize(rand.New(rand.NewPCG(c.Seed, 1)))
		return net, nil
	}
	data, err := os.ReadFile(c.Resume)
	if err != nil {
		return nil, err
	}
	if net, err = fomo.Parse(data); err != nil {
		return nil, fmt.Errorf("%s: %w", c.Resume, err)
	}
	return net, nil
}

// Save writes the weights so far and returns the size of the file in bytes.
func (c *Course) Save(net *fomo.Network) (size int, err error) {
	data, err := net.AppendTo(nil)
	if err != nil {
		return 0, err
	}
	return len(data), os.WriteFile(c.Out, data, 0o644)
}

// Teach runs the course on net. next writes an example to the input of the
// network and returns its class. look is called every Report steps, after the
// weights so far were saved. It prints the mean loss as it goes.
func (c *Course) Teach(net *fomo.Network, next func(input []float32) (class int), look func() error) error {
	t, err := NewClassifier(net)
	if err != nil {
		return err
	}
	start, mean, count := time.Now(), 0.0, 0
	for step := range c.Steps {
		for range c.Batch {
			if err := t.Learn(next(t.Input())); err != nil {
				return err
			}
		}
		loss, err := t.Step(RateAt(step, c.Steps, c.Rate))
		if err != nil {
			return fmt.Errorf("step %d: %w", step, err)
		}
		mean, count = mean+loss, count+1
		if (step+1)%50 == 0 || step+1 == c.Steps {
			fmt.Printf("step %5d of %d  loss %.4f  %s\n", step+1, c.Steps, mean/float64(count), time.Since(start).Round(time.Second))
			mean, count = 0, 0
		}
		if (step+1)%c.Report != 0 || step+1 == c.Steps {
			continue
		}
		if _, err := c.Save(net); err != nil {
			return err
		}
		if err := look(); err != nil {
			return err
		}
	}
	return nil
}
