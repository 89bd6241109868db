package main

import (
	"context"
	"fmt"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
)

// buffering pauses the pipeline while one of its queues fills up, as
// gst-launch-1.0 does. It belongs to the goroutine that reads the bus, but for
// what wait is given.
type buffering struct {
	queues  map[string]bool // that are filling up
	done    chan struct{}   // closed when none does any more; nil if none does
	playing bool            // the pipeline is meant to play
	paused  bool            // it was paused for a queue
}

// heedBuffering takes up a message of a queue.
func (r *player) heedBuffering(src string, m *bus.Buffering) {
	r.out.say(fmt.Sprintf("buffering... %d%%", m.Percent))
	if r.p.IsLive() {
		return // it cannot be stopped
	}
	b := &r.buffering
	if m.Percent < 100 {
		b.begin(src)
	} else {
		b.end(src)
	}
	switch full := len(b.queues) == 0; {
	case !b.playing:
	case !full && !b.paused:
		r.out.say("Buffering, setting pipeline to PAUSED ...")
		b.paused = true
		r.p.SetState(eiengine.Paused)
	case full && b.paused:
		r.out.say("Done buffering, setting pipeline to PLAYING ...")
		b.paused = false
		r.p.SetState(eiengine.Playing)
	}
}

func (b *buffering) begin(src string) {
	if len(b.queues) == 0 {
		b.queues, b.done = map[string]bool{}, make(chan struct{})
	}
	b.queues[src] = true
}

func (b *buffering) end(src string) {
	delete(b.queues, src)
	if len(b.queues) == 0 && b.done != nil {
		close(b.done)
		b.done = nil
	}
}

// waitBuffered waits until the queues that were filling up are full, or until the
// pipeline fails.
func (r *player) waitBuffered(ctx context.Context) error {
	done := r.buffering.done
	if done == nil {
		return nil
	}
	r.out.say("Prerolled, waiting for buffering to finish...")
	return r.await(func() error {
		full, stop := context.WithCancel(ctx)
		defer stop()
		go func() {
			select {
			case <-done:
				stop()
			case <-full.Done():
			}
		}()
		if err := r.p.Wait(full); err != nil && (ctx.Err() != nil || err != full.Err()) {
			return err
		}
		return nil
	})
}
