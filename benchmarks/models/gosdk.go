package main

import (
	"errors"
	"image"
	"io"

	edgeimpulse "github.com/edgeimpulse/linux-sdk-go"
	sdkimage "github.com/edgeimpulse/linux-sdk-go/image"
)

// camera is the SDK's recorder of pictures, fed by hand.
type camera chan sdkimage.Event

func (c camera) Events() chan sdkimage.Event { return c }
func (c camera) Close() error                { return nil }

// driveGoSDK drives a model with Edge Impulse's SDK for Go: its process runner
// under its classifier of pictures.
func driveGoSDK(j *job, stdin io.Reader, stdout io.Writer) error {
	var cameras []camera
	var classifiers []*sdkimage.Classifier
	for range j.processes {
		runner, err := startSDK(j.model)
		if err != nil {
			return err
		}
		defer runner.Close()
		c := make(camera)
		classifier, err := sdkimage.NewClassifier(runner, c, nil)
		if err != nil {
			return err
		}
		cameras, classifiers = append(cameras, c), append(classifiers, classifier)
	}
	var pictures []image.Image
	for _, frame := range j.frames {
		pictures = append(pictures, nrgba(frame, j.width, j.height))
	}
	return rehearse(j, func(calls int) (*trips, error) {
		return workers(j.processes, calls, len(pictures), func(w, frame int) error {
			cameras[w] <- sdkimage.Event{Image: pictures[frame]}
			event := <-classifiers[w].Events
			return event.Err
		})
	}, stdin, stdout)
}

// startSDK tries a few times: the SDK gives up when it connects before the model
// listens.
func startSDK(model string) (runner *edgeimpulse.RunnerProcess, err error) {
	for range 20 {
		var e error
		if runner, e = edgeimpulse.NewRunnerProcess(model, nil); e == nil {
			return runner, nil
		}
		err = errors.Join(err, e)
	}
	return nil, err
}

// nrgba is the picture in the form that the SDK need not convert.
func nrgba(rgb []byte, width, height int) *image.NRGBA {
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i, o := 0, 0; i < len(rgb); i, o = i+3, o+4 {
		p := out.Pix[o : o+4 : o+4]
		p[0], p[1], p[2], p[3] = rgb[i], rgb[i+1], rgb[i+2], 255
	}
	return out
}
