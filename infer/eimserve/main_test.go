package eimserve

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/eiengine/eiengine/infer/backend"
)

// TestMain also makes the test binary a model process, for what can only be
// seen from outside: exit codes and signals.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "role=serve" {
		model := newFake()
		model.hang = os.Getenv("HANG") != ""
		os.Exit(Main(model, os.Args[2:]))
	}
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

// fake is a detector of four features that reports what it was given.
type fake struct {
	info backend.Info
	in   []float32
	hang bool
	res  backend.Result
	err  error
}

func newFake() *fake {
	return &fake{in: make([]float32, 4), info: backend.Info{
		Project: backend.Project{ID: 7, Name: "Fake <&>", Owner: "us"},
		Type:    backend.ObjectDetection, Sensor: backend.SensorCamera, Labels: []string{"b", "a"},
		InputFeatures: 4, ImageWidth: 2, ImageHeight: 2, ImageChannels: 3, ImageFrames: 1, Resize: backend.ResizeSquash,
		SliceSize: 1, Frequency: 62.5, IntervalMS: 16, AxisCount: 1, Engine: 255,
		Thresholds: []backend.Threshold{{ID: 3, Type: "object_detection", Values: map[string]float64{"min_score": 0.5, "max": 5}}},
	}}
}

func (f *fake) Info() *backend.Info { return &f.info }
func (f *fake) Input() []float32    { return f.in }
func (f *fake) Close() error        { return nil }

func (f *fake) Classify(ctx context.Context) (*backend.Result, error) {
	if f.hang {
		fmt.Println("hanging")
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if f.err != nil {
		return nil, f.err
	}
	res := f.res
	if res.Boxes == nil && f.in[0] != 0 {
		res.Boxes = []backend.Box{{Label: "a", Value: float64(f.in[0]), X: 1, Y: 2, Width: 3, Height: int(f.in[3])}}
	}
	return &res, nil
}

func (f *fake) ClassifyContinuous(context.Context) (*backend.Result, error) {
	return nil, errors.New("not a continuous model")
}

func (f *fake) SetThreshold(_ context.Context, id int, values map[string]float64) error {
	for k, v := range values {
		f.info.Thresholds[0].Values[k] = v
	}
	return nil
}
