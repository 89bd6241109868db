// Command stats watches the counters of a pipeline while it runs and says at the
// end where the time went and where a queue would help.
//
//	go run ./examples/stats
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"runtime"
	"time"

	"github.com/eiengine/eiengine"
	_ "github.com/eiengine/eiengine/all"
)

const line = `videotestsrc num-buffers=200 ! videoconvert ! queue name=q ! jpegenc ! fakesink name=out`

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
	p.Measure(true) // frames are always counted, times only now
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			for _, s := range p.Stats() { // holds nothing up
				if s.Name == "q" {
					log.Printf("%d frames in, %d out, %d wait", s.In, s.Out, s.Queue.Buffers)
				}
			}
		case err := <-ended:
			report(p)
			return err
		}
	}
}

func report(p *eiengine.Pipeline) {
	for _, s := range p.Stats() { // kept to the next start
		fmt.Printf("%s: %d in, %d out, %d dropped, %v, a frame %v\n", s.Name, s.In, s.Out, s.Dropped, s.Time, s.PerFrame.P50)
	}
	for _, advice := range eiengine.Advise(p.Stats(), p.Usage(), runtime.GOMAXPROCS(0)) {
		fmt.Println(advice.Text)
	}
}
