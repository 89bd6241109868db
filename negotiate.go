package eiengine

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/eiengine/eiengine/frames"
)

// ownLimit is what the element's settings allow on all of its pads.
func (n *node) ownLimit() frames.Caps {
	if l, ok := n.elem.(Limiter); ok {
		defer n.blame()
		return l.Limit()
	}
	return frames.AnyCaps()
}

// accepts reports whether a format may arrive at the pad.
func (n *node) accepts(s *sinkPad, f *frames.Format) bool {
	if f == frames.Untyped {
		return true
	}
	if !f.Caps().CanIntersect(s.template.Caps) {
		return false
	}
	if f.Caps().CanIntersect(n.ownLimit()) {
		n.outgoing.Store(nil)
		return true
	}
	before := n.outgoing.Load()
	return before != nil && f.Caps().CanIntersect(*before)
}

// answer is what a pad was found to accept. Elements in a row would otherwise ask
// all that follow again and again.
type answer struct {
	age  uint64 // of the pipeline's possibilities
	caps frames.Caps
}

// possibilities counts the changes of what the elements of a pipeline accept: of
// their properties, their links and their states.
type possibilities struct{ age atomic.Uint64 }

// change is called after each of them.
func (p *possibilities) change() {
	if p != nil {
		p.age.Add(1)
	}
}

// acceptable are the caps that may arrive at the pad, given everything behind it.
func (s *sinkPad) acceptable() frames.Caps {
	// The age comes first: what changes while the pads are asked makes the
	// answer old.
	age := s.node.pipe.possible.age.Load()
	if a := s.answer.Load(); a != nil && a.age == age {
		return a.caps
	}
	caps := s.ask()
	s.answer.Store(&answer{age, caps})
	return caps
}

// ask finds out what is acceptable.
func (s *sinkPad) ask() frames.Caps {
	n := s.node
	own := s.template.Caps.Intersect(n.ownLimit())
	if n.late || n.kind == kindBin || n.kind == kindSink {
		return own
	}
	for _, p := range n.srcPads() {
		peer := p.peer.Load()
		if peer == nil || !n.negotiatesWith(p) {
			continue
		}
		narrower := n.acceptableBy(own, p, peer)
		// A branch that takes nothing of it fails alone, when it is told.
		if !p.removable || !narrower.IsEmpty() {
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
func (n *node) acceptableBy(own frames.Caps, p *srcPad, peer *sinkPad) frames.Caps {
	defer n.blame()
	t, transforms := n.elem.(Transformer)
	down := peer.acceptable()
	if !transforms {
		return down.Intersect(own)
	}
	down = down.Intersect(p.template.Caps)
	// What can pass unchanged comes first.
	return passing(t, down.Intersect(own)).Union(t.Transform(down, Sink).Intersect(own))
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

// configure tells the element its formats, and the elements behind it theirs.
func (n *node) configure(in *frames.Format) error {
	if n.kind == kindSink || n.late {
		return n.tell(in, nil)
	}
	pads := n.srcPads()
	if len(pads) == 0 {
		return n.tell(in, nil)
	}
	out, err := n.chooseOutput(in, pads[0])
	if err != nil {
		n.fail(err)
		return ErrNotNegotiated
	}
	if err := n.tell(in, out); err != nil {
		return err
	}
	if n.kind == kindAsync {
		return n.window.event(FormatEvent{out})
	}
	var result error
	for _, p := range pads {
		if !n.negotiatesWith(p) {
			continue
		}
		if err := p.announce(out); err != nil && result == nil {
			result = err
		}
	}
	return result
}

// tell calls Configure. Its error fails the pipeline.
func (n *node) tell(in, out *frames.Format) error {
	c, ok := n.elem.(Configurer)
	if !ok {
		return nil
	}
	caller := n.enter()
	err := c.Configure(n.ctx, in, out)
	n.exit(caller)
	if err != nil {
		if isFlow(err) || n.group.void() {
			return err
		}
		n.fail(err)
		return ErrNotNegotiated
	}
	return nil
}

// chooseOutput picks what the element makes of its input: the same if it can
// pass, otherwise what is nearest to it among what downstream takes.
func (n *node) chooseOutput(in *frames.Format, p *srcPad) (*frames.Format, error) {
	t, ok := n.elem.(Transformer)
	if !ok || in == frames.Untyped {
		return in, nil
	}
	defer n.blame()
	possible := t.Transform(in.Caps(), Src).Intersect(p.template.Caps)
	allowed := possible
	if peer := p.peer.Load(); peer != nil {
		down := peer.acceptable()
		allowed = down.Intersect(possible)
		if allowed.IsEmpty() {
			return nil, n.mismatch(p, peer, possible, down)
		}
	}
	if _, repeats := n.elem.(Repeater); !repeats && in.Caps().IsSubsetOf(allowed) {
		return in, nil
	}
	f, err := frames.NewFormat(n.fixate(in, allowed))
	if err != nil {
		return nil, err
	}
	return f, nil
}

// fixate leaves one format: the element's choice first, then what is nearest to
// the input, then the default rules.
func (n *node) fixate(in *frames.Format, caps frames.Caps) frames.Caps {
	if f, ok := n.elem.(Fixater); ok {
		defer n.blame()
		caps = f.Fixate(in, caps)
	}
	if caps.IsFixed() || caps.IsAny() || caps.IsEmpty() {
		return caps
	}
	s := caps.Structures()[0]
	if in != nil && in != frames.Untyped {
		s = fixateLike(s, in.Caps().Structures()[0])
	}
	return frames.NewCaps(s).Fixate()
}

// fixateLike fixes the fields of s that like has to what is nearest there, and
// adds those that say nothing about what s leaves open.
func fixateLike(s, like frames.Structure) frames.Structure {
	for _, f := range like.Fields {
		if _, ok := s.Get(f.Name); !ok {
			continue
		}
		switch v := f.Value.(type) {
		case frames.Int:
			s = s.FixateInt(f.Name, int(v))
		case frames.Fraction:
			s = s.FixateFraction(f.Name, v)
		case frames.String:
			s = s.FixateString(f.Name, string(v))
		}
	}
	return s
}

// negotiateSource fixes the format of every source pad of a source: downstream
// suggests, the source decides.
func (n *node) negotiateSource() error {
	for _, p := range n.srcPads() {
		caps := p.template.Caps.Intersect(n.ownLimit())
		if peer := p.peer.Load(); peer != nil {
			down := peer.acceptable()
			both := caps
			if !down.IsAny() {
				// Of what both list the source's order counts, as in GStreamer.
				both = caps.Intersect(down)
			}
			if both.IsEmpty() {
				return n.mismatch(p, peer, caps, down)
			}
			// A source of bytes of any kind takes a name for them, but no guess.
			if !caps.IsAny() || both.IsFixed() {
				caps = both
			}
		}
		if n.late {
			continue
		}
		format := p.format
		if format == nil || !format.Caps().IsSubsetOf(caps) {
			var err error
			if format, err = frames.NewFormat(n.fixate(nil, caps)); err != nil {
				return err
			}
		}
		if err := n.tell(nil, format); err != nil {
			return err
		}
		if err := p.announce(format); err != nil {
			return err
		}
	}
	return nil
}

// mismatch says that two linked pads have no format in common.
func (n *node) mismatch(p *srcPad, peer *sinkPad, gives, takes frames.Caps) error {
	return &LinkError{
		From: n.name, To: peer.node.name,
		Reason: fmt.Sprintf("%s gives %s, but %s and what follows take %s", n.name, short(gives), peer.node.name, short(takes)),
		Remedy: n.pipe.engine.registry.mender(gives, takes),
	}
}

// refusal says that a format arrived that the pad cannot take.
func (n *node) refusal(s *sinkPad, f *frames.Format) error {
	from := "upstream"
	if up := s.peer.Load(); up != nil {
		from = up.node.name
	}
	takes := s.template.Caps.Intersect(n.ownLimit())
	return &LinkError{
		From: from, To: n.name,
		Reason: fmt.Sprintf("%s gives %s, but %s takes %s", from, f, n.name, short(takes)),
		Remedy: n.pipe.engine.registry.mender(f.Caps(), takes),
	}
}

// mender names an element that would make one out of the other: of several the
// one with the shortest name, which is the one that does least.
func (r *Registry) mender(gives, takes frames.Caps) string {
	var best *Factory
	for _, f := range r.All() {
		if f.Rank == 0 || len(f.Pads) != 2 || best != nil && len(best.Name) <= len(f.Name) {
			continue
		}
		in, out := f.padTemplates(Sink), f.padTemplates(Src)
		if len(in) != 1 || len(out) != 1 || !gives.CanIntersect(in[0].Caps) {
			continue
		}
		makes := out[0].Caps
		if t, ok := f.New().(Transformer); ok {
			makes = t.Transform(gives.Intersect(in[0].Caps), Src).Intersect(makes)
		}
		if makes.CanIntersect(takes) {
			best = f
		}
	}
	if best == nil {
		return ""
	}
	return fmt.Sprintf("put %s between them", best.Name)
}

// short keeps error lines readable: it names media types where caps are long.
func short(c frames.Caps) string {
	text := c.String()
	if len(text) <= 160 {
		return text
	}
	var media []string
	for _, s := range c.Structures() {
		if !slices.Contains(media, s.Media) {
			media = append(media, s.Media)
		}
	}
	if len(media) == 1 {
		return text[:150] + "…"
	}
	return strings.Join(media, ", ")
}
