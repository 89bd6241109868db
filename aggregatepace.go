package eiengine

import (
	"time"

	"github.com/eiengine/eiengine/frames"
)

// Paced is for aggregators that give frames at a rate of their own, such as one that
// shows several streams in one picture. As long as every pad has a frame or has
// ended, Aggregate is called again and again, and otherwise when Due has passed.
// Each call takes or pushes something, or returns ErrEOS: nothing else ends the
// stream. The policy's All and Deadline mean nothing then.
type Paced interface {
	// Due is the running time at which Aggregate is called although pads lack
	// frames, also if none has one; ok false waits for them. live says that live
	// sources feed the element, whose frames come up to latency after their times.
	Due(c *Ctx, in *Inputs, live bool, latency time.Duration) (due time.Duration, ok bool)
}

// Allowed are the formats that may leave by a source pad: what its template has and
// everything behind it takes. It is for elements that are LateFormat and can choose.
// The error says that there is none; it must be returned, wrapped in Fatal.
func (c *Ctx) Allowed(pad int) (frames.Caps, error) {
	p := (*c.node.srcs.Load())[pad]
	peer := p.peer.Load()
	if peer == nil {
		return p.template.Caps, nil
	}
	down := peer.acceptable()
	caps := down.among(p.template.Caps)
	if caps.IsEmpty() {
		return caps, c.node.mismatch(p, peer, p.template.Caps, down.caps)
	}
	return caps, nil
}

// stepPaced is step for an element that is Paced.
func (a *aggregator) stepPaced(p Paced, missing int) (wait bool, timeout time.Duration, err error) {
	if missing > 0 {
		left, passes := a.untilDue(p)
		if !passes || left > 0 {
			return true, left, nil
		}
	}
	return false, 0, a.aggregate()
}

// untilDue is how long the element waits at most for frames that are missing; passes
// is false if time does not end that.
func (a *aggregator) untilDue(p Paced) (left time.Duration, passes bool) {
	n := a.node
	var fed latency
	if l := a.fed.Load(); l != nil {
		fed = *l
	}
	due, ok := p.Due(n.ctx, &a.inputs, fed.live, fed.sum)
	if !ok {
		return 0, false
	}
	if a.gate = n.pipe.standing(); a.gate != nil {
		return 0, false
	}
	return due - n.pipe.Running(), true
}

// standing gives a channel that is closed when the pipeline plays on, nil if it
// plays.
func (p *Pipeline) standing() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.playing.Load() {
		return nil
	}
	return p.gate
}
