package main

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"time"

	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
	"github.com/eiengine/eiengine/infer/builtin/internal/learn"
)

// trainer holds everything that a step needs.
type trainer struct {
	settings  *settings
	net       *fomo.Network
	runner    *fomo.Runner
	gradient  *fomo.Gradient
	optimiser *learn.Optimiser
	random    *rand.Rand
	source    source
	pool      []sample
	oldest    int // the place in a full pool that is drawn anew next

	things     []fomo.Thing
	target     []uint8
	derivative []float32
}

func newTrainer(s *settings, net *fomo.Network, photos []image.Image) (*trainer, error) {
	runner, err := fomo.NewRunner(net)
	if err != nil {
		return nil, err
	}
	gradient := fomo.NewGradient(runner)
	return &trainer{
		settings: s, net: net, runner: runner, gradient: gradient,
		optimiser:  learn.NewOptimiser(net, gradient),
		random:     rand.New(rand.NewPCG(s.seed, 2)),
		source:     source{random: rand.New(rand.NewPCG(s.seed, 3)), photos: photos},
		target:     make([]uint8, runner.Grid().Area()),
		derivative: make([]float32, runner.Grid().Len()),
	}, nil
}

func (t *trainer) train() error {
	s := t.settings
	start := time.Now()
	mean, count := 0.0, 0
	for step := range s.steps {
		t.refill(step)
		l, err := t.step(learn.RateAt(step, s.steps, s.rate))
		if err != nil {
			return err
		}
		if math.IsNaN(l) {
			return fmt.Errorf("step %d: the loss is not a number: lower -rate", step)
		}
		mean += l
		count++
		if (step+1)%50 == 0 || step+1 == s.steps {
			fmt.Printf("step %5d of %d  loss %.4f  %s\n", step+1, s.steps, mean/float64(count), time.Since(start).Round(time.Second))
			mean, count = 0, 0
		}
		if (step+1)%s.report == 0 && step+1 < s.steps {
			r, err := measure(t.net, quick)
			if err != nil {
				return err
			}
			fmt.Println(r)
			if _, err := saveWeights(s.out, t.net); err != nil {
				return err
			}
		}
	}
	return nil
}

// refill draws this step's new pictures, more before the first step.
func (t *trainer) refill(step int) {
	n := t.settings.fresh
	if step == 0 {
		n = min(max(n, 20*t.settings.batch), t.settings.pool)
	}
	for range n {
		if len(t.pool) < t.settings.pool {
			t.pool = append(t.pool, sample{})
			t.source.next(&t.pool[len(t.pool)-1])
			continue
		}
		t.source.next(&t.pool[t.oldest])
		t.oldest = (t.oldest + 1) % len(t.pool)
	}
}

// step learns from one batch and returns its mean loss.
func (t *trainer) step(rate float64) (float64, error) {
	t.gradient.Clear()
	sum := 0.0
	grid := t.runner.Grid()
	for range t.settings.batch {
		s := &t.pool[t.random.IntN(len(t.pool))]
		a := randomAugmentation(t.random)
		a.picture(t.runner.Input(), s, t.random)
		t.things = a.things(t.things, s.things)
		fomo.Target(t.target, grid, side, side, t.things)
		sum += loss(t.derivative, t.runner.Probabilities(), t.target, grid, t.settings.weight)
		if err := t.gradient.Back(t.derivative); err != nil {
			return 0, err
		}
	}
	t.optimiser.Step(rate, t.settings.batch)
	return sum / float64(t.settings.batch), nil
}
