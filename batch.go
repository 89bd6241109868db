package eiengine

import (
	"errors"
	"fmt"

	"github.com/eiengine/eiengine/frames"
)

// takesBatches reports whether an element is handed batches as they are.
func takesBatches(e Element) bool {
	switch e.(type) {
	case BatchAware, PassThrough:
		return true
	}
	return false
}

// gather collects what an element pushes for the children of a batch and pushes
// it as batches, one for each pad and stretch of the same format.
type gather struct {
	like   *frames.Frame // whose times and metadata the batches get
	open   []gathered
	alive  bool // a push succeeded
	result error
}

type gathered struct {
	pad  *srcPad
	outs []*frames.Frame
}

// add takes a frame over. What becomes of it is known when its batch is pushed.
func (g *gather) add(pad *srcPad, f *frames.Frame) error {
	if f.IsBatch() {
		g.flush()
		g.push(pad, f)
		return nil
	}
	for i := range g.open {
		b := &g.open[i]
		if b.pad != pad {
			continue
		}
		if f.Format != b.outs[0].Format && !f.Format.Equal(b.outs[0].Format) {
			g.flush()
			break
		}
		b.outs = append(b.outs, f)
		return nil
	}
	g.open = append(g.open, gathered{pad, []*frames.Frame{f}})
	return nil
}

// flush pushes what was collected.
func (g *gather) flush() {
	open := g.open
	g.open = nil
	for _, b := range open {
		out := frames.NewBatch(b.outs[0].Format, b.outs)
		out.CopyTimes(g.like)
		g.push(b.pad, out)
	}
}

func (g *gather) push(pad *srcPad, f *frames.Frame) {
	switch err := pad.push(f); {
	case err == nil:
		g.alive = true
	case g.result == nil || !errors.Is(err, ErrFlushing):
		g.result = err
	}
}

// drop lets go of what was collected and goes nowhere.
func (g *gather) drop(c *Ctx) {
	for _, b := range g.open {
		for _, f := range b.outs {
			c.Drop(f)
		}
	}
	g.open = nil
}

// outcome is what the pushes came to: nil if somebody wants more.
func (g *gather) outcome() error {
	if g.alive {
		return nil
	}
	return g.result
}

// processBatch hands the children of a batch to an element one by one, and what
// comes out of it on as a batch.
func (n *node) processBatch(pad *sinkPad, f *frames.Frame) error {
	children, err := n.takeAlike(f)
	g := &gather{like: f}
	n.ctx.gather = g
	for i, child := range children {
		if err = n.process(pad, child); err != nil {
			err = n.dropAll(children[i+1:], err)
			break
		}
	}
	n.ctx.gather = nil
	if errors.Is(err, ErrFlushing) {
		g.drop(n.ctx)
	}
	g.flush()
	f.Release()
	if err != nil {
		return err
	}
	return g.outcome()
}

// takeAlike takes the children out of a batch; those that are not of its format
// are dropped and told. On error there are none.
func (n *node) takeAlike(f *frames.Frame) ([]*frames.Frame, error) {
	children := f.TakeChildren()
	alike := children[:0]
	for i, child := range children {
		odd := n.odd(f, child)
		if odd == nil {
			child.Format = f.Format
			alike = append(alike, child)
			continue
		}
		n.ctx.Drop(child)
		if err := n.judge(odd); err != nil {
			_ = n.dropAll(alike, err)
			return nil, n.dropAll(children[i+1:], err)
		}
	}
	return alike, nil
}

// odd says why a child cannot be processed like the others of its batch.
func (n *node) odd(f, child *frames.Frame) error {
	switch {
	case child.IsBatch():
		return errors.New("frame dropped: a batch stands inside of a batch")
	case child.Format != f.Format && !child.Format.Equal(f.Format):
		return fmt.Errorf("frame dropped: it is %v in a batch of %v", child.Format, f.Format)
	}
	return nil
}

// dropAll drops what is left when something ends early, and returns why it did.
func (n *node) dropAll(rest []*frames.Frame, err error) error {
	for _, f := range rest {
		n.ctx.Drop(f)
	}
	return err
}

// enqueueChildren has the frames of a batch wait at an aggregator one by one.
func (s *sinkPad) enqueueChildren(f *frames.Frame) error {
	n := s.node
	children, err := n.takeAlike(f)
	f.Release()
	for i, child := range children {
		if err = s.enqueue(n.agg.pads[s.index], item{frame: child, arrival: n.agg.arrivals.Add(1)}); err != nil {
			return n.dropAll(children[i+1:], err)
		}
	}
	return err
}
