package flow

import (
	"fmt"
	"strings"

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
	bufferingProps
	Stats             string                  `prop:"stats,readonly" null:"null" doc:"What each queue holds"`
	ExtraSizeBuffers  uint                    `prop:"extra-size-buffers" default:"5" doc:"Accepted without effect, as in GStreamer"`
	ExtraSizeBytes    uint                    `prop:"extra-size-bytes" default:"10485760" doc:"Accepted without effect, as in GStreamer"`
	ExtraSizeTime     uint64                  `prop:"extra-size-time" default:"3000000000" doc:"Accepted without effect, as in GStreamer"`
	UseInterleave     bool                    `prop:"use-interleave" doc:"Accepted without effect: a full queue grows while another is empty, however far apart the streams lie"`
	MinInterleaveTime uint64                  `prop:"min-interleave-time,live" default:"250000000" doc:"Accepted without effect, as use-interleave"`
	SyncByRunningTime bool                    `prop:"sync-by-running-time" doc:"Accepted without effect: it is for pads that nothing is linked to, and here all are linked"`
	UnlinkedCacheTime uint64                  `prop:"unlinked-cache-time,live" default:"250000000" doc:"Accepted without effect, as sync-by-running-time"`
	Overrun           eiengine.Signal[func()] `signal:"overrun" doc:"A frame finds its queue full while no other one is empty"`
	Underrun          eiengine.Signal[func()] `signal:"underrun" doc:"One of the queues has nothing to give"`
}

// multiqueue is what its queues, the lanes, have in common.
type multiqueue struct {
	eiengine.Settings[multiqueueProps]
	lanes     []*lane // complete before data flows
	buffering buffering
}

// Lane implements eiengine.Bundle.
func (m *multiqueue) Lane() eiengine.Queuer {
	l := &lane{of: m}
	m.lanes = append(m.lanes, l)
	return l
}

// Start implements eiengine.Starter.
func (m *multiqueue) Start(c *eiengine.Ctx) error {
	m.buffering.start(c)
	m.buffer(c, 0)
	return nil
}

// Stop implements eiengine.Starter.
func (m *multiqueue) Stop(*eiengine.Ctx) error { return nil }

// PropertyChanged implements eiengine.PropertyWatcher.
func (m *multiqueue) PropertyChanged(c *eiengine.Ctx, _ string) error {
	m.buffer(c, 0)
	return nil
}

// buffer tells how full the fullest queue is: when one is full the others may have
// to wait for it to be read.
func (m *multiqueue) buffer(c *eiengine.Ctx, in int) {
	p := m.Load()
	m.buffering.update(c, &p.bufferingProps, in, func() (part float64, held int) {
		for _, l := range m.lanes {
			level := l.Level()
			part = max(part, filled(level, p.MaxSizeBuffers, p.MaxSizeBytes, p.MaxSizeTime))
			held += level.Bytes
		}
		return part, held
	})
}

// ReadProperty implements eiengine.PropertyReader.
func (m *multiqueue) ReadProperty(name string) (string, bool) {
	if name != "stats" {
		return "", false
	}
	queues := make([]string, 0, len(m.lanes))
	for _, l := range m.lanes {
		level := l.Level()
		queues = append(queues, fmt.Sprintf("queue_%d, buffers=(uint)%d, bytes=(uint)%d, time=(guint64)%d;", len(queues), level.Buffers, level.Bytes, level.Time))
	}
	return "application/x-gst-multi-queue-stats, queues=(structure)< " + strings.Join(queues, " ") + " >;", true
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

// QueueFull implements eiengine.QueueWatcher.
func (l *lane) QueueFull(*eiengine.Ctx) {
	for _, f := range l.of.Load().Overrun.Handlers() {
		f()
	}
}

// QueueEmpty implements eiengine.QueueWatcher.
func (l *lane) QueueEmpty(*eiengine.Ctx) {
	for _, f := range l.of.Load().Underrun.Handlers() {
		f()
	}
}

// QueueRunning implements eiengine.QueueWatcher.
func (l *lane) QueueRunning(*eiengine.Ctx) {}

// QueueLevelChanged implements eiengine.QueueLevelWatcher.
func (l *lane) QueueLevelChanged(c *eiengine.Ctx, in int) { l.of.buffer(c, in) }
