package linuxsdk

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	edgeimpulse "github.com/edgeimpulse/linux-sdk-go"

	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/eim"
)

// Runner is a model with the SDK's interface. Its methods may be called from
// several goroutines; requests are answered one after the other.
type Runner struct {
	mu     sync.Mutex // serializes requests
	model  backend.Model
	lastID int64
}

var _ edgeimpulse.Runner = (*Runner)(nil)

// Open starts the .eim file at path. Close ends its process. ctx bounds the
// start only.
func Open(ctx context.Context, path string) (*Runner, error) {
	model, err := eim.Open(ctx, path, eim.Options{})
	if err != nil {
		return nil, err
	}
	return New(model), nil
}

// New gives any open model the SDK's interface, for example one that comes with
// the engine. The model belongs to the Runner from now on.
func New(model backend.Model) *Runner {
	return &Runner{model: model, lastID: 1} // the SDK's first request is its hello
}

// ModelParameters describes the model as the SDK does: a model that names no
// type is one of classification.
func (r *Runner) ModelParameters() edgeimpulse.ModelParameters {
	info := r.model.Info()
	p := edgeimpulse.ModelParameters{
		ModelType:          edgeimpulse.ModelType(info.Type),
		Sensor:             int64(info.Sensor),
		SensorType:         sensorType(info.Sensor),
		IntervalMS:         info.IntervalMS,
		Frequency:          info.Frequency,
		InputFeaturesCount: info.InputFeatures,
		ImageInputHeight:   info.ImageHeight,
		ImageInputWidth:    info.ImageWidth,
		ImageChannelCount:  info.ImageChannels,
		Labels:             info.Labels,
		LabelCount:         len(info.Labels),
		HasAnomaly:         float64(info.Anomaly),
	}
	if p.ModelType == "" {
		p.ModelType = edgeimpulse.ModelTypeClassification
	}
	return p
}

func sensorType(s backend.Sensor) edgeimpulse.SensorType {
	switch s {
	case backend.SensorMicrophone:
		return edgeimpulse.SensorTypeMicrophone
	case backend.SensorAccelerometer:
		return edgeimpulse.SensorTypeAccelerometer
	case backend.SensorCamera:
		return edgeimpulse.SensorTypeCamera
	}
	return edgeimpulse.SensorTypeUnknown
}

// Project says where the model comes from.
func (r *Runner) Project() edgeimpulse.Project {
	p := r.model.Info().Project
	return edgeimpulse.Project{DeployVersion: int64(p.DeployVersion), ID: int64(p.ID), Name: p.Name, Owner: p.Owner}
}

// Classify runs the model on features: for pictures one packed pixel each (see
// [backend.PackPixel]), for sound one sample each in the range of 16 bits. As
// with the SDK, a refusal is both an error and a response without success.
func (r *Runner) Classify(features []float64) (edgeimpulse.RunnerClassifyResponse, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lastID++
	var out edgeimpulse.RunnerClassifyResponse
	out.ID = r.lastID
	result, err := r.classify(features)
	if err != nil {
		out.Error = err.Error()
		return out, fmt.Errorf("classifying: %w", err)
	}
	out.Success = true
	fill(&out, result)
	return out, nil
}

func (r *Runner) classify(features []float64) (*backend.Result, error) {
	if want := r.model.Info().InputFeatures; len(features) != want {
		return nil, fmt.Errorf("invalid number of features, expected %d but got %d", want, len(features))
	}
	input := r.model.Input()
	if len(input) < len(features) {
		return nil, backend.ErrClosed
	}
	for i, v := range features {
		input[i] = float32(v)
	}
	return r.model.Classify(context.Background())
}

// box is the SDK's type of a detection, which has no name there.
type box = struct {
	Label  string  `json:"label"`
	Value  float64 `json:"value"`
	X      int     `json:"x"`
	Y      int     `json:"y"`
	Width  int     `json:"width"`
	Height int     `json:"height"`
}

// fill copies what the SDK has words for.
func fill(out *edgeimpulse.RunnerClassifyResponse, r *backend.Result) {
	if r.Classification != nil {
		out.Result.Classification = make(map[string]float64, len(r.Classification))
		for _, s := range r.Classification {
			out.Result.Classification[s.Label] = s.Value
		}
	}
	if r.Boxes != nil {
		out.Result.BoundingBoxes = make([]box, len(r.Boxes))
		for i, b := range r.Boxes {
			out.Result.BoundingBoxes[i] = box(b)
		}
	}
	if r.Anomaly != nil {
		out.Result.Anomaly = *r.Anomaly
	}
	out.Timing.DSP = milliseconds(r.Timing.DSP)
	out.Timing.Classification = milliseconds(r.Timing.Classification)
	out.Timing.Anomaly = milliseconds(r.Timing.Anomaly)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// Close ends the model. A request under way ends with an error.
func (r *Runner) Close() error {
	if err := r.model.Close(); err != nil && !errors.Is(err, backend.ErrClosed) {
		return err
	}
	return nil
}
