package eiengine

import (
	"slices"
	"sync/atomic"

	"github.com/eiengine/eiengine/frames"
)

// possibilities counts the changes of what the elements of a pipeline accept: of
// their properties, their links and their states.
type possibilities struct{ age atomic.Uint64 }

// change is called after each of them.
func (p *possibilities) change() {
	if p != nil {
		p.age.Add(1)
	}
}

// answer is what a pad was found to accept. Pads keep theirs: elements in a row
// would otherwise ask all that follows again and again.
type answer struct {
	age  uint64 // of the pipeline's possibilities
	caps frames.Caps
	// ordered: the order within lists is the wish of an element behind the pad, not
	// just that of a template. As in GStreamer, queues, tees and filters of caps
	// pass on no wishes.
	ordered bool
}

// among is what is acceptable of caps, in the order of preference that counts:
// that of caps, unless what is behind the pad has wishes.
func (a *answer) among(caps frames.Caps) frames.Caps {
	switch {
	case a.caps.IsAny():
		return caps
	case a.ordered && len(caps.Structures()) == 1:
		return a.caps.Intersect(caps)
	}
	return caps.Intersect(a.caps)
}

// acceptable is what may arrive at the pad, given everything behind it.
func (s *sinkPad) acceptable() *answer {
	// The age comes first: what changes while the pads are asked makes the
	// answer old.
	age := s.node.pipe.possible.age.Load()
	if a := s.answer.Load(); a != nil && a.age == age {
		return a
	}
	a := s.ask()
	a.age = age
	s.answer.Store(a)
	return a
}

// ask finds out what is acceptable.
func (s *sinkPad) ask() *answer {
	n := s.node
	own := &answer{caps: s.template.Caps.Intersect(n.ownLimit())}
	if n.late || n.kind == kindBin || n.kind == kindSink {
		return own
	}
	for _, p := range n.srcPads() {
		peer := p.peer.Load()
		if peer == nil || !n.negotiatesWith(p) {
			continue
		}
		narrower := n.acceptableBy(own.caps, p, peer)
		// A branch that takes nothing of it fails alone, when it is told.
		if !p.removable || !narrower.caps.IsEmpty() {
			own = narrower
		}
	}
	return own
}

// negotiatesWith reports whether what is behind the pad has a say in the format.
func (n *node) negotiatesWith(p *srcPad) bool {
	c, ok := n.elem.(OutputChooser)
	return !ok || c.NegotiatesWith(slices.Index(n.srcPads(), p))
}

// acceptableBy narrows what may arrive by what one peer behind the node takes.
func (n *node) acceptableBy(own frames.Caps, p *srcPad, peer *sinkPad) *answer {
	defer n.blame()
	t, transforms := n.elem.(Transformer)
	down := peer.acceptable()
	if !transforms {
		return &answer{caps: down.caps.Intersect(own), ordered: down.ordered && n.passesWishes()}
	}
	caps := down.caps.Intersect(p.template.Caps)
	// What can pass unchanged comes first.
	unchanged := own.Intersect(caps)
	if down.ordered {
		unchanged = caps.Intersect(own)
	}
	return &answer{
		caps:    passing(t, unchanged).Union(t.Transform(caps, Sink).Intersect(own)),
		ordered: down.ordered || wishes(t, own),
	}
}

// passesWishes reports whether the order of what is behind the node counts before it.
func (n *node) passesWishes() bool {
	_, limits := n.elem.(Limiter)
	requested := func(t PadTemplate) bool { return t.Presence == OnRequest }
	return n.kind == kindFilter && !limits && !slices.ContainsFunc(n.factory.Pads, requested)
}

// wishes reports whether an element that takes own has an order of preference:
// converters do between the formats that they leave open, and encoders of pictures
// between those that they take.
func wishes(t Transformer, own frames.Caps) bool {
	if own.IsEmpty() || own.IsAny() {
		return false
	}
	for _, s := range t.Transform(own.Fixate(), Src).Structures() {
		if s.Media != frames.VideoRaw && own.Structures()[0].Media == frames.VideoRaw {
			return true
		}
		if format, _ := s.Get("format"); isList(format) {
			return true
		}
	}
	return false
}

func isList(v frames.Value) bool {
	_, list := v.(frames.List)
	return list
}

// passing leaves of caps what can go through an element unchanged: one that crops
// never gives what it takes.
func passing(t Transformer, caps frames.Caps) frames.Caps {
	var pass []frames.Structure
	for _, s := range caps.Structures() {
		if one := frames.NewCaps(s); one.IsSubsetOf(t.Transform(one, Src)) {
			pass = append(pass, s)
		}
	}
	return frames.NewCaps(pass...)
}
