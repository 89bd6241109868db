package eiengine

import (
	"fmt"
	"slices"
	"strings"

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
	before := n.outgoing.Load()
	old := before != nil && f.Caps().CanIntersect(*before)
	if !f.Caps().CanIntersect(n.ownLimit()) {
		return old
	}
	if before != nil && !old {
		n.outgoing.CompareAndSwap(before, nil) // unless it was changed again just now
	}
	return true
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
		down := peer.acceptable().caps
		allowed = possible.Intersect(down)
		if allowed.IsEmpty() {
			return nil, n.mismatch(p, peer, possible, down)
		}
	}
	_, repeats := n.elem.(Repeater)
	if !repeats && in.Caps().IsSubsetOf(n.preferred(allowed)) {
		return in, nil
	}
	out := n.fixate(in, allowed)
	if !repeats && out.Equal(in.Caps()) {
		return in, nil
	}
	return frames.NewFormat(out)
}

// preferred are the caps within which the input's format is taken as it is: those
// of which the element chooses have an order.
func (n *node) preferred(allowed frames.Caps) frames.Caps {
	s := allowed.Structures()
	if _, chooses := n.elem.(Fixater); !chooses || len(s) < 2 {
		return allowed
	}
	return frames.NewCaps(s[0])
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
		suggested := frames.AnyCaps()
		if peer := p.peer.Load(); peer != nil {
			down := peer.acceptable()
			suggested = down.caps
			both := down.among(caps)
			if both.IsEmpty() {
				return n.mismatch(p, peer, caps, down.caps)
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
			if format, err = frames.NewFormat(n.fixate(nil, n.choose(suggested, caps))); err != nil {
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

// choose lets a source that goes by wishes pick what it gives.
func (n *node) choose(suggested, caps frames.Caps) frames.Caps {
	s, ok := n.elem.(Suggestible)
	if !ok {
		return caps
	}
	defer n.blame()
	return s.FixateFor(suggested, caps)
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
