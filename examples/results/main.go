// Command results runs a launch line and ranges over what the model says.
//
//	go run ./examples/results
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"

	"github.com/eiengine/eiengine"
	_ "github.com/eiengine/eiengine/all"
	"github.com/eiengine/eiengine/bus"
)

const line = `videotestsrc pattern=shapes num-buffers=30 ! video/x-raw,width=640,height=480
	! edgeimpulsevideoinfer model-path=builtin:shapes ! fakesink`

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
	for msg, err := range p.Messages(ctx) { // runs the pipeline to its end
		if err != nil {
			return err
		}
		r, ok := msg.Payload.(*bus.Inference)
		if !ok {
			continue
		}
		for _, box := range r.Result.Boxes {
			at, _ := r.FrameRect(box)
			fmt.Printf("%v %s: %s %.2f at %d,%d\n", r.Timestamp, msg.Src, box.Label, box.Value, at.X+at.W/2, at.Y+at.H/2)
		}
	}
	return nil
}
