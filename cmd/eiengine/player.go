package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
)

// Exit statuses of gst-launch-1.0.
const (
	statusError   = 1
	statusNoStart = 255
)

// player takes a pipeline through its life and tells about it.
type player struct {
	p         *eiengine.Pipeline
	sub       *bus.Subscription
	out       *printer
	eosOnStop bool
	buffering buffering

	signals     chan os.Signal
	interrupted atomic.Int32 // the first signal
	exit        func(status int)
}

// depth of the subscription: messages that wait for a slow terminal.
const depth = 1 << 14

func newPlayer(p *eiengine.Pipeline, out *printer, eosOnStop bool) *player {
	p.Measure(out.flags.stats)
	p.Trace(out.flags.messages)
	return &player{p: p, out: out, eosOnStop: eosOnStop, sub: p.Bus().Subscribe(depth), signals: make(chan os.Signal, 2), exit: os.Exit}
}

// run plays the pipeline to its end and gives the exit status.
func (r *player) run() int {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	signal.Notify(r.signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	ended := make(chan struct{})
	defer close(ended)
	defer signal.Stop(r.signals)
	go r.heed(stop, ended)

	status := r.finish(r.play(ctx))
	if r.out.err != nil {
		fmt.Fprintf(r.out.stderr, "ERROR: could not write to standard output: %v\n", r.out.err)
		return statusError
	}
	return status
}

// heed stops the pipeline at the first signal and leaves at the second. SIGHUP
// has a picture written if there is a folder for it.
func (r *player) heed(stop func(), ended <-chan struct{}) {
	for n := 0; ; {
		select {
		case s := <-r.signals:
			number := s.(syscall.Signal)
			if dir := dotFolder(); number == syscall.SIGHUP && dir != "" {
				r.out.say("SIGHUP: dumping dot file snapshot ...")
				r.out.writeDotTo(dir, "gst-launch.snapshot")
				continue
			}
			if n++; n > 1 {
				r.exit(128 + int(number))
			}
			r.interrupted.Store(int32(number))
			stop()
		case <-ended:
			return
		}
	}
}

// play returns when the stream has ended, failed or was interrupted.
func (r *player) play(ctx context.Context) int {
	r.out.say("Setting pipeline to PAUSED ...")
	if err := r.reach(ctx, eiengine.Ready); err != nil {
		return r.failed(err, statusNoStart)
	}
	if r.p.IsLive() {
		r.out.say("Pipeline is live and does not need PREROLL ...")
	} else {
		r.out.say("Pipeline is PREROLLING ...")
	}
	if err := r.reach(ctx, eiengine.Paused); err != nil {
		return r.failed(err, statusError)
	}
	r.out.say("Pipeline is PREROLLED ...")
	if err := r.out.writeDot(); err != nil {
		return r.failed(err, statusError)
	}
	if err := r.waitBuffered(ctx); err != nil {
		return r.failed(err, statusError)
	}
	r.out.say("Setting pipeline to PLAYING ...")
	r.buffering.playing = true
	began := time.Now()
	r.p.SetState(eiengine.Playing) // a queue may have it paused again before it plays: heedBuffering
	stopPosition := r.tellPosition()
	err := r.await(func() error { return r.p.Wait(ctx) })
	if r.interrupted.Load() != 0 && r.eosOnStop && err == ctx.Err() {
		r.out.say("handling interrupt.")
		r.out.say("Interrupt: Stopping pipeline ...")
		r.out.say("EOS on shutdown enabled -- Forcing EOS on the pipeline")
		r.out.say("Waiting for EOS...")
		r.p.SendEOS()
		if err = r.await(func() error { return r.p.Wait(context.Background()) }); err == nil {
			r.out.say("EOS received - stopping pipeline...")
		}
	}
	stopPosition()
	status := 0
	if err != nil {
		status = r.failed(err, statusError)
	}
	r.out.say("Execution ended after " + clockText(time.Since(began)))
	return status
}

// reach takes the pipeline to a state.
func (r *player) reach(ctx context.Context, s eiengine.State) error {
	r.p.SetState(s)
	if err := r.await(func() error { return r.p.WaitState(ctx, s) }); err != nil {
		return err
	}
	// A stream that failed on its way has reached the state all the same.
	now, stop := context.WithCancel(context.Background())
	stop()
	if err := r.p.Wait(now); err != now.Err() {
		return err
	}
	return nil
}

// await tells what the bus says until f returns.
func (r *player) await(f func() error) error {
	ctx, stop := context.WithCancel(context.Background())
	result := make(chan error, 1)
	go func() {
		result <- f()
		stop()
	}()
	for m := range r.sub.All(ctx) {
		r.out.message(m)
		if b, ok := m.Payload.(*bus.Buffering); ok {
			r.heedBuffering(m.Src, b)
		}
	}
	stop()
	return <-result
}

// failed says why the pipeline does not run, unless it was told to stop.
func (r *player) failed(err error, status int) int {
	if r.interrupted.Load() != 0 && err == context.Canceled {
		r.out.say("handling interrupt.")
		r.out.say("Interrupt: Stopping pipeline ...")
		return 0
	}
	r.out.failure(err)
	return status
}

// finish takes the pipeline down and tells what was said until then.
func (r *player) finish(status int) int {
	r.buffering.playing = false
	stats := readStats(r.p)
	r.out.say("Setting pipeline to NULL ...")
	r.out.leaving = true
	if err := r.await(func() error { return r.p.Stop(context.Background()) }); err != nil {
		r.out.failure(err)
		status = statusError
	}
	if err := r.await(r.p.Close); err != nil {
		r.out.failure(err)
		status = statusError
	}
	r.out.say("Freeing pipeline ...")
	if r.out.flags.stats {
		r.out.stats(stats)
	}
	if s := syscall.Signal(r.interrupted.Load()); status == 0 && (s == syscall.SIGTERM || s == syscall.SIGHUP) {
		return 128 + int(s)
	}
	return status
}

// clockText is a time as GStreamer prints it.
func clockText(t time.Duration) string {
	return fmt.Sprintf("%d:%02d:%02d.%09d", t/time.Hour, t/time.Minute%60, t/time.Second%60, t%time.Second)
}
