// Command branch adds a branch to a pipeline that plays, takes five frames out of
// it, and takes it away again; the other branch loses no frame.
//
//	go run ./examples/branch
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"

	"github.com/eiengine/eiengine"
	_ "github.com/eiengine/eiengine/all"
	"github.com/eiengine/eiengine/bus/link"
)

const line = `videotestsrc is-live=true ! tee name=t ! queue ! fakesink`

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
	if err := p.Play(ctx); err != nil {
		return err
	}
	branch, err := p.AddBranch(ctx, "t", "queue ! videoscale ! video/x-raw,width=64,height=48 ! appsink name=out")
	if err != nil {
		return err
	}
	fmt.Println("with the branch:", p.Elements())
	out, err := eiengine.Find[*link.AppSink](p, "out")
	if err != nil {
		return err
	}
	for i := range 5 {
		f, err := out.Pull(ctx)
		if err != nil {
			return err
		}
		fmt.Printf("frame %d: %dx%d\n", i, f.Format.Video.Width, f.Format.Video.Height)
		f.Release()
	}
	if err := branch.Remove(ctx, false); err != nil { // true would let what is under way arrive
		return err
	}
	fmt.Println("without it:", p.Elements())
	return nil
}
