package builtin

import (
	"context"
	_ "embed" // for the weights
	"fmt"
	"slices"
	"time"

	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
	"github.com/eiengine/eiengine/infer/builtin/internal/mfe"
)

//go:embed sounds.weights
var soundsWeights []byte

// soundsLabels are the classes of the network.
var soundsLabels = []string{"beep", "knock", "noise", "siren", "whistle"}

const (
	windowSamples = mfe.Rate // a second
	windowSlices  = 4
	sliceSamples  = windowSamples / windowSlices

	windowFrames = (windowSamples-mfe.FrameLength)/mfe.Stride + 1
	// sliceFrames is how many frames a slice adds. It is a whole number, so the
	// frames of a window lie where they lay when their slice came.
	sliceFrames = sliceSamples / mfe.Stride
	// carried is how many samples before a slice its first frames begin with.
	carried = windowSamples - sliceSamples - (windowFrames-sliceFrames)*mfe.Stride
)

// listener is a network that names windows of sound, as a model.
type listener struct {
	base
	input   []float32
	extract *mfe.Extractor
	runner  *fomo.Runner

	// The continuous signal: the samples that its next frames begin with and the
	// slice, the features of the last second, and how many slices came so far.
	slice    []float32
	features []float32
	came     int
}

func openSounds() (backend.Model, error) {
	const name = "sounds"
	runner, err := namer(soundsWeights, 1, len(soundsLabels))
	if err != nil {
		return nil, fmt.Errorf("built-in model %s: %w", name, err)
	}
	if in := runner.InputShape(); in.Width != windowFrames || in.Height != mfe.Filters {
		return nil, fmt.Errorf("built-in model %s: takes %d frames of %d filters, must take %d of %d: train it again",
			name, in.Width, in.Height, windowFrames, mfe.Filters)
	}
	return &listener{
		base: base{info: backend.Info{
			Project:       ours(name),
			Type:          backend.Classification,
			Sensor:        backend.SensorMicrophone,
			Labels:        slices.Clone(soundsLabels),
			InputFeatures: windowSamples,
			Frequency:     mfe.Rate, IntervalMS: 1000.0 / mfe.Rate, AxisCount: 1,
			SliceSize: sliceSamples, Continuous: true,
			Engine: 255,
		}},
		input:    make([]float32, windowSamples),
		extract:  mfe.NewExtractor(),
		runner:   runner,
		slice:    make([]float32, carried+sliceSamples),
		features: make([]float32, windowFrames*mfe.Filters),
	}, nil
}

// Input implements backend.Model.
func (l *listener) Input() []float32 { return l.input }

// Classify implements backend.Model. It leaves a continuous signal as it is.
func (l *listener) Classify(ctx context.Context) (*backend.Result, error) {
	if err := l.usable(ctx); err != nil {
		return nil, err
	}
	start := time.Now()
	l.extract.Fill(l.runner.Input(), windowFrames, 0, l.input)
	return l.answer(ctx, start)
}

// ClassifyContinuous implements backend.Model. As a .eim does, it answers zeros
// until there is a whole window, and then for the last window, without smoothing.
func (l *listener) ClassifyContinuous(ctx context.Context) (*backend.Result, error) {
	if err := l.usable(ctx); err != nil {
		return nil, err
	}
	start := time.Now()
	l.take(l.input[:sliceSamples])
	if l.came = min(l.came+1, windowSlices); l.came < windowSlices {
		zeros := make([]backend.Score, len(l.info.Labels))
		for i := range zeros {
			zeros[i].Label = l.info.Labels[i]
		}
		took := time.Since(start)
		return &backend.Result{Classification: zeros, Timing: backend.Timing{DSP: took}, RoundTrip: took}, nil
	}
	copy(l.runner.Input(), l.features)
	return l.answer(ctx, start)
}

// take adds the frames of a slice to the features and drops as many old ones.
func (l *listener) take(slice []float32) {
	copy(l.slice, l.slice[sliceSamples:])
	copy(l.slice[carried:], slice)
	for row := range mfe.Filters {
		line := l.features[row*windowFrames : (row+1)*windowFrames]
		copy(line, line[sliceFrames:])
	}
	l.extract.Fill(l.features, windowFrames, windowFrames-sliceFrames, l.slice)
}

// answer runs the network on the features in its input.
func (l *listener) answer(ctx context.Context, start time.Time) (*backend.Result, error) {
	heard := time.Now()
	p := l.runner.Whole()
	if err := l.usable(ctx); err != nil {
		return nil, err
	}
	end := time.Now()
	return &backend.Result{
		Classification: scores(l.info.Labels, p),
		Timing:         backend.Timing{DSP: heard.Sub(start), Classification: end.Sub(heard)},
		RoundTrip:      end.Sub(start),
	}, nil
}
