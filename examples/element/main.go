// Command element adds an element of its own to the engine and uses it.
//
//	go run ./examples/element
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/eiengine/eiengine"
	_ "github.com/eiengine/eiengine/all"
	"github.com/eiengine/eiengine/frames"
)

// From here to the end of Process is all that an element needs.

var gray = frames.MustCaps("video/x-raw, format=GRAY8")

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "threshold", LongName: "Threshold", Class: "Filter/Effect/Video",
		Description: "Makes pixels black or white",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(gray), eiengine.SrcPad(gray)},
		New:         func() eiengine.Element { return new(threshold) },
	})
}

type props struct {
	Level int `prop:"level,live" default:"128" min:"0" max:"255" doc:"Pixels at or above it become white"`
}

type threshold struct{ eiengine.Settings[props] }

func (t *threshold) Process(c *eiengine.Ctx, in *frames.Frame) error {
	if err := c.Writable(in); err != nil {
		c.Drop(in)
		return err
	}
	level, pixels := t.Load().Level, in.Bytes()
	for i, v := range pixels {
		pixels[i] = 0
		if int(v) >= level {
			pixels[i] = 255
		}
	}
	return c.Push(0, in)
}

func main() {
	p, err := eiengine.Default().Launch(
		"videotestsrc num-buffers=1 ! videoconvert ! threshold level=100 ! pngenc ! filesink location=threshold.png")
	if err != nil {
		log.Fatal(err)
	}
	if err := p.Run(context.Background()); err != nil {
		log.Fatal(err)
	}
	fmt.Println("wrote threshold.png")
}
