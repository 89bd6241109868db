package eiengine

import (
	"errors"
	"fmt"
	"slices"

	"github.com/eiengine/eiengine/frames"
)

// seekPlan is what a seek does to which element.
type seekPlan struct {
	to      SeekEvent
	nodes   []*node // that the new position concerns
	origins []*seekOrigin
	seeker  []SeekRange // what the seekers can do
	seen    map[*node]bool
}

// seekOrigin is a source, or whoever gives a stream of its own, and what it is
// asked for.
type seekOrigin struct {
	node   *node
	to     SeekEvent
	parser *node // who asks for bytes, nil if times are asked for
}

// planSeek asks all elements on the way from the sinks to the sources. All errors
// come before anything was changed.
func (p *Pipeline) planSeek(to SeekEvent) (*seekPlan, error) {
	plan := &seekPlan{to: to, seen: map[*node]bool{}}
	var problems []error
	for _, n := range p.snapshot() {
		if n.kind != kindSink || n.group.ending() || n.group.branch != nil && n.group.branch.isRemoved() {
			continue
		}
		if err := plan.visit(n, to, nil); err != nil {
			problems = append(problems, err)
		}
	}
	if len(problems) == 0 && len(plan.origins) == 0 {
		problems = append(problems, errors.New("it has no sink that a source is linked to"))
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("%s cannot seek: %w", p.name, errors.Join(slices.CompactFunc(problems, sameText)...))
	}
	return plan, nil
}

func sameText(a, b error) bool { return a.Error() == b.Error() }

func (s *seekPlan) visit(n *node, to SeekEvent, parser *node) error {
	if s.seen[n] {
		return nil
	}
	s.seen[n] = true
	s.nodes = append(s.nodes, n)
	refuse := func(err error) error { return &ElementError{Element: n.name, Err: err} }
	if l, ok := n.elem.(Live); ok && n.kind != kindFilter && l.IsLive() {
		return refuse(errors.New("it is live, and what it captures has no other place to go to"))
	}
	if t, ok := n.elem.(SeekTranslator); ok {
		var err error
		if to, err = t.TranslateSeek(to); err != nil {
			return refuse(err)
		}
	}
	if e, ok := n.elem.(Seeker); ok && parser == nil {
		r, err := e.SeekRange()
		if err != nil {
			return refuse(err)
		}
		s.seeker = append(s.seeker, r)
		if _, ok := n.elem.(OffsetSeeker); !ok {
			s.origins = append(s.origins, &seekOrigin{node: n, to: to})
			return nil
		}
		parser = n
	}
	if n.kind == kindSource {
		if err := n.canSeekBytes(parser); err != nil {
			return refuse(err)
		}
		s.origins = append(s.origins, &seekOrigin{node: n, to: to, parser: parser})
		return nil
	}
	var problems []error
	for _, pad := range n.sinkPads() {
		if from := pad.feeder(); from != nil {
			problems = append(problems, s.visit(from, to, parser))
		}
	}
	return errors.Join(problems...)
}

// canSeekBytes says why a source that does not count in time cannot seek.
func (n *node) canSeekBytes(parser *node) error {
	b, ok := n.elem.(ByteSeeker)
	switch {
	case !ok:
		return fmt.Errorf("%s has no other place in its stream to go to: seeking needs a source such as videotestsrc, audiotestsrc, multifilesrc or filesrc", n.factory.Name)
	case parser == nil:
		return fmt.Errorf("%s counts bytes, and nothing behind it knows which byte belongs to which time: that takes an element such as wavparse", n.factory.Name)
	}
	_, err := b.SeekSize()
	return err
}

// begin has the origin go on elsewhere, in its goroutine, and tells downstream.
func (o *seekOrigin) begin() error {
	n := o.node
	if n.kind == kindSource {
		n.limit = -1 // it counts by itself now
	}
	if o.parser == nil {
		return n.seekTo(o.to)
	}
	caller := n.enter()
	err := n.elem.(ByteSeeker).SeekByte(n.ctx, o.parser.elem.(OffsetSeeker).SeekOffset(o.to.Position))
	n.exit(caller)
	if err != nil {
		return err
	}
	return n.forward(offsetEvent{parser: o.parser, to: o.to})
}

// seekTo has a Seeker go on elsewhere and says from when on that is.
func (n *node) seekTo(to SeekEvent) error {
	caller := n.enter()
	was, err := n.elem.(Seeker).Seek(n.ctx, &to)
	n.exit(caller)
	if err != nil {
		return err
	}
	next := SegmentEvent{Start: to.Position, Stop: to.stop()}
	if before := n.currentSegment(); !to.Flush {
		next.Base = before.running(was)
	}
	n.segment.Store(&next)
	return n.forward(next)
}

// offsetEvent goes from a source of bytes to the element that asked for them.
type offsetEvent struct {
	parser *node
	to     SeekEvent
}

func (offsetEvent) eventName() string { return "offset" }

// Seekable is the part of the stream that Seek can go to. The error names the
// element that cannot seek.
func (p *Pipeline) Seekable() (SeekRange, error) {
	plan, err := p.planSeek(SeekEvent{})
	if err != nil {
		return SeekRange{}, err
	}
	whole := SeekRange{Stop: frames.NoTime}
	for i, r := range plan.seeker {
		whole.Start = max(whole.Start, r.Start)
		if i == 0 || r.Stop > whole.Stop {
			whole.Stop = r.Stop
		}
	}
	return whole, nil
}

// Segment is what the sinks play: PTS and running time where it begins, and where
// it ends, NoTime if no seek has set an end.
func (p *Pipeline) Segment() SegmentEvent {
	for _, n := range p.snapshot() {
		if n.kind == kindSink {
			return n.currentSegment()
		}
	}
	return wholeStream
}
