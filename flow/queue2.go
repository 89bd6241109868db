package flow

import (
	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "queue2", LongName: "Queue 2", Class: "Generic",
		Description: "Decouples what is before it from what is behind it, with the limits of a network stream; data stays in memory",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps()), eiengine.SrcPad(frames.AnyCaps())},
		New:         func() eiengine.Element { return new(queue2) },
	})
}

type queue2Props struct {
	MaxSizeBuffers uint   `prop:"max-size-buffers,live" default:"100" doc:"Frames that the queue holds at most, 0 for no limit"`
	MaxSizeBytes   uint   `prop:"max-size-bytes,live" default:"2097152" doc:"Bytes at which the queue is full, 0 for no limit"`
	MaxSizeTime    uint64 `prop:"max-size-time,live" default:"2000000000" doc:"Nanoseconds of data at which the queue is full, 0 for no limit"`
	levelProps
}

// queue2 only names its limits; the runtime holds the frames.
type queue2 struct {
	eiengine.Settings[queue2Props]
	levels
}

// QueueLimits implements eiengine.Queuer.
func (q *queue2) QueueLimits() eiengine.QueueLimits {
	p := q.Load()
	return eiengine.QueueLimits{
		Buffers: int(p.MaxSizeBuffers), Bytes: int(p.MaxSizeBytes), Time: nanoseconds(p.MaxSizeTime),
	}
}
