// Command properties reads and sets properties of elements, before a pipeline plays
// and while it does.
//
//	go run ./examples/properties
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"

	"github.com/eiengine/eiengine"
	_ "github.com/eiengine/eiengine/all"
)

const line = `videotestsrc name=src is-live=true ! queue name=q ! fakesink`

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
	if err := p.Set("q", "max-size-buffers", "3"); err != nil {
		return err
	}
	if err := p.Play(ctx); err != nil {
		return err
	}
	if err := p.Set("src", "pattern", "ball"); err != nil { // from the next frame on
		return err
	}
	for _, at := range [][2]string{{"q", "max-size-buffers"}, {"src", "pattern"}, {"src", "is-live"}} {
		value, err := p.Get(at[0], at[1])
		if err != nil {
			return err
		}
		fmt.Printf("%s.%s is %s\n", at[0], at[1], value)
	}
	// What is wrong is refused, with the reason.
	fmt.Println(p.Set("src", "is-live", "false"))
	fmt.Println(p.Set("src", "pattern", "bal"))
	return nil
}
