package infer

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine"
)

// queuePolicy is the property queue-policy.
type queuePolicy int

const (
	policyEvery queuePolicy = iota
	policyLatest
	policyDeadline
)

// EnumValues implements eiengine.Enum.
func (queuePolicy) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(policyEvery), Nick: "every-frame"},
		{Value: int(policyLatest), Nick: "latest"},
		{Value: int(policyDeadline), Nick: "deadline"},
	}
}

// leftOut is the property left-out.
type leftOut int

const (
	leftOutPass leftOut = iota
	leftOutDrop
)

// EnumValues implements eiengine.Enum.
func (leftOut) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(leftOutPass), Nick: "pass"},
		{Value: int(leftOutDrop), Nick: "drop"},
	}
}

// ruleProps are the properties that say which frames are judged.
type ruleProps struct {
	Interval    uint        `prop:"interval,live" max:"2147483647" doc:"Frames that pass unjudged between two that are judged, as in nvinfer"`
	MaxInterval uint        `prop:"max-interval,live" max:"2147483647" doc:"How far interval may grow by itself while the model does not keep up; 0, or no more than interval, for not at all"`
	QueuePolicy queuePolicy `prop:"queue-policy,live" doc:"What happens while all workers are busy: frames wait and the elements before with them (every-frame), only the newest waits (latest), or all wait that can still be answered within max-latency (deadline)"`
	MaxLatency  uint64      `prop:"max-latency,live" doc:"Nanoseconds since its capture after which a frame is not judged any more when its turn comes; 0 for no limit"`
	LeftOut     leftOut     `prop:"left-out,live" doc:"What becomes of frames that queue-policy and max-latency leave out: they pass unjudged, or are dropped"`
	Stats       string      `prop:"stats,readonly" doc:"How many frames were judged and why others were not, since the start, with the interval and the workers of now"`
}

// check finds properties that contradict each other.
func (p *ruleProps) check() error {
	if p.QueuePolicy == policyDeadline && p.MaxLatency == 0 {
		return errors.New("queue-policy=deadline needs a deadline: set max-latency, such as max-latency=200000000 for 200 ms")
	}
	return nil
}

// rules are what the properties say about a frame.
type rules struct {
	policy                queuePolicy
	maxLatency            time.Duration
	drop                  bool
	interval, maxInterval uint
}

func (p *ruleProps) rules() rules {
	r := rules{
		policy: p.QueuePolicy, maxLatency: time.Duration(min(p.MaxLatency, 1<<62)), drop: p.LeftOut == leftOutDrop,
		interval: p.Interval, maxInterval: p.MaxInterval,
	}
	if p.check() != nil {
		r.policy = policyEvery
	}
	return r
}

// late reports whether a frame is older than it may be, or, if answers have a
// deadline, would be after the expected time.
func (r *rules) late(age, expected time.Duration) bool {
	if r.policy == policyDeadline {
		age += expected
	}
	return age > r.maxLatency
}

// passingWindow is how many frames may be under way, beyond those that workers are
// busy with, while left out frames pass: they wait behind those that are judged.
const passingWindow = 30

// window is how many frames may be under way with so many workers.
func (r *rules) window(workers int) int {
	n := lanesPerWorker * max(workers, 1)
	// An interval that grows does so because frames wait, so there has to be room for that.
	if r.policy != policyEvery || r.maxInterval > r.interval {
		n += passingWindow
	}
	return n
}

// counts says what became of the frames of an element since the start.
type counts struct {
	judged, skipped, superseded, late atomic.Uint64
	interval                          atomic.Uint64 // now
}

func (n *counts) reset() {
	for _, c := range []*atomic.Uint64{&n.judged, &n.skipped, &n.superseded, &n.late, &n.interval} {
		c.Store(0)
	}
}

// list is for the table of --stats.
func (n *counts) list() []eiengine.Count {
	return []eiengine.Count{
		{Name: "judged", N: n.judged.Load()}, {Name: "skipped by interval", N: n.skipped.Load()},
		{Name: "superseded", N: n.superseded.Load()}, {Name: "too late", N: n.late.Load()},
	}
}

// text is the property stats.
func (n *counts) text(workers int) string {
	return fmt.Sprintf("application/x-infer-stats, judged=(guint64)%d, skipped=(guint64)%d, superseded=(guint64)%d, late=(guint64)%d, interval=(uint)%d, workers=(uint)%d;",
		n.judged.Load(), n.skipped.Load(), n.superseded.Load(), n.late.Load(), n.interval.Load(), workers)
}
