package builtin

import (
	"context"
	_ "embed" // for the weights
	"fmt"
	"slices"
	"time"

	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
)

//go:embed shapes-class.weights
var shapesClassWeights []byte

// shapesClassLabels are the classes of the network.
var shapesClassLabels = []string{"circle", "none", "square", "triangle"}

// classifier is a network that names whole pictures, as a model.
type classifier struct {
	base
	input  []float32 // packed pixels
	runner *fomo.Runner
}

func openShapesClass() (backend.Model, error) {
	const name = "shapes-class"
	runner, err := namer(shapesClassWeights, 3, len(shapesClassLabels))
	if err != nil {
		return nil, fmt.Errorf("built-in model %s: %w", name, err)
	}
	width, height := runner.InputShape().Width, runner.InputShape().Height
	return &classifier{
		base: base{info: backend.Info{
			Project:       ours(name),
			Type:          backend.Classification,
			Sensor:        backend.SensorCamera,
			Labels:        slices.Clone(shapesClassLabels),
			InputFeatures: width * height,
			ImageWidth:    width, ImageHeight: height,
			ImageChannels: 3, ImageFrames: 1,
			Resize: backend.ResizeSquash,
			Engine: 255,
		}},
		input:  make([]float32, width*height),
		runner: runner,
	}, nil
}

// namer prepares a network that has to take so many channels and tell so many
// classes.
func namer(weights []byte, channels, classes int) (*fomo.Runner, error) {
	net, err := fomo.Parse(weights)
	if err != nil {
		return nil, err
	}
	runner, err := fomo.NewRunner(net)
	if err != nil {
		return nil, err
	}
	if got := runner.Grid().Channels; got != classes || net.Channels != channels {
		return nil, fmt.Errorf("has %d classes and %d channels, needs %d and %d: train it again", got, net.Channels, classes, channels)
	}
	return runner, nil
}

// Input implements backend.Model.
func (c *classifier) Input() []float32 { return c.input }

// Classify implements backend.Model.
func (c *classifier) Classify(ctx context.Context) (*backend.Result, error) {
	if err := c.usable(ctx); err != nil {
		return nil, err
	}
	start := time.Now()
	unpack(c.runner.Input(), c.input)
	unpacked := time.Now()
	p := c.runner.Whole()
	if err := c.usable(ctx); err != nil {
		return nil, err
	}
	end := time.Now()
	return &backend.Result{
		Classification: scores(c.info.Labels, p),
		Timing:         backend.Timing{DSP: unpacked.Sub(start), Classification: end.Sub(unpacked)},
		RoundTrip:      end.Sub(start),
	}, nil
}
