// Command push draws pictures of its own, pushes them through a model and takes
// the frames out again, with what the model found.
//
//	go run ./examples/push
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"time"

	"github.com/eiengine/eiengine"
	_ "github.com/eiengine/eiengine/all"
	"github.com/eiengine/eiengine/bus/link"
	"github.com/eiengine/eiengine/frames"
)

const line = `appsrc name=in block=true caps=video/x-raw,format=RGB,width=640,height=480,framerate=30/1
	! edgeimpulsevideoinfer model-path=builtin:shapes ! appsink name=out sync=false`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	p, err := eiengine.Default().Launch(line)
	if err != nil {
		return err
	}
	defer p.Close()
	in, err := eiengine.Find[*link.AppSrc](p, "in")
	if err != nil {
		return err
	}
	out, err := eiengine.Find[*link.AppSink](p, "out")
	if err != nil {
		return err
	}
	p.SetState(eiengine.Playing) // Play would wait for the first frame

	pushed := make(chan error, 1)
	go func() {
		pushed <- push(ctx, in)
		in.EndOfStream()
	}()
	for f := range out.Frames(ctx) {
		for r := range frames.MetasOf[*frames.Region](f) {
			fmt.Printf("frame %d: %s %.2f at %d,%d\n", f.Seq, r.Label, r.Confidence, r.Rect.X+r.Rect.W/2, r.Rect.Y+r.Rect.H/2)
		}
		f.Release() // whoever is handed a frame owns it
	}
	if err := p.Wait(ctx); err != nil { // why the frames ended
		return err
	}
	return <-pushed
}

// push gives ten pictures of a disc that moves to the right.
func push(ctx context.Context, in *link.AppSrc) error {
	for n := range 10 {
		// PushBytes takes the bytes over: each picture needs new ones.
		if err := in.PushBytes(ctx, disc(640, 480, 120+40*n, 240, 60), time.Duration(n)*time.Second/30); err != nil {
			return err
		}
	}
	return nil
}

// disc is a picture of packed RGB with a bright disc around x, y.
func disc(width, height, x, y, radius int) []byte {
	rgb := make([]byte, 0, 3*width*height)
	for row := range height {
		for col := range width {
			if dx, dy := col-x, row-y; dx*dx+dy*dy <= radius*radius {
				rgb = append(rgb, 230, 190, 40)
			} else {
				rgb = append(rgb, 40, 50, uint8(60+row/8))
			}
		}
	}
	return rgb
}
