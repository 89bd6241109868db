package eiengine_test

import (
	"context"
	"fmt"
	"log"

	"github.com/eiengine/eiengine"
	_ "github.com/eiengine/eiengine/all"
	"github.com/eiengine/eiengine/bus/link"
	"github.com/eiengine/eiengine/frames"
)

// invert makes negatives of gray pictures.
type invert struct {
	eiengine.Settings[eiengine.NoProps]
}

// The file of an element registers it.
func init() {
	gray := frames.MustCaps("video/x-raw, format=GRAY8")
	eiengine.Register(eiengine.Factory{
		Name: "invert", LongName: "Invert", Class: "Filter/Effect/Video",
		Description: "Makes negatives",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(gray), eiengine.SrcPad(gray)},
		New:         func() eiengine.Element { return new(invert) },
	})
}

// Process implements eiengine.Filter.
func (*invert) Process(c *eiengine.Ctx, in *frames.Frame) error {
	if err := c.Writable(in); err != nil { // copies if somebody else holds the bytes
		c.Drop(in)
		return err
	}
	pixels := in.Bytes()
	for i := range pixels {
		pixels[i] = 255 - pixels[i]
	}
	return c.Push(0, in)
}

// Write an element and use it in a line.
func ExampleRegister() {
	p, err := eiengine.Default().Launch("videotestsrc pattern=white num-buffers=1 ! invert ! appsink name=out sync=false")
	if err != nil {
		log.Fatal(err)
	}
	defer p.Close()
	p.SetState(eiengine.Playing)
	f, err := p.Element("out").(*link.AppSink).Pull(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	defer f.Release()
	fmt.Println(f.Format.Video.Format, f.Bytes()[0])
	// Output:
	// GRAY8 0
}
