package builtin

import (
	"context"
	_ "embed" // for the weights
	"fmt"
	"slices"
	"time"

	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
	"github.com/eiengine/eiengine/infer/internal/grid"
)

//go:embed shapes.weights
var shapesWeights []byte

// shapesLabels are the classes of the network after class 0, "nothing here".
var shapesLabels = []string{"circle", "square", "triangle"}

const usualThreshold = 0.5

// detector is a FOMO network as a model.
type detector struct {
	base
	input   []float32 // packed pixels
	network *fomo.Network
	runner  *fomo.Runner
	merger  grid.Merger
}

func openShapes() (backend.Model, error) {
	net, err := fomo.Parse(shapesWeights)
	if err != nil {
		return nil, fmt.Errorf("built-in model shapes: %w", err)
	}
	return newDetector("shapes", net, shapesLabels)
}

func newDetector(name string, net *fomo.Network, labels []string) (*detector, error) {
	runner, err := fomo.NewRunner(net)
	if err != nil {
		return nil, fmt.Errorf("built-in model %s: %w", name, err)
	}
	if classes := runner.Grid().Channels; classes != len(labels)+1 || net.Channels != 3 {
		return nil, fmt.Errorf("built-in model %s: has %d classes and %d colours, needs %d and 3: train it again",
			name, classes, net.Channels, len(labels)+1)
	}
	pixels := net.Width * net.Height
	return &detector{
		base: base{info: backend.Info{
			Project:       ours(name),
			Type:          backend.FOMO,
			Sensor:        backend.SensorCamera,
			Labels:        slices.Clone(labels),
			InputFeatures: pixels,
			ImageWidth:    net.Width, ImageHeight: net.Height,
			ImageChannels: 3, ImageFrames: 1,
			Resize: backend.ResizeSquash,
			Engine: 255,
			Thresholds: []backend.Threshold{{
				ID: thresholdID, Type: "object_detection",
				Values: map[string]float64{minScore: usualThreshold},
			}},
		}},
		input:   make([]float32, pixels),
		network: net,
		runner:  runner,
	}, nil
}

// Input implements backend.Model.
func (d *detector) Input() []float32 { return d.input }

// Classify implements backend.Model.
func (d *detector) Classify(ctx context.Context) (*backend.Result, error) {
	if err := d.usable(ctx); err != nil {
		return nil, err
	}
	start := time.Now()
	unpack(d.runner.Input(), d.input)
	unpacked := time.Now()
	probabilities := d.runner.Probabilities()
	classified := time.Now()
	boxes := d.boxes(d.merger.Merge(probabilities, d.runner.Grid(), float32(d.threshold(minScore))))
	if err := d.usable(ctx); err != nil {
		return nil, err
	}
	end := time.Now()
	return &backend.Result{
		Boxes: boxes,
		Timing: backend.Timing{
			DSP:            unpacked.Sub(start),
			Classification: classified.Sub(unpacked),
			Postprocessing: end.Sub(classified),
		},
		RoundTrip: end.Sub(start),
	}, nil
}

// unpack turns packed pixels into the planes of a network's input.
func unpack(planes, pixels []float32) {
	area := len(pixels)
	red, green, blue := planes[:area], planes[area:2*area], planes[2*area:3*area]
	for i, v := range pixels {
		r, g, b := backend.UnpackPixel(v)
		red[i], green[i], blue[i] = fomo.Value(r), fomo.Value(g), fomo.Value(b)
	}
}

// boxes turns cells into pixels of the input, the surest first.
func (d *detector) boxes(found []grid.Cells) []backend.Box {
	size := d.runner.Grid()
	cellW, cellH := d.info.ImageWidth/size.Width, d.info.ImageHeight/size.Height
	boxes := make([]backend.Box, len(found))
	for i, f := range found {
		boxes[i] = backend.Box{
			Label: d.info.Labels[f.Class-1], Value: float64(f.Probability),
			X: f.X * cellW, Y: f.Y * cellH, Width: f.Width * cellW, Height: f.Height * cellH,
		}
	}
	slices.SortStableFunc(boxes, func(a, b backend.Box) int {
		switch {
		case a.Value > b.Value:
			return -1
		case a.Value < b.Value:
			return 1
		}
		return 0
	})
	return boxes
}
