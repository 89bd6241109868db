package flow

import (
	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "multiqueue", LongName: "MultiQueue", Class: "Generic",
		Description: "Several queues in one: what arrives at sink_N leaves at src_N; a full one may grow while another is empty",
		Pads: []eiengine.PadTemplate{
			{Name: "sink_%u", Direction: eiengine.Sink, Presence: eiengine.OnRequest, Caps: frames.AnyCaps()},
			{Name: "src_%u", Direction: eiengine.Src, Presence: eiengine.OnRequest, Caps: frames.AnyCaps()},
		},
		New: func() eiengine.Element { return new(multiqueue) },
	})
}

type multiqueueProps struct {
	MaxSizeBuffers uint   `prop:"max-size-buffers,live" default:"5" doc:"Frames that each queue holds at most while no other is empty, 0 for no limit"`
	MaxSizeBytes   uint   `prop:"max-size-bytes,live" default:"10485760" doc:"Bytes at which a queue is full, 0 for no limit"`
	MaxSizeTime    uint64 `prop:"max-size-time,live" default:"2000000000" doc:"Nanoseconds of data at which a queue is full, 0 for no limit"`
}

type multiqueue struct {
	eiengine.Settings[multiqueueProps]
	lanes []*lane // complete before data flows
}

// Lane implements eiengine.Bundle.
func (m *multiqueue) Lane() eiengine.Queuer {
	l := &lane{of: m}
	m.lanes = append(m.lanes, l)
	return l
}

// starving reports whether a queue other than l is empty: what its consumer waits
// for may be behind what fills l.
func (m *multiqueue) starving(l *lane) bool {
	for _, other := range m.lanes {
		if other != l && other.IsEmpty() {
			return true
		}
	}
	return false
}

// lane is one of the queues.
type lane struct {
	eiengine.QueueLevelReader
	of *multiqueue
}

// QueueLimits implements eiengine.Queuer.
func (l *lane) QueueLimits() eiengine.QueueLimits {
	p := l.of.Load()
	limits := eiengine.QueueLimits{
		Buffers: int(p.MaxSizeBuffers), Bytes: int(p.MaxSizeBytes), Time: nanoseconds(p.MaxSizeTime),
	}
	if limits.Buffers > 0 && l.of.starving(l) {
		limits.Buffers = 0
	}
	return limits
}
