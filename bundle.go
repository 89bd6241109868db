package eiengine

import (
	"fmt"
	"strings"

	"github.com/eiengine/eiengine/frames"
)

// Bundle is several queues in one element, such as multiqueue: what arrives at
// its pad sink_N leaves at src_N, in a goroutine of its own. When the pipeline is
// built, a node of its own takes the place of each such pair of pads, called by
// the name of the element, a colon and N; the element shows the sum of them. It
// sees no frames.
type Bundle interface {
	// Lane makes the queue of one pair of pads.
	Lane() Queuer
}

// splitBundles puts queues in the place of the pads of bundles.
func (b *builder) splitBundles() {
	for _, n := range b.nodes {
		if n.kind == kindBundle {
			b.split(n)
		}
	}
}

func (b *builder) split(n *node) {
	ways := map[string]*srcPad{}
	for _, p := range n.srcPads() {
		ways[strings.TrimPrefix(p.name, "src_")] = p
	}
	var lanes []*node
	for _, s := range n.sinkPads() {
		number := strings.TrimPrefix(s.name, "sink_")
		p, ok := ways[number]
		if !ok {
			b.problem(fmt.Errorf("%s: its pad %s is linked, but src_%s is not: link both", n.name, s.name, number))
			return
		}
		delete(ways, number)
		lane := b.addLane(n, number)
		lanes = append(lanes, lane)
		relink(s.peer.Load(), lane.sinkPads()[0])
		relink(lane.srcPads()[0], p.peer.Load())
	}
	for number := range ways {
		b.problem(fmt.Errorf("%s: its pad src_%s is linked, but sink_%s is not: link both", n.name, number, number))
		return
	}
	n.lanes = lanes
	for _, lane := range lanes {
		lane.queue.onEmpty = func() { wakeOthers(lanes, lane) }
	}
	n.sinks.Store(&[]*sinkPad{})
	n.srcs.Store(&[]*srcPad{})
}

// relink links two pads whatever they were linked to before.
func relink(src *srcPad, sink *sinkPad) {
	src.peer.Store(sink)
	sink.peer.Store(src)
}

// wakeOthers has producers that wait at full lanes look again: that one of the
// lanes is empty may have changed what the others may hold. It takes no lock.
func wakeOthers(lanes []*node, empty *node) {
	for _, lane := range lanes {
		if lane != empty {
			signal(lane.queue.notFull)
		}
	}
}

// addLane makes the node of one pair of pads.
func (b *builder) addLane(n *node, number string) *node {
	lane := b.newNode(&Factory{
		Name: n.factory.Name, Pads: []PadTemplate{SinkPad(frames.AnyCaps()), SrcPad(frames.AnyCaps())},
		New: func() Element { return n.elem.(Bundle).Lane() },
	}, n.name+":"+number)
	lane.bundle = n
	b.prepare(lane)
	b.nodes = append(b.nodes, lane)
	b.byName[lane.name] = lane
	return lane
}
