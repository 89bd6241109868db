package flow

import (
	"sync"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
)

// bufferingProps are of queues that tell how full they are, so that the program
// lets them fill up before the pipeline plays.
type bufferingProps struct {
	UseBuffering  bool    `prop:"use-buffering,live" doc:"Publish how full it is, from 0 to 100 per cent of high-watermark; programs pause the pipeline below 100"`
	LowWatermark  float64 `prop:"low-watermark,live" default:"0.01" min:"0" max:"1" doc:"The part of a limit below which it has to fill up again"`
	HighWatermark float64 `prop:"high-watermark,live" default:"0.99" min:"0" max:"1" doc:"The part of a limit at which it is filled up"`
	LowPercent    int     `prop:"low-percent,live" default:"1" min:"0" max:"100" doc:"The older way to set low-watermark, in per cent; counts if that has its default"`
	HighPercent   int     `prop:"high-percent,live" default:"99" min:"0" max:"100" doc:"The older way to set high-watermark, in per cent; counts if that has its default"`
}

// watermarks are the parts of a limit at which filling up begins and ends.
func (p *bufferingProps) watermarks() (low, high float64) {
	low, high = p.LowWatermark, p.HighWatermark
	if low == 0.01 {
		low = float64(p.LowPercent) / 100
	}
	if high == 0.99 {
		high = float64(p.HighPercent) / 100
	}
	return low, high
}

// buffering follows how full queues are. Both sides of them call it.
type buffering struct {
	mu      sync.Mutex
	filling bool
	wanted  bool // use-buffering, as seen last
	percent int  // told last
	in      int64
	began   time.Duration // of the engine's clock
}

func (b *buffering) start(c *eiengine.Ctx) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wanted, b.in, b.began = false, 0, c.Now()
}

// update tells the bus what is new; full reads the part of the limits that is
// filled, 1 or more for all, and in is how many bytes came.
func (b *buffering) update(c *eiengine.Ctx, p *bufferingProps, in int, full func() (part float64, held int)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.in += int64(in)
	if !p.UseBuffering {
		b.wanted = false
		return
	}
	part, held := full()
	low, high := p.watermarks()
	if !b.wanted {
		b.wanted, b.filling, b.percent = true, true, -1
	}
	if !b.filling && part >= low {
		return
	}
	b.filling = part < high
	percent := 100
	if b.filling {
		percent = min(99, int(part*100/high))
	}
	if percent == b.percent {
		return
	}
	b.percent = percent
	inRate, outRate := b.rates(c, held)
	left := int64(-1)
	if percent == 100 {
		left = 0
	}
	c.Buffering(&bus.Buffering{Percent: percent, Mode: "stream", InRate: int(inRate), OutRate: int(outRate), Left: left})
}

// rates are the mean bytes per second since the start; b.mu is held.
func (b *buffering) rates(c *eiengine.Ctx, held int) (in, out int64) {
	seconds := (c.Now() - b.began).Seconds()
	if seconds <= 0 {
		return 0, 0
	}
	return int64(float64(b.in) / seconds), int64(float64(max(0, b.in-int64(held))) / seconds)
}

// filled is the largest part of a limit that a level has reached. What nothing
// more comes into is full.
func filled(level eiengine.QueueLevel, buffers, bytes uint, span uint64) float64 {
	if level.Ended {
		return 1
	}
	part := 0.0
	note := func(has, limit float64) {
		if limit > 0 {
			part = max(part, has/limit)
		}
	}
	note(float64(level.Buffers), float64(buffers))
	note(float64(level.Bytes), float64(bytes))
	note(float64(level.Time), float64(span))
	return part
}
