package eimserve

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/infer/backend"
)

// brightness says how bright a picture of 2 x 2 pixels is, from 0 to 1.
func brightness() backend.Model {
	info := backend.Info{
		Project: backend.Project{Name: "brightness"}, Type: backend.Classification, Sensor: backend.SensorCamera,
		Labels: []string{"bright"}, InputFeatures: 4, ImageWidth: 2, ImageHeight: 2, ImageChannels: 3, ImageFrames: 1,
		Resize:     backend.ResizeSquash,
		Thresholds: []backend.Threshold{{ID: 1, Type: "classification", Values: map[string]float64{"offset": 0}}},
	}
	var model backend.Model
	model = Function(info, func(_ context.Context, picture []float32) (*backend.Result, error) {
		sum := 0
		for _, v := range picture {
			r, g, b := backend.UnpackPixel(v)
			sum += int(r) + int(g) + int(b)
		}
		value := float64(sum)/float64(len(picture)*3*255) + model.Info().Thresholds[0].Values["offset"]
		return &backend.Result{Classification: []backend.Score{{Label: "bright", Value: value}}}, nil
	})
	return model
}

// A program that is a .eim: func main() { os.Exit(eimserve.Main(model, os.Args[1:])) }.
func ExampleFunction() {
	model := brightness()
	model.Input()[0] = backend.PackPixel(255, 255, 255) // and three black ones
	r, err := model.Classify(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Classification)
	// Output: [{bright 0.25}]
}

func TestFunctionIsAModelForClients(t *testing.T) {
	lines := talk(t, Options{NoSharedMemory: true}, brightness(), helloLine+
		`{"id":2,"classify":[0,0,16777215,16777215]}`+"\n"+
		`{"id":3,"set_threshold":{"id":1,"offset":0.25}}`+"\n"+
		`{"id":4,"classify":[0,0,16777215,16777215]}`+"\n"+
		`{"id":5,"classify_continuous":[0]}`+"\n")
	for i, want := range []string{`"name":"brightness"`, `"bright":0.5`, `"success":true`, `"bright":0.75`, `"success":false`} {
		if i >= len(lines) || !strings.Contains(lines[i], want) {
			t.Errorf("reply %d of %q lacks %s", i, lines, want)
		}
	}
}

func TestFunctionOfSlices(t *testing.T) {
	m := Function(backend.Info{InputFeatures: 8, SliceSize: 2, Continuous: true}, func(_ context.Context, in []float32) (*backend.Result, error) {
		return &backend.Result{Freeform: [][]float32{{float32(len(in))}}}, nil
	})
	for want, ask := range map[float32]func(context.Context) (*backend.Result, error){2: m.ClassifyContinuous, 8: m.Classify} {
		if r, err := ask(t.Context()); err != nil || r.Freeform[0][0] != want {
			t.Errorf("%v, %v, want %v values", r, err, want)
		}
	}
	if err := m.SetThreshold(t.Context(), 1, nil); err == nil {
		t.Error("set thresholds of a model that has none")
	}
	if err := m.Close(); err != nil {
		t.Error(err)
	}
	for _, err := range []error{second(m.Classify(t.Context())), second(m.ClassifyContinuous(t.Context())), m.SetThreshold(t.Context(), 1, nil)} {
		if !errors.Is(err, backend.ErrClosed) {
			t.Errorf("closed model: %v", err)
		}
	}
}

func second[T any](_ T, err error) error { return err }
