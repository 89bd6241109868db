package link

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "appsrc", LongName: "AppSrc", Class: "Generic/Source",
		Description: "Lets a Go program put frames into the pipeline",
		Pads:        []eiengine.PadTemplate{eiengine.SrcPad(frames.AnyCaps())},
		New:         func() eiengine.Element { return newAppSrc() },
	})
}

// leakType is eiengine.Leak with the nicks of appsrc.
type leakType int

// EnumValues implements eiengine.Enum.
func (leakType) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(eiengine.LeakNo), Nick: "none", Name: "Not Leaky"},
		{Value: int(eiengine.LeakUpstream), Nick: "upstream", Name: "Leaky on upstream (new buffers)"},
		{Value: int(eiengine.LeakDownstream), Nick: "downstream", Name: "Leaky on downstream (old buffers)"},
	}
}

// streamFormat is what GStreamer counts the positions of a stream in.
type streamFormat int

// EnumValues implements eiengine.Enum.
func (streamFormat) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: 0, Nick: "undefined", Name: "GST_FORMAT_UNDEFINED"},
		{Value: 1, Nick: "default", Name: "GST_FORMAT_DEFAULT"},
		{Value: 2, Nick: "bytes", Name: "GST_FORMAT_BYTES"},
		{Value: 3, Nick: "time", Name: "GST_FORMAT_TIME"},
		{Value: 4, Nick: "buffers", Name: "GST_FORMAT_BUFFERS"},
		{Value: 5, Nick: "percent", Name: "GST_FORMAT_PERCENT"},
	}
}

// streamType says whether the program can go to another place of its stream.
type streamType int

const typeStream streamType = 0

// EnumValues implements eiengine.Enum.
func (streamType) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(typeStream), Nick: "stream", Name: "GST_APP_STREAM_TYPE_STREAM"},
		{Value: 1, Nick: "seekable", Name: "GST_APP_STREAM_TYPE_SEEKABLE"},
		{Value: 2, Nick: "random-access", Name: "GST_APP_STREAM_TYPE_RANDOM_ACCESS"},
	}
}

type appSrcProps struct {
	eiengine.SourceProps
	Caps          frames.Caps  `prop:"caps,live" default:"ANY" doc:"The format of the frames; those pushed without one get it, so it must be fixed for them"`
	Live          bool         `prop:"is-live" doc:"Behave like a device: no frame leaves while the pipeline is paused"`
	Format        streamFormat `prop:"format" default:"bytes" doc:"What the stream is counted in; frames keep their times either way"`
	Block         bool         `prop:"block,live" doc:"Let Push wait for room instead of returning ErrFull"`
	MaxBuffers    uint64       `prop:"max-buffers,live" doc:"Frames at which the queue is full, 0 for no limit"`
	MaxBytes      uint64       `prop:"max-bytes,live" default:"200000" doc:"Bytes at which the queue is full, 0 for no limit"`
	MaxTime       uint64       `prop:"max-time,live" doc:"Nanoseconds of frames at which the queue is full, 0 for no limit"`
	Leaky         leakType     `prop:"leaky-type,live" default:"none" doc:"Which frames are dropped when the queue is full"`
	LevelBuffers  uint64       `prop:"current-level-buffers,readonly" doc:"Frames in the queue"`
	LevelBytes    uint64       `prop:"current-level-bytes,readonly" doc:"Bytes in the queue"`
	LevelTime     uint64       `prop:"current-level-time,readonly" doc:"Nanoseconds of frames in the queue"`
	EmitSignals   bool         `prop:"emit-signals,live" default:"true" doc:"Give the signals need-data and enough-data"`
	MinPercent    uint         `prop:"min-percent,live" min:"0" max:"100" doc:"Per cent of max-bytes below which need-data asks for more; 0 asks when the queue is empty"`
	MinLatency    int64        `prop:"min-latency" default:"-1" min:"-1" doc:"With is-live=true, nanoseconds between what happens and the push of its frame at least; -1 for none"`
	MaxLatency    int64        `prop:"max-latency" default:"-1" min:"-1" doc:"Accepted without effect: the pipeline waits for the largest minimum, and queues hold what comes early"`
	Length        uint64       `prop:"duration,live" default:"18446744073709551615" doc:"Nanoseconds that the stream lasts, for those who ask the pipeline; the largest number if that is not known"`
	Size          int64        `prop:"size" default:"-1" min:"-1" doc:"Accepted without effect: streams are measured in time here, see duration"`
	StreamType    streamType   `prop:"stream-type" default:"stream" doc:"Whether seek-data may ask for another place of the stream: seekable and random-access do"`
	SegmentChange bool         `prop:"handle-segment-change" doc:"Accepted without effect: the times of frames are those of the stream"`
	BlockSize     uint         `prop:"blocksize" default:"4096" doc:"How many bytes need-data asks for"`

	NeedData      eiengine.Signal[func(bytes uint)]                                      `signal:"need-data" doc:"The queue runs empty: push about so many bytes"`
	SeekData      eiengine.Signal[func(position time.Duration) bool]                     `signal:"seek-data" doc:"Go on from that time: what is pushed next begins there or before; false if that cannot be"`
	EnoughData    eiengine.Signal[func()]                                                `signal:"enough-data" doc:"The queue is full"`
	PushBuffer    eiengine.Action[func(ctx context.Context, f *frames.Frame) error]      `action:"push-buffer" doc:"What AppSrc.Push does"`
	PushList      eiengine.Action[func(ctx context.Context, list []*frames.Frame) error] `action:"push-buffer-list" doc:"What AppSrc.PushList does"`
	PushSample    eiengine.Action[func(ctx context.Context, f *frames.Frame) error]      `action:"push-sample" doc:"What AppSrc.Push does: a frame brings its format"`
	EndOfStreamed eiengine.Action[func()]                                                `action:"end-of-stream" doc:"What AppSrc.EndOfStream does"`
}

// AppSrc is the element appsrc. Its exported methods that are not those of an
// element may be called by any goroutine of the program, in any state of the
// pipeline: frames pushed before it starts are its first.
type AppSrc struct {
	eiengine.Settings[appSrcProps]
	queue *fifo
	ctx   atomic.Pointer[eiengine.Ctx] // once opened
	asked bool                         // for data, since the frame before; Read's own

	place place // Read's own

	mu       sync.Mutex
	props    *appSrcProps   // format is that of their caps
	format   *frames.Format // nil while the caps are not fixed
	accepted *frames.Format // seen last, and allowed by the caps
}

func newAppSrc() *AppSrc {
	a := new(AppSrc)
	a.queue = newFIFO(a.drop)
	a.queue.numbered = true
	p := a.Load()
	p.PushBuffer.Bind(a.Push)
	p.PushSample.Bind(a.Push)
	p.PushList.Bind(a.PushList)
	p.EndOfStreamed.Bind(a.EndOfStream)
	return a
}

// Push hands a frame to the pipeline and consumes it, also on error. A frame
// without a format gets that of the caps property; Mono gets the time of the
// call if it has none, and Seq is counted. When the queue is full Push waits
// (block=true), drops a frame (leaky-type), or returns an error that is ErrFull.
//
// Errors: ErrFull; eiengine.ErrEOS after EndOfStream or when downstream wants no
// more; eiengine.ErrFlushing when the pipeline stopped or failed; ctx's; a format
// that the caps do not allow, too few bytes for it.
func (a *AppSrc) Push(ctx context.Context, f *frames.Frame) error {
	p := a.Load()
	f, err := a.typed(p, f)
	if err != nil {
		return err
	}
	if c := a.ctx.Load(); c != nil {
		if f.Mono < 0 {
			f.Mono = c.Now()
		}
		if p.DoTimestamp && f.PTS < 0 {
			f.PTS = c.Running()
		}
	}
	room := limits{
		buffers: p.MaxBuffers, bytes: p.MaxBytes, span: time.Duration(min(p.MaxTime, math.MaxInt64)),
		leak: eiengine.Leak(p.Leaky), wait: p.Block,
	}
	if handlers := p.EnoughData.Handlers(); p.EmitSignals && len(handlers) > 0 && a.queue.isFull(room) {
		for _, enough := range handlers {
			enough()
		}
	}
	err = a.queue.put(ctx, f, room)
	if errors.Is(err, ErrFull) {
		return fmt.Errorf("appsrc: %w: set block=true to wait, leaky-type to drop, or raise max-bytes, max-buffers and max-time", err)
	}
	return err
}

// PushBytes pushes one frame of the caps property's format that begins at pts,
// or frames.NoTime. The bytes are not copied: they belong to the engine from now
// on and must not be changed. Pictures have the layout of GStreamer: rows begin
// at multiples of four bytes.
func (a *AppSrc) PushBytes(ctx context.Context, data []byte, pts time.Duration) error {
	f := frames.NewFrame(nil, frames.WrapMemory(data, nil))
	f.PTS = pts
	return a.Push(ctx, f)
}

// PushList pushes frames one after the other and consumes them all; after an error
// the rest is released.
func (a *AppSrc) PushList(ctx context.Context, list []*frames.Frame) error {
	for i, f := range list {
		if err := a.Push(ctx, f); err != nil {
			for _, rest := range list[i+1:] {
				a.drop(rest)
			}
			return err
		}
	}
	return nil
}

// EndOfStream ends the stream behind the frames that were pushed.
func (a *AppSrc) EndOfStream() { a.queue.end() }

// typed gives the frame a format if it has none, and checks it.
func (a *AppSrc) typed(p *appSrcProps, f *frames.Frame) (*frames.Frame, error) {
	format, err := a.formatFor(p, f.Format)
	if err == nil && f.Size() < format.FrameSize() && f.Format == nil {
		err = fmt.Errorf("appsrc: a frame of %d bytes was pushed, but %v has %d (rows begin at multiples of four bytes)", f.Size(), format, format.FrameSize())
	}
	if err != nil {
		a.drop(f)
		return nil, err
	}
	if f.Format != nil {
		return f, nil
	}
	out := frames.NewFrame(format, f.Memory().Retain())
	out.CopyTimes(f)
	f.Release()
	return out, nil
}

// formatFor is the format of a frame that came with given, which may be nil.
func (a *AppSrc) formatFor(p *appSrcProps, given *frames.Format) (*frames.Format, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.props != p {
		a.props, a.format, a.accepted = p, nil, nil
		if p.Caps.IsAny() || p.Caps.IsFixed() {
			if f, err := frames.NewFormat(p.Caps); err == nil {
				a.format = f // otherwise a field is missing, which is open too
			}
		}
	}
	switch {
	case given == nil && a.format == nil:
		return nil, fmt.Errorf("appsrc: the caps %s leave several formats open: set fixed caps, or push frames that have a format", p.Caps)
	case given == nil:
		return a.format, nil
	case given == a.accepted:
		return given, nil
	case !given.Caps().IsSubsetOf(p.Caps):
		return nil, fmt.Errorf("appsrc: a frame of %v was pushed, but the caps property allows %s", given, p.Caps)
	}
	a.accepted = given
	return given, nil
}

func (a *AppSrc) drop(f *frames.Frame) {
	if c := a.ctx.Load(); c != nil {
		c.Drop(f)
		return
	}
	f.Release()
}

// LateFormat implements eiengine.LateFormat: frames bring their formats.
func (a *AppSrc) LateFormat() {}

// Limit implements eiengine.Limiter.
func (a *AppSrc) Limit() frames.Caps { return a.Load().Caps }

// SourceSettings implements eiengine.SourceSettings.
func (a *AppSrc) SourceSettings() eiengine.SourceProps { return a.Load().SourceProps }

// IsLive implements eiengine.Live.
func (a *AppSrc) IsLive() bool { return a.Load().Live }

// ReadProperty implements eiengine.PropertyReader.
func (a *AppSrc) ReadProperty(name string) (string, bool) {
	count, bytes, span := a.queue.level()
	switch name {
	case "current-level-buffers":
		return strconv.Itoa(count), true
	case "current-level-bytes":
		return strconv.FormatUint(bytes, 10), true
	case "current-level-time":
		return strconv.FormatInt(int64(span), 10), true
	}
	return "", false
}

// Open implements eiengine.Opener.
func (a *AppSrc) Open(c *eiengine.Ctx) error {
	a.ctx.Store(c)
	return nil
}

// Close implements eiengine.Opener.
func (a *AppSrc) Close(*eiengine.Ctx) error { return nil }

// Start implements eiengine.Starter.
func (a *AppSrc) Start(c *eiengine.Ctx) error {
	a.asked, a.place = false, place{next: 0, stop: frames.NoTime}
	a.queue.start(c.Context())
	return nil
}

// Stop implements eiengine.Starter.
func (a *AppSrc) Stop(*eiengine.Ctx) error {
	a.queue.change(func() { a.queue.err, a.queue.ended, a.queue.seq = eiengine.ErrFlushing, false, 0 })
	a.queue.flush()
	return nil
}

// Flush implements eiengine.Flusher.
func (a *AppSrc) Flush(*eiengine.Ctx) { a.queue.flush() }

// HandleEvent implements eiengine.EventHandler: once the stream has ended, for
// whatever reason, there is no use in pushing.
func (a *AppSrc) HandleEvent(_ *eiengine.Ctx, e eiengine.Event) (bool, error) {
	if _, eos := e.(eiengine.EOSEvent); eos {
		a.queue.refuse(eiengine.ErrEOS)
		a.queue.flush()
	}
	return false, nil
}

// Latency implements eiengine.Latency.
func (a *AppSrc) Latency() time.Duration { return time.Duration(max(0, a.Load().MinLatency)) }

// Duration implements eiengine.Duration.
func (a *AppSrc) Duration() (d time.Duration, known bool) {
	length := a.Load().Length
	return time.Duration(length), length <= math.MaxInt64
}

// ask has the program push more if little is left. Between two frames it asks once.
func (a *AppSrc) ask() {
	p := a.Load()
	if a.asked || !p.EmitSignals {
		return
	}
	count, bytes, _ := a.queue.level()
	if count > 0 && (p.MinPercent == 0 || p.MaxBytes == 0 || bytes*100 >= uint64(p.MinPercent)*p.MaxBytes) {
		return
	}
	a.asked = true
	for _, need := range p.NeedData.Handlers() {
		need(p.BlockSize)
	}
}

// Read implements eiengine.Source.
func (a *AppSrc) Read(c *eiengine.Ctx) error {
	a.ask()
	f, err := a.queue.get(c.Context())
	if errors.Is(err, eiengine.ErrEOS) {
		return io.EOF
	}
	if err != nil {
		return err
	}
	a.asked = false
	if a.Load().DoTimestamp && f.PTS < 0 {
		f.PTS = c.Running()
	}
	if f.Mono < 0 {
		f.Mono = c.Now()
	}
	switch a.place.judge(f) {
	case tooEarly:
		c.Drop(f)
		return nil
	case tooLate:
		c.Drop(f)
		return io.EOF
	}
	err = c.Push(0, f)
	if errors.Is(err, eiengine.ErrEOS) {
		a.queue.refuse(err)
		a.queue.flush()
	}
	return err
}
