package eiengine_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"runtime"

	"github.com/eiengine/eiengine"
	_ "github.com/eiengine/eiengine/all"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/bus/link"
)

// Run a line and range over what the model says.
func ExampleEngine_Launch() {
	ctx := context.Background()
	p, err := eiengine.Default().Launch(`videotestsrc pattern=shapes num-buffers=3 ! video/x-raw,width=640,height=480
		! edgeimpulsevideoinfer model-path=builtin:shapes ! fakesink`)
	if err != nil {
		log.Fatal(err)
	}
	defer p.Close()
	for msg, err := range p.Messages(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		if r, ok := msg.Payload.(*bus.Inference); ok {
			fmt.Println(msg.Src, r.Timestamp, r.Type)
		}
	}
	// Output:
	// edgeimpulsevideoinfer0 0s object-detection
	// edgeimpulsevideoinfer0 33.333333ms object-detection
	// edgeimpulsevideoinfer0 66.666666ms object-detection
}

// Every mistake in a line is reported at once, each with what to do.
func ExampleEngine_Launch_mistakes() {
	_, err := eiengine.Default().Launch("videotestsrc nmu-buffers=1 ! fakesinkk")
	fmt.Println(err)
	var unknown *eiengine.UnknownElementError
	fmt.Println(errors.As(err, &unknown), unknown.Near)
	// Output:
	// column 14: no property "nmu-buffers" in element "videotestsrc"; did you mean num-buffers?
	// column 30: no element "fakesinkk"; did you mean fakesink or filesink?
	// true [fakesink filesink]
}

// Change a property while the pipeline plays.
func ExamplePipeline_Set() {
	ctx := context.Background()
	p, err := eiengine.Default().Launch("videotestsrc name=src is-live=true ! fakesink")
	if err != nil {
		log.Fatal(err)
	}
	defer p.Close()
	if err := p.Play(ctx); err != nil {
		log.Fatal(err)
	}
	if err := p.Set("src", "pattern", "ball"); err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.Get("src", "pattern"))
	fmt.Println(p.Set("src", "is-live", "false")) // not a live property
	// Output:
	// ball <nil>
	// property "is-live" of src cannot be set while the pipeline is playing: stop it first
}

// Add a branch to a tee while data flows, and take it away again.
func ExamplePipeline_AddBranch() {
	ctx := context.Background()
	p, err := eiengine.Default().Launch("videotestsrc is-live=true ! tee name=t ! queue ! fakesink")
	if err != nil {
		log.Fatal(err)
	}
	defer p.Close()
	if err := p.Play(ctx); err != nil {
		log.Fatal(err)
	}
	branch, err := p.AddBranch(ctx, "t", "queue ! videoconvert ! video/x-raw,format=GRAY8 ! appsink name=out")
	if err != nil {
		log.Fatal(err)
	}
	out, err := eiengine.Find[*link.AppSink](p, "out")
	if err != nil {
		log.Fatal(err)
	}
	f, err := out.Pull(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(f.Format.Video.Format, f.Format.Video.Width, f.Format.Video.Height)
	f.Release()
	if err := branch.Remove(ctx, false); err != nil { // true would let what is under way arrive
		log.Fatal(err)
	}
	fmt.Println(p.Elements())
	// Output:
	// GRAY8 320 240
	// [videotestsrc0 t queue0 fakesink0]
}

// Build a pipeline in Go instead of text, and write it as text.
func ExampleSpec() {
	var spec eiengine.Spec
	src := spec.Add("videotestsrc", "", eiengine.Prop("num-buffers", 2))
	tee := spec.Add("tee", "t")
	spec.Link(src, tee)
	for range 2 {
		queue, sink := spec.Add("queue", ""), spec.Add("fakesink", "")
		spec.Link(tee, queue)
		spec.Link(queue, sink)
	}
	fmt.Println(spec)

	p, err := eiengine.Default().Build(spec)
	if err != nil {
		log.Fatal(err)
	}
	defer p.Close()
	fmt.Println(p.Run(context.Background()))
	// Output:
	// videotestsrc num-buffers=2 ! tee name=t ! queue ! fakesink t. ! queue ! fakesink
	// <nil>
}

// Watch the counters of the elements: frames, drops, and, once that is asked for,
// where the time goes.
func ExamplePipeline_Stats() {
	p, err := eiengine.Default().Launch("videotestsrc num-buffers=20 ! videoconvert ! queue ! jpegenc ! fakesink")
	if err != nil {
		log.Fatal(err)
	}
	defer p.Close()
	p.Measure(true)
	if err := p.Run(context.Background()); err != nil {
		log.Fatal(err)
	}
	for _, s := range p.Stats() {
		fmt.Println(s.Name, s.In, s.Out, s.Dropped, s.Time > 0, s.PerFrame.P50 <= s.PerFrame.P99)
	}
	// Where a queue would help, if anywhere.
	for _, advice := range eiengine.Advise(p.Stats(), p.Usage(), runtime.GOMAXPROCS(0)) {
		log.Println(advice.Text)
	}
	// Output:
	// videotestsrc0 0 20 0 true true
	// videoconvert0 20 20 0 true true
	// queue0 20 20 0 false true
	// jpegenc0 20 20 0 true true
	// fakesink0 20 0 0 true true
}
