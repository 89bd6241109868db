// Command microphone says how loud it is, ten times a second, without a graph.
//
//	go run ./examples/microphone                   # two seconds of the default microphone
//	go run ./examples/microphone plughw:CARD=webcam
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"time"

	"github.com/eiengine/eiengine/capture/microphone"
	"github.com/eiengine/eiengine/frames/pcm"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	o := microphone.Options{Rate: 16000, Length: 100 * time.Millisecond}
	if len(os.Args) > 1 {
		o.Device = os.Args[1]
	}
	if err := run(ctx, o, 20); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, o microphone.Options, count int) error {
	mic, err := microphone.Open(o)
	if err != nil {
		return err
	}
	defer mic.Close()
	f := mic.Format()
	fmt.Printf("%s: %d Hz, %d channels\n", mic.Name(), f.Rate, f.Channels)
	for chunk, err := range mic.Chunks(ctx) {
		if err != nil {
			fmt.Println(err) // unplugged: wait until it is back
			continue
		}
		fmt.Printf("%s: %.1f dB\n", chunk.Time.Format("15:04:05.000"), pcm.Decibels(pcm.RMS(chunk.Float32())))
		chunk.Release()
		if count--; count == 0 {
			break
		}
	}
	return ctx.Err()
}
