package eim_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/eim"
)

// Drive a model without a graph: one picture in, detections out.
func Example() {
	model, err := eim.Open(context.Background(), "detector.eim", eim.Options{
		OnEvent: func(e eim.Event) { log.Println("model", e.Kind, e.Reason) },
	})
	if err != nil {
		log.Fatal(err)
	}
	defer model.Close()

	info := model.Info()
	rgb := make([]byte, 3*info.ImageWidth*info.ImageHeight) // already of the model's size
	backend.PackRGB(model.Input(), rgb)
	res, err := model.Classify(context.Background())
	switch {
	case errors.Is(err, eim.ErrLost):
		log.Print(err) // a new process is on its way; try with the next picture
		return
	case err != nil:
		log.Fatal(err)
	}
	for _, b := range res.Boxes {
		fmt.Println(b.Label, b.Value, b.X, b.Y, b.Width, b.Height)
	}
}
