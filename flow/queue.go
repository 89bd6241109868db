package flow

import (
	"strconv"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "queue", LongName: "Queue", Class: "Generic",
		Description: "Decouples what is before it from what is behind it: each side runs in a goroutine of its own",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps()), eiengine.SrcPad(frames.AnyCaps())},
		New:         func() eiengine.Element { return new(queue) },
	})
}

type queueProps struct {
	Leaky               eiengine.Leak `prop:"leaky,live" default:"no" doc:"What happens to frames when the queue is full"`
	MaxSizeBuffers      uint          `prop:"max-size-buffers,live" default:"200" doc:"Frames that the queue holds at most, 0 for no limit"`
	MaxSizeBytes        uint          `prop:"max-size-bytes,live" default:"10485760" doc:"Bytes at which the queue is full, 0 for no limit"`
	MaxSizeTime         uint64        `prop:"max-size-time,live" default:"1000000000" doc:"Nanoseconds of data at which the queue is full, 0 for no limit"`
	MinThresholdBuffers uint          `prop:"min-threshold-buffers,live" doc:"Frames that must have come before any is given out"`
	MinThresholdBytes   uint          `prop:"min-threshold-bytes,live" doc:"Bytes that must have come before any is given out"`
	MinThresholdTime    uint64        `prop:"min-threshold-time,live" doc:"Nanoseconds of data that must have come before any is given out"`
	FlushOnEOS          bool          `prop:"flush-on-eos,live" doc:"At the end of the stream, drop what is queued instead of passing it on"`
	Silent              bool          `prop:"silent,live" doc:"Give no signals"`
	levelProps
	Overrun  eiengine.Signal[func()] `signal:"overrun" doc:"A frame finds the queue full; in the goroutine that brings it, before it waits or leaks"`
	Underrun eiengine.Signal[func()] `signal:"underrun" doc:"The queue has nothing to give, or less than its minimum"`
	Running  eiengine.Signal[func()] `signal:"running" doc:"The queue has something to give again"`
	Pushing  eiengine.Signal[func()] `signal:"pushing" doc:"After running: the queue gives it now"`
}

// queue names its limits and says what the runtime, which holds the frames, tells
// of them.
type queue struct {
	eiengine.Settings[queueProps]
	levels
}

// levelProps are the properties of elements that show how full they are.
type levelProps struct {
	LevelBuffers uint   `prop:"current-level-buffers,readonly" doc:"Frames in the queue"`
	LevelBytes   uint   `prop:"current-level-bytes,readonly" doc:"Bytes in the queue"`
	LevelTime    uint64 `prop:"current-level-time,readonly" doc:"Nanoseconds of data in the queue"`
}

// levels reads them.
type levels struct{ eiengine.QueueLevelReader }

// QueueLimits implements eiengine.Queuer.
func (q *queue) QueueLimits() eiengine.QueueLimits {
	p := q.Load()
	return eiengine.QueueLimits{
		Buffers: int(p.MaxSizeBuffers), Bytes: int(p.MaxSizeBytes), Time: nanoseconds(p.MaxSizeTime), Leak: p.Leaky,
		MinBuffers: int(p.MinThresholdBuffers), MinBytes: int(p.MinThresholdBytes), MinTime: nanoseconds(p.MinThresholdTime),
		FlushOnEOS: p.FlushOnEOS,
	}
}

// QueueFull implements eiengine.QueueWatcher.
func (q *queue) QueueFull(*eiengine.Ctx) { q.emit(q.Load().Overrun) }

// QueueEmpty implements eiengine.QueueWatcher.
func (q *queue) QueueEmpty(*eiengine.Ctx) { q.emit(q.Load().Underrun) }

// QueueRunning implements eiengine.QueueWatcher.
func (q *queue) QueueRunning(*eiengine.Ctx) {
	q.emit(q.Load().Running)
	q.emit(q.Load().Pushing)
}

func (q *queue) emit(s eiengine.Signal[func()]) {
	if q.Load().Silent {
		return
	}
	for _, f := range s.Handlers() {
		f()
	}
}

// ReadProperty implements eiengine.PropertyReader.
func (q *levels) ReadProperty(name string) (string, bool) {
	switch name {
	case "current-level-buffers":
		return strconv.Itoa(q.Level().Buffers), true
	case "current-level-bytes":
		return strconv.Itoa(q.Level().Bytes), true
	case "current-level-time":
		return strconv.FormatInt(int64(q.Level().Time), 10), true
	}
	return "", false
}

// nanoseconds converts an unsigned number, whose upper half no duration reaches.
func nanoseconds(n uint64) time.Duration {
	const longest = 1<<63 - 1
	return time.Duration(min(n, longest))
}
