package linuxsdk_test

import (
	"context"
	"errors"
	"image"
	"reflect"
	"strings"
	"testing"

	edgeimpulse "github.com/edgeimpulse/linux-sdk-go"
	sdkimage "github.com/edgeimpulse/linux-sdk-go/image"

	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/builtin"
	"github.com/eiengine/eiengine/infer/linuxsdk"
)

func TestSameAnswersAsTheSDKsProcess(t *testing.T) {
	file := shapesFile(t)
	theirs, err := edgeimpulse.NewRunnerProcess(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	ours, err := linuxsdk.Open(context.Background(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer ours.Close()

	if got, want := ours.ModelParameters(), theirs.ModelParameters(); !reflect.DeepEqual(got, want) {
		t.Errorf("parameters: got %+v, the SDK has %+v", got, want)
	}
	if got, want := ours.Project(), theirs.Project(); got != want {
		t.Errorf("project: got %+v, the SDK has %+v", got, want)
	}
	features := sceneFeatures(theirs.ModelParameters())
	got, err := ours.Classify(features)
	if err != nil {
		t.Fatal(err)
	}
	want, err := theirs.Classify(features)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.Result, want.Result) || got.ID != want.ID || !got.Success {
		t.Errorf("got %+v, the SDK has %+v", got, want)
	}
	if len(got.Result.BoundingBoxes) == 0 {
		t.Error("nothing was found in a scene full of shapes")
	}
}

// The SDK's own classifier of pictures, on our driver.
func TestClassifierOfTheSDK(t *testing.T) {
	model, err := builtin.Open("shapes")
	if err != nil {
		t.Fatal(err)
	}
	runner := linuxsdk.New(model)
	defer runner.Close()
	p := runner.ModelParameters()
	camera := make(recorder, 1)
	classifier, err := sdkimage.NewClassifier(runner, camera, nil)
	if err != nil {
		t.Fatal(err)
	}
	camera <- sdkimage.Event{Image: scenePicture(p)}
	event := <-classifier.Events
	close(camera)
	if event.Err != nil {
		t.Fatal(event.Err)
	}
	want, err := runner.Classify(sceneFeatures(p))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(event.Result, want.Result) {
		t.Errorf("got %+v, asked directly %+v", event.Result, want.Result)
	}
}

func TestRefusalsAreErrorsAndResponses(t *testing.T) {
	model, err := builtin.Open("shapes")
	if err != nil {
		t.Fatal(err)
	}
	runner := linuxsdk.New(model)
	resp, err := runner.Classify(make([]float64, 3))
	if err == nil || resp.Success || !strings.Contains(resp.Error, "but got 3") {
		t.Errorf("three features: %v, %+v", err, resp)
	}
	for range 2 {
		if err := runner.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := runner.Classify(make([]float64, model.Info().InputFeatures)); !errors.Is(err, backend.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

type recorder chan sdkimage.Event

func (r recorder) Events() chan sdkimage.Event { return r }
func (r recorder) Close() error                { return nil }

// scenePicture is a scene at the size of the model's input.
func scenePicture(p edgeimpulse.ModelParameters) *image.NRGBA {
	w, h := p.ImageInputWidth, p.ImageInputHeight
	rgb := make([]byte, 3*w*h)
	scene.New(77, w, h, scene.Options{Count: 4}).Draw(0, rgb, 3*w)
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		copy(out.Pix[4*i:], rgb[3*i:3*i+3])
		out.Pix[4*i+3] = 255
	}
	return out
}

func sceneFeatures(p edgeimpulse.ModelParameters) []float64 {
	pic := scenePicture(p).Pix
	out := make([]float64, len(pic)/4)
	for i := range out {
		out[i] = float64(backend.PackPixel(pic[4*i], pic[4*i+1], pic[4*i+2]))
	}
	return out
}
