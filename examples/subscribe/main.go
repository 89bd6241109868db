// Command subscribe has two readers of one pipeline, each with the messages that it
// asked for: one counts what a model saw, the other follows the states.
//
//	go run ./examples/subscribe
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"
	"sync"

	"github.com/eiengine/eiengine"
	_ "github.com/eiengine/eiengine/all"
	"github.com/eiengine/eiengine/bus"
)

const line = `videotestsrc pattern=shapes num-buffers=30
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
	// Subscribe before it plays: what was said earlier is gone.
	results := p.Bus().Subscribe(0, bus.TypeElement)
	states := p.Bus().Subscribe(0, bus.TypeStateChanged)

	var seen, changes int
	var readers sync.WaitGroup
	readers.Go(func() {
		for range bus.Payloads[*bus.Inference](ctx, results) {
			seen++
		}
	})
	readers.Go(func() {
		for range bus.Payloads[*bus.StateChanged](ctx, states) {
			changes++
		}
	})
	err = p.Run(ctx)
	err = errors.Join(err, p.Close()) // ends the readers, once they have read what was said
	readers.Wait()
	fmt.Printf("%d results, the state has changed: %v\n", seen, changes > 0)
	return err
}
