package eiengine

import (
	"time"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
)

// LateSkipper is for filters that can leave out frames which would be too late at
// the sink anyway. Sinks tell with qos=true.
type LateSkipper interface {
	// SkipsLate is asked when a sink tells how late it is.
	SkipsLate() bool
}

// pace is how a sink keeps up: averages over the latest frames, as in GStreamer.
type pace struct {
	left       time.Duration // running time at which the frame before was shown, NoTime before the first
	processing time.Duration // from then on until the next one came
	duration   time.Duration
	proportion float64
	told       bool // upstream thinks that frames are late
}

func newPace() pace {
	return pace{left: frames.NoTime, processing: frames.NoTime, duration: frames.NoTime, proportion: 1}
}

// average gives the latest of n values its share.
func average[T time.Duration | float64](before, latest T, n T) T {
	if before < 0 {
		return latest
	}
	return (latest + (n-1)*before) / n
}

// note takes up a frame that came at a running time and was due at another.
func (p *pace) note(due, came, duration time.Duration) {
	before := p.left
	p.left = max(due, came)
	if duration > 0 {
		p.duration = average(p.duration, duration, 8)
	}
	if before < 0 {
		return
	}
	p.processing = average(p.processing, max(came-before, 0), 8)
	if p.duration <= 0 {
		return
	}
	rate := float64(p.processing) / float64(p.duration)
	share := 16.0 // slow to believe that all is well
	if rate > 1 {
		share = 4
	}
	p.proportion = average(p.proportion, rate, share)
}

// tellPace tells upstream how late a frame came, and once when frames are in time
// again.
func (n *node) tellPace(r *Rendering, due, came, duration time.Duration) {
	p := &n.sink.pace
	p.note(due, came, duration)
	e := QoSEvent{Timestamp: due, Jitter: came - due, Proportion: p.proportion, Throttle: r.Throttle}
	if r.Throttle > 0 {
		e.Jitter = r.Throttle
	}
	late := e.Jitter > 0
	if late || p.told {
		n.sendUpstream(e)
	}
	p.told = late
}

// heedPace notes from when on frames are worth the work: twice the delay, so that
// what is behind can catch up.
func (n *node) heedPace(e QoSEvent) {
	s, ok := n.elem.(LateSkipper)
	n.skips = ok && e.Jitter > 0 && s.SkipsLate()
	if e.Jitter > 0 {
		n.earliest = e.Timestamp + 2*e.Jitter
		return
	}
	n.earliest = frames.NoTime
}

// skip drops a frame that comes too late anyway.
func (n *node) skip(f *frames.Frame) bool {
	if !n.tooLate(f.PTS) {
		return false
	}
	n.ctx.Drop(f)
	return true
}

// tooLate tells the bus if a frame that is about to be left out is.
func (n *node) tooLate(pts time.Duration) bool {
	if n.earliest < 0 || pts < 0 {
		return false
	}
	due := n.ctx.RunningTime(pts)
	if due > n.earliest {
		return false
	}
	n.pipe.post(bus.TypeQoS, n.name, &bus.QoS{Timestamp: pts, Jitter: n.earliest - due, Processed: n.in.Load() - n.dropped.Load() - 1, Dropped: n.dropped.Load() + 1})
	return true
}

// TooLate reports whether a frame of that PTS would come too late at the sink, as
// sinks with qos=true tell; the bus is told that it is left out, and it
// counts as dropped. It is for elements that can save themselves the making of it.
func (c *Ctx) TooLate(pts time.Duration) bool {
	late := c.node.tooLate(pts)
	if late {
		c.node.dropped.Add(1)
	}
	return late
}
