package flow

import (
	"strconv"
	"sync/atomic"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "queue2", LongName: "Queue 2", Class: "Generic",
		Description: "Decouples what is before it from what is behind it, and can fill up before the pipeline plays; data stays in memory",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps()), eiengine.SrcPad(frames.AnyCaps())},
		New:         func() eiengine.Element { return new(queue2) },
	})
}

type queue2Props struct {
	MaxSizeBuffers uint   `prop:"max-size-buffers,live" default:"100" doc:"Frames that the queue holds at most, 0 for no limit"`
	MaxSizeBytes   uint   `prop:"max-size-bytes,live" default:"2097152" doc:"Bytes at which the queue is full, 0 for no limit"`
	MaxSizeTime    uint64 `prop:"max-size-time,live" default:"2000000000" doc:"Nanoseconds of data at which the queue is full, 0 for no limit"`
	levelProps
	bufferingProps
	AvgInRate         int64  `prop:"avg-in-rate,readonly" min:"0" doc:"Bytes per second that came so far, on average"`
	Bitrate           uint64 `prop:"bitrate,readonly" doc:"Always 0: streams do not state their bit rate"`
	UseBitrateQuery   bool   `prop:"use-bitrate-query,live" default:"true" doc:"Accepted without effect: the time in the queue is that of its frames"`
	UseTagsBitrate    bool   `prop:"use-tags-bitrate,live" doc:"Accepted without effect, as use-bitrate-query"`
	UseRateEstimate   bool   `prop:"use-rate-estimate" default:"true" doc:"Accepted without effect, as use-bitrate-query"`
	RingBufferMaxSize uint64 `prop:"ring-buffer-max-size" doc:"Accepted without effect: nothing reads what has left the queue once more"`
	TempTemplate      string `prop:"temp-template" null:"null" doc:"Accepted without effect: data stays in memory, within the limits"`
	TempLocation      string `prop:"temp-location,readonly" null:"null" doc:"Always empty: no file is written"`
	TempRemove        bool   `prop:"temp-remove" default:"true" doc:"Accepted without effect, as temp-template"`
}

// queue2 names its limits and tells how full it is; the runtime holds the frames.
type queue2 struct {
	eiengine.Settings[queue2Props]
	levels
	buffering buffering
	ctx       atomic.Pointer[eiengine.Ctx] // once started
}

// QueueLimits implements eiengine.Queuer.
func (q *queue2) QueueLimits() eiengine.QueueLimits {
	p := q.Load()
	return eiengine.QueueLimits{
		Buffers: int(p.MaxSizeBuffers), Bytes: int(p.MaxSizeBytes), Time: nanoseconds(p.MaxSizeTime),
	}
}

// Start implements eiengine.Starter.
func (q *queue2) Start(c *eiengine.Ctx) error {
	q.ctx.Store(c)
	q.buffering.start(c)
	q.QueueLevelChanged(c, 0)
	return nil
}

// Stop implements eiengine.Starter.
func (q *queue2) Stop(*eiengine.Ctx) error { return nil }

// QueueLevelChanged implements eiengine.QueueLevelWatcher.
func (q *queue2) QueueLevelChanged(c *eiengine.Ctx, in int) {
	p := q.Load()
	q.buffering.update(c, &p.bufferingProps, in, func() (float64, int) {
		level := q.Level()
		return filled(level, p.MaxSizeBuffers, p.MaxSizeBytes, p.MaxSizeTime), level.Bytes
	})
}

// PropertyChanged implements eiengine.PropertyWatcher: buffering may have begun,
// or its limits may be others.
func (q *queue2) PropertyChanged(c *eiengine.Ctx, _ string) error {
	q.QueueLevelChanged(c, 0)
	return nil
}

// ReadProperty implements eiengine.PropertyReader.
func (q *queue2) ReadProperty(name string) (string, bool) {
	c := q.ctx.Load()
	if name != "avg-in-rate" || c == nil {
		return q.levels.ReadProperty(name)
	}
	q.buffering.mu.Lock()
	defer q.buffering.mu.Unlock()
	rate, _ := q.buffering.rates(c, 0)
	return strconv.FormatInt(rate, 10), true
}
