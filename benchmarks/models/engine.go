package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/eiengine/eiengine"
	_ "github.com/eiengine/eiengine/all" // the elements
	"github.com/eiengine/eiengine/bus/link"
	"github.com/eiengine/eiengine/frames"
)

const line = `appsrc name=in block=true max-bytes=0 max-buffers=%d caps=video/x-raw,format=RGB,width=%d,height=%d,framerate=0/1
	! edgeimpulsevideoinfer model-path=%s workers=%d ! appsink name=out sync=false`

// driveEngine drives a model with a pipeline of this engine. With lockstep each
// frame waits for the result of the one before, as a program around a runner
// does; else as many are under way as the pipeline takes.
func driveEngine(j *job, lockstep bool, stdin io.Reader, stdout io.Writer) error {
	p, err := eiengine.Default().Launch(fmt.Sprintf(line, 2*j.processes, j.width, j.height, j.model, j.processes))
	if err != nil {
		return err
	}
	defer p.Close()
	in, err := eiengine.Find[*link.AppSrc](p, "in")
	if err != nil {
		return err
	}
	out, err := eiengine.Find[*link.AppSink](p, "out")
	if err != nil {
		return err
	}
	p.SetState(eiengine.Playing)
	given := decoded(j)
	return rehearse(j, func(calls int) (*trips, error) {
		return stream(given, in, out, calls, lockstep)
	}, stdin, stdout)
}

// decoded are the frames of the job, pushed again and again: other drivers do not copy
// them either.
func decoded(j *job) []*frames.Frame {
	var all []*frames.Frame
	for _, data := range j.frames {
		all = append(all, frames.NewFrame(nil, frames.WrapMemory(data, nil)))
	}
	return all
}

// stream pushes frames and takes them out with their results.
func stream(given []*frames.Frame, in *link.AppSrc, out *link.AppSink, calls int, lockstep bool) (*trips, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	pushed := make(chan time.Time, calls)
	next := make(chan struct{}, 1)
	failed := make(chan error, 1)
	began := time.Now()
	go func() {
		for n := range calls {
			if lockstep && n > 0 {
				<-next
			}
			pushed <- time.Now()
			if err := in.Push(ctx, given[n%len(given)].Share()); err != nil {
				failed <- err
				return
			}
		}
	}()
	t := &trips{}
	for range calls {
		f, err := out.Pull(ctx)
		if err != nil {
			return nil, err
		}
		judged := false
		for range frames.MetasOf[*frames.InferenceResult](f) {
			judged = true
		}
		f.Release()
		select {
		case err := <-failed:
			return nil, err
		case start := <-pushed:
			t.Trips = append(t.Trips, int64(time.Since(start)))
		}
		if !judged {
			return nil, fmt.Errorf("a frame came out without a result")
		}
		if lockstep {
			next <- struct{}{}
		}
	}
	t.Nanoseconds = int64(time.Since(began))
	return t, nil
}
