// Package eiengine runs models on live video and sound: it captures, converts,
// judges, draws, encodes, and tells what it saw, in a graph of elements described
// by one line of text.
//
// # A first pipeline
//
// Import the elements that come with the engine, launch a line, read the results:
//
//	import (
//		"github.com/eiengine/eiengine"
//		_ "github.com/eiengine/eiengine/all"
//		"github.com/eiengine/eiengine/bus"
//	)
//
//	p, err := eiengine.Default().Launch(
//		"videotestsrc pattern=shapes num-buffers=100 ! edgeimpulsevideoinfer model-path=builtin:shapes ! fakesink")
//	if err != nil {
//		return err // every mistake in the line, with its column and the remedy
//	}
//	defer p.Close()
//	for msg, err := range p.Messages(ctx) { // runs it to its end
//		if err != nil {
//			return err
//		}
//		if r, ok := msg.Payload.(*bus.Inference); ok {
//			fmt.Println(msg.Src, r.Type, r.Result.Boxes)
//		}
//	}
//
// # The tour
//
//   - [Engine] owns what pipelines share: clock, memory budget, models. [Default]
//     is enough for most programs. [Engine.Launch] and [Engine.Build] make pipelines.
//   - [Spec] is a pipeline as data. [ParseLaunch] makes one of text, [Spec.String]
//     writes it back, [Spec.Add] and [Spec.Link] build one in Go.
//   - [Pipeline] runs: [Pipeline.Messages] and [Pipeline.Run] to the end, or
//     [Pipeline.Play], [Pipeline.Wait], [Pipeline.Stop]. What was made is closed by
//     [Pipeline.Close].
//   - Its bus tells what happens: [Pipeline.Bus], package bus. [Pipeline.Stats] reads
//     counters, [Advise] makes sense of them, [Pipeline.Dot] draws.
//   - While it plays, [Pipeline.Set] and [Pipeline.Get] reach properties,
//     [Pipeline.Change] several between the same two frames; [Pipeline.AddBranch]
//     extends a tee, [Pipeline.Seek] goes to another time, [Pipeline.Connect] hears
//     signals of elements, [Pipeline.Do] calls their actions.
//   - Frames go in and out of programs by the elements appsrc and appsink, found
//     with [Find] (package bus/link); package frames says who owns them.
//   - [ParseFile] reads several pipelines from YAML or JSON.
//   - Writing an element: implement [Source], [Filter], [Async] or [Aggregator],
//     hold the properties in a [Settings], and [Register] a [Factory]. [Ctx] is
//     all an element sees of the runtime. What else it may implement stands in
//     element.go: [Configurer], [Transformer], [Drainer], [BatchAware], …
//   - Testing one: [NewRegistry] and [New] make an engine of its own, [NewFakeClock]
//     its clock.
//
// The directory examples has a program for each use.
//
// # How it runs
//
// A stretch of elements between boundaries runs as nested calls in one goroutine:
// Push returns when downstream has dealt with the frame. Sources, queues, Async
// elements and aggregators are the boundaries; between them lie bounded channels.
// So the delay of a pipeline can be read off its text.
//
// Formats are negotiated as GStreamer does it: downstream suggests, upstream
// decides. Frames are owned by whoever holds them; package frames states the
// rules. One failed frame never ends a stream, a failed element fails its
// pipeline and never the process.
package eiengine
