package eiengine

import (
	"time"

	"github.com/eiengine/eiengine/frames"
)

// Element is a stage of a pipeline. It implements exactly one of [Source],
// [Filter], [Async], [Aggregator], [Queuer] or [Bundle], and any of the optional
// interfaces of this file, which the runtime finds by type assertion.
//
// An element processes; the runtime wires. An element holds no channel, starts
// no goroutine for the flow of data, does not know its neighbours, and is never
// called from two goroutines at once.
type Element any

// Source makes frames out of nothing: a device, a file, a generator.
type Source interface {
	// Read pushes what it has, usually one frame, and returns. io.EOF ends the
	// stream. It may block, but must return soon after c.Context() ends (with
	// that error or any other: what is returned then is ignored). Another
	// error is counted and told as a warning, and Read is called again; wrap
	// it in Fatal to fail the pipeline.
	Read(c *Ctx) error
}

// Filter takes frames one by one. What it makes of them goes out by c.Push: none,
// one or many frames, on any pad. A filter without source pads is a sink.
type Filter interface {
	// Process consumes in, also on error. What Push returns must be returned.
	// Any other error means that this one frame failed: it is counted and told
	// as a warning, and the stream goes on; wrap it in Fatal to fail the
	// pipeline.
	Process(c *Ctx, in *frames.Frame) error
}

// Async takes frames and answers later, several being under way at a time. The
// runtime keeps them in order and bounds their number.
type Async interface {
	// Submit consumes in and returns without waiting for the result. Exactly
	// one of the ticket's methods must be called, once, from any goroutine,
	// also when the work was lost: an error is never a hole in the stream.
	Submit(c *Ctx, in *frames.Frame, done Ticket)
	// Window is how many frames may be under way: tickets that are open, or were
	// answered with a frame that could not leave yet. Further ones wait before
	// Submit. It is read when a frame comes, and for one that waits with each
	// answer, so that it may change while playing. It must not wait for anything.
	Window() int
}

// Aggregator takes frames of several pads at once.
type Aggregator interface {
	// Policy says when Aggregate is called. It is read once, at start.
	Policy() AggregatePolicy
	// Aggregate takes what it wants from the inputs and pushes what it makes.
	// Frames it takes are its own; those it leaves stay queued. If it takes
	// nothing, it is called again when something new has arrived.
	Aggregate(c *Ctx, in *Inputs) error
}

// PassThrough marks an aggregator that passes frames on as they are, such as a
// selector: a format goes on with the first frame of it that is pushed, not when
// it arrives, since the frames of that pad may come later or never. Configure is
// told of those that arrive with out nil; events come with Ctx.InPad.
type PassThrough interface{ PassThrough() }

// Sequential is for aggregators that read some of their pads only later.
type Sequential interface {
	// Reads reports whether what arrives at the pad is wanted now, events
	// included. It is asked before each reading; pads are read in their order.
	Reads(in *Inputs, pad int) bool
}

// Repeater is for aggregators that go on from what they have, such as one that
// shows a still picture again and again, also after the end of their inputs. What
// they give is theirs: Fixate has its say even where the input's format would do.
type Repeater interface {
	// Repeats reports whether Aggregate is to be called although no frame
	// waits. It is asked before and after each call; an end of the stream that
	// the user asks for overrules it.
	Repeats() bool
}

// AggregatePolicy says when an aggregator is called.
type AggregatePolicy struct {
	// All waits for a frame on every pad that has not ended; otherwise a frame
	// on any pad is enough.
	All bool
	// Deadline, if positive, ends the waiting for All this long after the first
	// frame came.
	Deadline time.Duration
	// Depth is how many frames a pad holds before its producer waits; 1 if 0.
	Depth int
}

// Queuer makes a node a boundary between two goroutines, with a bounded queue
// whose limits it names. It sees no frames.
type Queuer interface {
	// QueueLimits is read for each frame, so limits may change while playing.
	QueueLimits() QueueLimits
}

// Opener acquires what the element needs beyond memory: a device, a file, a
// process. Open is called from null to ready, sinks first; Close is called once
// for each Open that succeeded, from ready to null, also after failures. When
// Open fails the pipeline stays at null with that error.
type Opener interface {
	Open(c *Ctx) error
	Close(c *Ctx) error
}

// Starter is told when data is about to flow and when it has ended: Start from
// ready to paused, Stop from paused to ready, after the goroutines of the
// pipeline have ended. Stop is called once for each Start that succeeded. A
// sink that must finish something does it in Drain, or in Stop if there was no
// end of stream.
type Starter interface {
	Start(c *Ctx) error
	Stop(c *Ctx) error
}

// PlayWatcher is told when the pipeline goes on and when it stands still.
type PlayWatcher interface {
	// Playing is called before the pipeline begins to play, with true, and
	// before it stands still. Frames may be under way in other goroutines; it
	// must not wait for them. The error of the former fails the pipeline, that
	// of the latter is told as a warning.
	Playing(c *Ctx, playing bool) error
}

// Configurer is told the formats before the first frame and at every change, in
// the goroutine that processes. in is nil for sources, out for sinks and for
// elements that are LateFormat. A returned error fails the pipeline.
type Configurer interface {
	Configure(c *Ctx, in, out *frames.Format) error
}

// Transformer says what an element that changes formats can make of what. Given
// the caps on one side, Transform returns those possible on the other: toward
// Src for what could come out, toward Sink for what it could be made from. It
// depends on the settings alone and may be called from any goroutine. Elements
// without it give out the format they take.
type Transformer interface {
	Transform(caps frames.Caps, toward Direction) frames.Caps
}

// Limiter restricts the caps of all its pads beyond their templates, by its
// settings. It may be called from any goroutine.
type Limiter interface {
	Limit() frames.Caps
}

// OutputChooser is implemented by elements with several source pads of which not
// all have a say in the format. It may be called from any goroutine.
type OutputChooser interface {
	// NegotiatesWith reports whether the pad has. The others are told the
	// format with the first frame that is pushed to them.
	NegotiatesWith(pad int) bool
}

// Fixater chooses one of several possible output formats. in is nil for sources;
// what is left open is fixed by the default rules: nearest to the input, then
// first or lowest.
type Fixater interface {
	Fixate(in *frames.Format, out frames.Caps) frames.Caps
}

// Suggestible is for sources that choose by the wishes of what is behind them, too:
// a camera that can do many things chooses what needs no converting.
type Suggestible interface {
	// FixateFor chooses one of the formats of out. suggested is what everything
	// behind the source takes, what it likes best first; out is what the source gives
	// of that, in its own order.
	FixateFor(suggested, out frames.Caps) frames.Caps
}

// LateFormat marks an element whose output format is known from the data alone,
// such as a decoder. It calls c.SetFormat before its first Push.
type LateFormat interface {
	LateFormat()
}

// BatchAware marks an element that is handed batches as they are; see
// frames.NewBatch. To others the runtime hands the children of a batch one by one:
// what a filter pushes for them, on each pad, becomes one batch again, in order,
// without those that it dropped, and a child that fails is told like any frame; an
// Async element gets a ticket for each, and its answers leave as one batch. An
// aggregator finds them waiting as single frames, unless it is PassThrough.
type BatchAware interface {
	BatchAware()
}

// Drainer pushes what it still holds. Drain is called at the end of the stream,
// before the end is passed on; its errors are treated like those of Process.
type Drainer interface {
	Drain(c *Ctx) error
}

// AsyncDrainer is Drainer for Async elements: at the end of the stream they get
// one more ticket, behind all others, for what they still have to answer. Its
// methods must be called as those of any other ticket.
type AsyncDrainer interface {
	DrainAsync(c *Ctx, done Ticket)
}

// Flusher forgets what it holds: frames, partial windows, history.
type Flusher interface {
	Flush(c *Ctx)
}

// EventHandler sees the events that pass. handled true means that the element
// has dealt with the event and it goes no further; otherwise the runtime passes
// it on. It runs in the goroutine that processes.
type EventHandler interface {
	HandleEvent(c *Ctx, e Event) (handled bool, err error)
}

// PropertyWatcher is told of a property that was set while the pipeline is not
// at null, between two frames, in the goroutine that processes. An error is told
// as a warning; the new value stays.
type PropertyWatcher interface {
	PropertyChanged(c *Ctx, name string) error
}

// PropertyReader computes read-only properties. It may be called at any time
// from any goroutine.
type PropertyReader interface {
	ReadProperty(name string) (value string, ok bool)
}

// Counter is for elements that count more than frames in, out, dropped and failed:
// Stats and the option --stats show it. It may be called at any time from any
// goroutine; the counts begin anew with each start.
type Counter interface {
	Counts() []Count
}

// Count is one number and what it counts, such as "judged".
type Count struct {
	Name string
	N    uint64
}

// Live says that a source captures: it gives no frame while paused, and drops
// rather than waits. It is read once, at start.
type Live interface {
	IsLive() bool
}

// Latency is how much time an element adds at least between what it takes and
// what it gives.
type Latency interface {
	Latency() time.Duration
}

// Duration is for sources that know how long their stream is.
type Duration interface {
	Duration() (d time.Duration, known bool)
}

// Expander is an element that becomes others once it has seen data, such as
// decodebin. head is the beginning of the stream, final true if there is no
// more. Expand returns a chain of elements that takes its place (the first
// takes the data, the last gives it), or nil to be asked again with more.
type Expander interface {
	Expand(c *Ctx, head []byte, final bool) (*Spec, error)
}

// Direction is the direction of a pad.
type Direction uint8

// The directions of pads.
const (
	Sink Direction = iota // takes data
	Src                   // gives data
)

// String is "sink" or "src".
func (d Direction) String() string {
	if d == Sink {
		return "sink"
	}
	return "src"
}
