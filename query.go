package eiengine

import (
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
)

// Position is how far the sinks are, the furthest one counting: the PTS of what is
// presented now, up to the end of the latest frame, or of a sink that does not wait
// for the clock that of the latest frame; at the end of the stream where it ended.
func (p *Pipeline) Position() time.Duration {
	at := time.Duration(p.position.Load())
	for _, n := range p.snapshot() {
		if n.kind == kindSink {
			at = max(at, n.position())
		}
	}
	return at
}

// shownAt is where a sink is, for those who look on: a frame from its PTS to its
// end, due at a running time if the sink waits for the clock.
type shownAt struct{ pts, end, due atomic.Int64 }

func (a *shownAt) note(pts, end, due time.Duration) {
	if pts < 0 {
		return
	}
	a.pts.Store(int64(pts))
	a.end.Store(int64(end))
	a.due.Store(int64(due))
}

// reset is for a sink that has had no frame.
func (a *shownAt) reset() {
	a.pts.Store(int64(frames.NoTime))
	a.due.Store(int64(frames.NoTime))
}

// position is how far a sink is; NoTime before its first frame.
func (n *node) position() time.Duration {
	pts, end, due := time.Duration(n.place.pts.Load()), time.Duration(n.place.end.Load()), time.Duration(n.place.due.Load())
	if pts < 0 || due < 0 {
		return pts
	}
	return min(max(pts, pts+n.pipe.Running()-due), max(pts, end))
}

// Duration is how long the stream is, if whoever makes it knows: the longest of
// those that the sinks play.
func (p *Pipeline) Duration() (d time.Duration, known bool) {
	seen := map[*node]bool{}
	for _, n := range p.snapshot() {
		if n.kind != kindSink {
			continue
		}
		if v, ok := n.duration(seen); ok {
			d, known = max(d, v), true
		}
	}
	return d, known
}

// duration asks the nearest elements upstream that know.
func (n *node) duration(seen map[*node]bool) (d time.Duration, known bool) {
	if seen[n] {
		return 0, false
	}
	seen[n] = true
	if e, ok := n.elem.(Duration); ok {
		if d, known = e.Duration(); known {
			return d, true
		}
	}
	for _, pad := range n.sinkPads() {
		from := pad.feeder()
		if from == nil {
			continue
		}
		if v, ok := from.duration(seen); ok {
			d, known = max(d, v), true
		}
	}
	return d, known
}

// Latency is what frames of a live pipeline are delayed by at sinks that wait
// for the clock: the largest sum of what the elements on a way to a sink declare.
func (p *Pipeline) Latency() time.Duration { return time.Duration(p.latency.Load()) }

// updateLatency adds up what the elements declare.
func (p *Pipeline) updateLatency() {
	var worst time.Duration
	known := map[*node]latency{}
	for _, n := range p.snapshot() {
		if n.kind == kindSink {
			if l := n.latencyTo(known); l.live {
				worst = max(worst, l.sum)
			}
		}
	}
	p.latency.Store(int64(worst))
}

// latencyChanged adds up again, and tells if the sum is another one.
func (p *Pipeline) latencyChanged() {
	before := p.Latency()
	p.updateLatency()
	if p.Latency() != before {
		p.post(bus.TypeLatency, p.name, &bus.Notice{Name: "latency"})
	}
}

// latency is the sum of a way, and whether it begins at a live source.
type latency struct {
	sum  time.Duration
	live bool
}

// latencyTo is the worst way from a source up to and with the element.
func (n *node) latencyTo(known map[*node]latency) latency {
	if l, ok := known[n]; ok {
		return l
	}
	var worst latency
	for _, pad := range n.sinkPads() {
		if from := pad.feeder(); from != nil {
			l := from.latencyTo(known)
			worst.sum, worst.live = max(worst.sum, l.sum), worst.live || l.live
		}
	}
	if n.kind == kindAggregator {
		fed := worst
		n.agg.fed.Store(&fed)
	}
	if l, ok := n.elem.(Live); ok && l.IsLive() {
		worst.live = true
	}
	if l, ok := n.elem.(Latency); ok {
		worst.sum += l.Latency()
	}
	if n.kind == kindSink {
		if r := n.rendering(); r.Sync {
			worst.sum += r.ProcessingTime
		}
	}
	known[n] = worst
	return worst
}

// LatencyChanged says that what the element's Latency gives is another value now.
// Any goroutine may call it.
func (c *Ctx) LatencyChanged() { c.node.pipe.latencyChanged() }
