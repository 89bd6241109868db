// Command change looks at the left half of a picture, then, from one frame to the
// next, at the right half in a mirror: three properties of two elements at once.
//
//	go run ./examples/change
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

const line = `videotestsrc ! video/x-raw,format=GRAY8,width=320,height=240
	! videocrop name=half right=160 ! videoflip name=mirror ! appsink name=out sync=false max-buffers=1`

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
	p.SetState(eiengine.Playing) // Play would wait for the first frame

	changed := make(chan error, 1)
	seen := ""
	for f := range out.Frames(ctx) {
		row := f.Bytes()[:f.Format.Video.Width]
		now := fmt.Sprintf("%d pixels, from %d to %d", len(row), row[0], row[len(row)-1])
		first := seen == ""
		if now != seen {
			fmt.Println(now)
			if seen = now; !first {
				f.Release()
				return <-changed
			}
		}
		f.Release()
		if first {
			go func() {
				changed <- p.Change(ctx,
					eiengine.Assignment{Element: "half", Property: "left", Value: "160"},
					eiengine.Assignment{Element: "half", Property: "right", Value: "0"},
					eiengine.Assignment{Element: "mirror", Property: "video-direction", Value: "horiz"})
			}()
		}
	}
	return p.Wait(ctx) // why the frames ended
}
