package eiengine

import (
	"context"
	"errors"
	"time"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
)

// Rendering is how a sink presents its frames in time.
type Rendering struct {
	// Sync waits until a frame is due: base time + PTS + latency.
	Sync bool
	// Async takes part in preroll: the pipeline is paused only once the sink
	// has a frame.
	Async bool
	// MaxLateness is how late a frame may be before it is dropped, negative for
	// no limit.
	MaxLateness time.Duration
	// Offset is added to the time at which a frame is due.
	Offset time.Duration
	// MaxFrames ends the stream after that many frames, negative for no limit.
	MaxFrames int
	// Throttle is how far apart in PTS presented frames are at least; those in
	// between are dropped. 0 is no limit.
	Throttle time.Duration
	// MaxBitrate delays frames, if Sync, so that no more bits per second are
	// presented. 0 is no limit.
	MaxBitrate uint64
	// ProcessingTime is how long the sink takes for a frame, from its arrival
	// to its being seen: latency of a live pipeline, if Sync.
	ProcessingTime time.Duration
	// QoS tells upstream of every late frame, and how late it was.
	QoS bool
	// KeepSample remembers what the latest frame was, for last-sample.
	KeepSample bool
}

// Renderer is implemented by sinks that say how they present frames. Others take
// part in preroll and do not wait for the clock.
type Renderer interface {
	// Rendering is read for each frame, so that it may change while playing.
	Rendering() Rendering
}

// Preroller is implemented by sinks that want to see the frame that they will get
// when the pipeline plays.
type Preroller interface {
	// Preroll is shown the frame while it is held. It remains the runtime's: it
	// must not be changed, released or kept.
	Preroll(c *Ctx, held *frames.Frame)
}

// SinkProps are the properties that all sinks have; embed them in a sink's own.
// Whether a sink waits for the clock by default differs, so it declares sync.
// The runtime computes the read-only ones.
type SinkProps struct {
	Async              bool   `prop:"async" default:"true" doc:"Take part in preroll: reach paused only with a frame"`
	BlockSize          uint   `prop:"blocksize" default:"4096" doc:"Accepted without effect: sinks take frames as they come and never ask for bytes"`
	EnableLastSample   bool   `prop:"enable-last-sample,live" default:"true" doc:"Remember what the latest frame was, for last-sample"`
	LastSample         string `prop:"last-sample,readonly" null:"null" doc:"The latest frame that was presented: its format, bytes, time and duration"`
	MaxBitrate         uint64 `prop:"max-bitrate,live" doc:"With sync=true, bits that are presented per second at most, frames being delayed; 0 for no limit"`
	MaxLateness        int64  `prop:"max-lateness,live" default:"-1" min:"-1" doc:"How many nanoseconds late a frame may be before it is dropped, -1 for no limit"`
	ProcessingDeadline uint64 `prop:"processing-deadline" default:"20000000" doc:"Nanoseconds that processing a frame may take; with sync=true a live pipeline has that much more latency"`
	QoS                bool   `prop:"qos,live" doc:"Tell upstream how late frames are, so that it can do less"`
	RenderDelay        uint64 `prop:"render-delay" doc:"Nanoseconds that frames take to be seen after they left the sink: they leave it that much earlier, and with sync=true a live pipeline has that much more latency"`
	Stats              string `prop:"stats,readonly" null:"null" doc:"How many frames were presented and dropped"`
	ThrottleTime       uint64 `prop:"throttle-time,live" doc:"Nanoseconds by which presented frames are apart at least; those in between are dropped"`
	TSOffset           int64  `prop:"ts-offset,live" doc:"Nanoseconds added to the time at which a frame is due"`
}

// Rendering is what the properties say, with the sink's own sync property.
func (p *SinkProps) Rendering(sync bool) Rendering {
	delay := nanoseconds(p.RenderDelay)
	return Rendering{
		Sync: sync, Async: p.Async, MaxFrames: -1,
		MaxLateness: time.Duration(p.MaxLateness), Offset: time.Duration(p.TSOffset) - delay,
		Throttle: nanoseconds(p.ThrottleTime), MaxBitrate: p.MaxBitrate,
		ProcessingTime: nanoseconds(p.ProcessingDeadline) + delay,
		QoS:            p.QoS, KeepSample: p.EnableLastSample,
	}
}

// longest is more than a lifetime and leaves room for sums.
const longest time.Duration = 1 << 61

// nanoseconds converts a property, which may be more than a duration holds.
func nanoseconds(n uint64) time.Duration { return time.Duration(min(n, uint64(longest))) }

// SourceProps are the properties that all sources have; embed them in a source's
// own and return them from SourceSettings. The runtime ends the stream after
// NumBuffers frames that the element has pushed, as GStreamer does; the source
// stamps its frames, since only it knows when they came into being.
type SourceProps struct {
	NumBuffers  int  `prop:"num-buffers" default:"-1" min:"-1" doc:"Frames to give before the end of the stream, -1 for no limit"`
	DoTimestamp bool `prop:"do-timestamp" doc:"Stamp frames with the running time at which they leave the source"`
	Typefind    bool `prop:"typefind" doc:"Accepted without effect, as in GStreamer, where it is deprecated: put typefind or decodebin behind the source"`
}

// SourceSettings is implemented by sources that have SourceProps. It is read
// once, at start.
type SourceSettings interface{ SourceSettings() SourceProps }

// sinkState is what the runtime keeps for a sink.
type sinkState struct {
	prerolled bool // under Pipeline.mu
	ended     bool // under Pipeline.mu

	// The goroutine's of the sink:
	drained bool // Drain was called
	held    item // frame and end of stream that wait for the pipeline to play
	lastPTS time.Duration
	lastEnd time.Duration
	pace    pace
	free    time.Duration // from when on MaxBitrate lets the next frame pass
}

func (n *node) rendering() Rendering {
	if r, ok := n.elem.(Renderer); ok {
		return r.Rendering()
	}
	return Rendering{Async: true, MaxLateness: -1, MaxFrames: -1}
}

// render takes a frame that arrived at a sink. While the pipeline does not play
// the first one is held, so that whoever feeds several sinks can go on to the
// next; the second one waits.
func (n *node) render(pad *sinkPad, f *frames.Frame) error {
	if s := n.segment.Load(); s != nil && !s.holds(f) {
		n.ctx.Drop(f)
		return nil
	}
	if n.pipe.isPlaying() && n.sink.held.frame == nil {
		return n.present(pad, f)
	}
	if n.sink.held.frame == nil {
		n.sink.held = item{frame: f}
		n.place.note(f.PTS, f.PTS, frames.NoTime)
		n.showPreroll(f)
		n.pipe.prerolled(n)
		return nil
	}
	if !n.waitPlaying() {
		n.ctx.Drop(f)
		return ErrFlushing
	}
	if err := n.presentHeld(); err != nil {
		n.ctx.Drop(f)
		return err
	}
	return n.present(pad, f)
}

// showPreroll lets the sink see the frame that is held, of a batch that it does
// not know how to take the first one.
func (n *node) showPreroll(f *frames.Frame) {
	pre, ok := n.elem.(Preroller)
	if !ok {
		return
	}
	if f.IsBatch() && !n.batches {
		if len(f.Children()) == 0 {
			return
		}
		f = f.Children()[0]
	}
	caller := n.enter()
	pre.Preroll(n.ctx, f)
	n.exit(caller)
}

// waitPlaying waits for the clock to run; false if the sink has to stop first.
func (n *node) waitPlaying() bool {
	n.at.rest(n.pipe)
	defer n.at.goOn(n.pipe)
	return n.pipe.waitPlaying(n.group.context(), nil)
}

// presentHeld presents what was held while the pipeline did not play.
func (n *node) presentHeld() error {
	held := n.sink.held
	n.sink.held = item{}
	if held.frame != nil {
		if err := n.present(n.sinkPads()[0], held.frame); err != nil {
			return err
		}
	}
	switch e := held.event.(type) {
	case EOSEvent:
		return n.finishSink()
	case GapEvent:
		return n.presentGap(e)
	}
	return nil
}

// renderGap is render for a frame that does not come.
func (n *node) renderGap(e GapEvent) error {
	if n.pipe.isPlaying() {
		return n.presentGap(e)
	}
	if n.sink.held == (item{}) {
		n.sink.held.event = e
		n.pipe.prerolled(n)
		return nil
	}
	if !n.waitPlaying() {
		return ErrFlushing
	}
	if err := n.presentHeld(); err != nil {
		return err
	}
	return n.presentGap(e)
}

// presentGap waits until the gap is due.
func (n *node) presentGap(e GapEvent) error {
	if e.PTS < 0 {
		return nil
	}
	n.sink.lastEnd = e.PTS + max(e.Duration, 0)
	r := n.rendering()
	if !r.Sync {
		n.place.note(e.PTS, n.sink.lastEnd, frames.NoTime)
		return nil
	}
	due := n.ctx.RunningTime(e.PTS) + r.Offset
	n.place.note(e.PTS, n.sink.lastEnd, n.due(due))
	_, err := n.waitDue(due)
	return err
}

// present shows a frame when it is due.
func (n *node) present(pad *sinkPad, f *frames.Frame) error {
	r := n.rendering()
	if r.MaxFrames >= 0 && n.shown.frames.Load() >= uint64(r.MaxFrames) {
		n.ctx.Drop(f)
		return n.sinkFull()
	}
	pts := f.PTS
	if n.tooSoon(pts, r.Throttle) {
		n.ctx.Drop(f)
		return nil
	}
	if pts >= 0 {
		n.sink.lastEnd = n.segmentEnd(pts + max(f.Duration, 0))
		n.place.note(pts, n.sink.lastEnd, frames.NoTime)
	}
	if r.Sync && pts >= 0 {
		dropped, err := n.awaitDue(f, &r)
		if err != nil || dropped {
			n.ctx.Drop(f)
			return err
		}
	}
	n.sink.lastPTS = pts
	n.shown.frames.Add(1)
	if r.KeepSample {
		n.shown.note(f)
	}
	err := n.process(pad, f)
	if errors.Is(err, ErrEOS) {
		return n.sinkFull()
	}
	return err
}

// tooSoon reports whether a frame follows the one before it within the time that
// frames have to be apart.
func (n *node) tooSoon(pts, apart time.Duration) bool {
	if apart <= 0 || pts < 0 || n.shown.frames.Load() == 0 || n.sink.lastPTS < 0 {
		return false
	}
	since := pts - n.sink.lastPTS
	return since >= 0 && since < apart
}

// awaitDue waits for the moment of the frame; drop is true if it is too late.
func (n *node) awaitDue(f *frames.Frame, r *Rendering) (drop bool, err error) {
	due := n.ctx.RunningTime(f.PTS)
	if r.MaxBitrate > 0 {
		due = max(due, n.sink.free)
		n.sink.free = due + time.Duration(float64(f.Size())*8/float64(r.MaxBitrate)*float64(time.Second))
	}
	due += r.Offset
	n.place.note(f.PTS, n.sink.lastEnd, n.due(due))
	came := n.pipe.Running() - n.pipe.Latency()
	late, err := n.waitDue(due)
	if err != nil {
		return false, err
	}
	if r.QoS {
		n.tellPace(r, due, came, f.Duration)
	}
	if r.MaxLateness < 0 || late <= r.MaxLateness {
		return false, nil
	}
	n.pipe.post(bus.TypeQoS, n.name, &bus.QoS{Timestamp: f.PTS, Jitter: late, Processed: n.shown.frames.Load(), Dropped: n.dropped.Load() + 1})
	return true, nil
}

// sinkFull ends the stream at a sink that wants no more.
func (n *node) sinkFull() error {
	if err := n.finishSink(); err != nil {
		return err
	}
	return ErrEOS
}

// due is the running time at which a frame is presented that is due at t.
func (n *node) due(t time.Duration) time.Duration { return t + n.pipe.Latency() }

// segmentEnd is the end of a frame, or that of the segment if it comes before.
func (n *node) segmentEnd(t time.Duration) time.Duration {
	if s := n.segment.Load(); s != nil {
		return s.end(t)
	}
	return t
}

// waitDue waits for the moment of a frame; late is how much it was missed by.
func (n *node) waitDue(t time.Duration) (late time.Duration, err error) {
	due := n.due(t)
	if err := n.waitRunning(n.group.context(), due); err != nil {
		return 0, err
	}
	late = max(0, n.pipe.Running()-due)
	if n.pipe.measuring.Load() != 0 {
		n.measured().late.note(late)
	}
	return late, nil
}

// sinkEnded is called when the end of the stream reached the sink. While the
// pipeline does not play it is held like a frame.
func (n *node) sinkEnded() error {
	if n.pipe.isPlaying() && n.sink.held == (item{}) {
		return n.finishSink()
	}
	n.sink.held.event = EOSEvent{}
	n.pipe.prerolled(n)
	if n.pipe.isPlaying() {
		return n.presentHeld() // it began to play just now
	}
	return nil
}

// finishSink has the sink finish what it got, waits until the last frame was
// shown for its duration, and tells the pipeline.
func (n *node) finishSink() error {
	if !n.sink.drained {
		n.sink.drained = true
		if err := n.drain(); err != nil {
			return err
		}
	}
	if r := n.rendering(); r.Sync && n.pipe.isPlaying() && n.sink.lastEnd > 0 {
		if _, err := n.waitDue(n.ctx.RunningTime(n.sink.lastEnd) + r.Offset); err != nil {
			return err
		}
	}
	if n.sink.lastEnd > 0 {
		n.place.note(n.sink.lastEnd, n.sink.lastEnd, frames.NoTime)
	}
	n.pipe.sinkEnded(n)
	return nil
}

// clockWait is the context of an element that waits for the clock: it ends with
// the element's own, and when the pipeline pauses. It is kept from frame to frame.
type clockWait struct {
	element, pausing context.Context // what it was made of
	ctx              context.Context
	stop             context.CancelFunc
}

func (w *clockWait) renew(element, pausing context.Context) {
	if w.element == element && w.pausing == pausing {
		return
	}
	if w.stop != nil {
		w.stop()
	}
	w.element, w.pausing = element, pausing
	ctx, cancel := context.WithCancel(element)
	release := context.AfterFunc(pausing, cancel)
	w.ctx = ctx
	w.stop = func() { release(); cancel() }
}

// waitRunning returns when the running time reaches t; pauses in between count
// as waiting. It belongs to the goroutine of the element.
func (n *node) waitRunning(ctx context.Context, t time.Duration) error {
	p := n.pipe
	n.at.rest(p)
	defer n.at.goOn(p)
	for {
		if !p.waitPlaying(ctx, nil) {
			return ErrFlushing
		}
		p.mu.Lock()
		due, pausing := p.base+t, p.pausing
		p.mu.Unlock()
		n.wait.renew(ctx, pausing)
		if p.engine.clock.WaitUntil(n.wait.ctx, due) == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ErrFlushing
		}
	}
}
