// Command model asks a model about a photograph, without any graph: decode,
// scale, pack, classify.
//
//	go run ./examples/model                      # the built-in model
//	go run ./examples/model ./detector.eim       # a .eim, in a process of its own
//	go run ./examples/model ./detector.eim photo.jpg
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"

	"github.com/eiengine/eiengine/encode/codec/jpeg"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/builtin"
	"github.com/eiengine/eiengine/infer/eim"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	path, photo := "", "testdata/photos/coffee.jpg"
	if len(os.Args) > 1 {
		path = os.Args[1]
	}
	if len(os.Args) > 2 {
		photo = os.Args[2]
	}
	if err := run(ctx, path, photo); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, path, photo string) error {
	model, err := open(ctx, path)
	if err != nil {
		return err
	}
	defer model.Close()
	info := model.Info()
	if !info.IsImage() {
		return fmt.Errorf("%s takes no pictures", info.Project.Name)
	}
	fmt.Printf("%s: %s, %dx%d, labels %v\n", info.Project.Name, info.Type, info.ImageWidth, info.ImageHeight, info.Labels)

	picture, err := decode(photo)
	if err != nil {
		return err
	}
	toPicture, err := pixel.NewFeed(info.ImageWidth, info.ImageHeight).Fill(model.Input(), &picture, info.Resize)
	if err != nil {
		return err
	}
	result, err := model.Classify(ctx)
	if err != nil {
		return err
	}
	for _, b := range result.Boxes { // in pixels of the model's input
		at := toPicture.Rect(frames.Rect{X: b.X, Y: b.Y, W: b.Width, H: b.Height})
		fmt.Printf("%s %.2f: %d,%d %dx%d\n", b.Label, b.Value, at.X, at.Y, at.W, at.H)
	}
	for _, s := range result.Classification {
		fmt.Printf("%s %.2f\n", s.Label, s.Value)
	}
	fmt.Printf("answered in %v\n", result.RoundTrip)
	return nil
}

// open gives the same interface for a .eim file and for a model of the engine.
func open(ctx context.Context, path string) (backend.Model, error) {
	if path == "" {
		return builtin.Open("shapes")
	}
	return eim.Open(ctx, path, eim.Options{})
}

// decode reads a JPEG, as the YUV that is in it.
func decode(file string) (frames.Picture, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return frames.Picture{}, err
	}
	info, err := jpeg.Config(data)
	if err != nil {
		return frames.Picture{}, fmt.Errorf("%s: %w", file, err)
	}
	picture := frames.NewPicture(info.Format, info.Width, info.Height)
	picture.Color = info.Color
	if err := jpeg.DecodeInto(&picture, data); err != nil {
		return frames.Picture{}, fmt.Errorf("%s: %w", file, err)
	}
	return picture, nil
}
