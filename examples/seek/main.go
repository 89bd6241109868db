// Command seek shows where a stream is, how long it is, and goes to other places of
// it: with a flush at once, without one when what is under way has been played.
//
//	go run ./examples/seek
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
)

// Ten seconds of pictures. The sink hands them out one by one, so that the stream
// goes no further than the program wants it to.
const line = `videotestsrc num-buffers=300 pattern=ball ! video/x-raw,width=64,height=48,framerate=30/1
	! appsink name=out sync=false max-buffers=1`

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
	out, err := eiengine.Find[*link.AppSink](p, "out")
	if err != nil {
		return err
	}
	if err := p.Play(ctx); err != nil {
		return err
	}
	duration, _ := p.Duration()
	parts, err := p.Seekable()
	if err != nil {
		return err
	}
	fmt.Printf("the stream lasts %v and can be sought from %v to %v\n", duration, parts.Start, parts.Stop)

	// Three frames from the middle: the stream ends where Stop says.
	part := eiengine.SeekEvent{Position: 5 * time.Second, Stop: 5*time.Second + 100*time.Millisecond, Flush: true}
	if err := p.Seek(ctx, part); err != nil {
		return err
	}
	if err := show(ctx, out); err != nil {
		return err
	}
	if err := p.Wait(ctx); err != nil {
		return err
	}
	fmt.Println("the end, at", p.Position())

	// After the end a flush begins anew.
	if err := p.Seek(ctx, eiengine.SeekEvent{Position: 9900 * time.Millisecond, Flush: true}); err != nil {
		return err
	}
	if err := show(ctx, out); err != nil {
		return err
	}
	fmt.Println(p.Seek(ctx, eiengine.SeekEvent{Rate: -1}))
	return nil
}

// show prints which frames come, to the end of the stream.
func show(ctx context.Context, out *link.AppSink) error {
	for f := range out.Frames(ctx) {
		fmt.Printf("frame %d of %v\n", f.Seq, f.PTS)
		f.Release() // whoever is handed a frame owns it
	}
	return ctx.Err()
}
