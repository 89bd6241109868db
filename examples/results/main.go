// Command results runs a launch line and ranges over what the model says.
//
//	go run ./examples/results
package main

import (
	"context"
	"errors"
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
	results := p.Bus().Subscribe(0)
	done := make(chan error, 1)
	go func() {
		err := p.Run(ctx)
		done <- errors.Join(err, p.Close()) // Close ends the subscription
	}()
	for msg, r := range bus.Payloads[*bus.Inference](ctx, results) {
		for _, box := range r.Result.Boxes {
			at, _ := r.FrameRect(box)
			fmt.Printf("%v %s: %s %.2f at %d,%d\n", r.Timestamp, msg.Src, box.Label, box.Value, at.X+at.W/2, at.Y+at.H/2)
		}
	}
	return <-done
}
