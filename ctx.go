package eiengine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
)

// Ctx is what an element knows of the world. It belongs to one element of one
// pipeline and is valid as long as that; unless a method says otherwise it is
// used in calls of the element only.
type Ctx struct {
	node *node
	// inPad is the sink pad that the frame being processed came in by.
	inPad int
	// gather takes what is pushed while a batch is processed child by child; nil
	// otherwise.
	gather *gather
	// read is the context of the Read call under way, for sources, kept from one
	// call to the next.
	read    context.Context
	reading bool
	// standing says that the element is opened, started or stopped.
	standing bool
}

// Name is the element's name in its pipeline.
func (c *Ctx) Name() string { return c.node.name }

// Engine is the engine that the pipeline belongs to.
func (c *Ctx) Engine() *Engine { return c.node.pipe.engine }

// Context ends when the element must return: its branch stops, a seek made void
// what is under way, or, in Read of a source, there is something else to do first.
// In Open and Start it is that of the whole run, which only the stop of the branch
// ends. What it returns may be handed to other goroutines.
func (c *Ctx) Context() context.Context {
	switch {
	case c.reading:
		return c.read
	case c.standing:
		return c.node.group.whole()
	}
	return c.node.group.context()
}

// Log is for developers; users are told by Post and Warn.
func (c *Ctx) Log() *slog.Logger {
	return c.node.pipe.engine.log.With("element", c.node.name, "kind", c.node.factory.Name)
}

// Push hands a frame to whatever is linked to the source pad and consumes it. It
// returns when downstream has dealt with it, or nil at once if a queue took it.
// An error must be returned by the caller.
func (c *Ctx) Push(pad int, f *frames.Frame) error {
	pads := *c.node.srcs.Load()
	if pad >= len(pads) {
		c.Drop(f)
		return ErrNotLinked
	}
	if c.gather != nil {
		return c.gather.add(pads[pad], f)
	}
	return pads[pad].push(f)
}

// Broadcast pushes the frame to every source pad; all but the last get a Share.
// A pad that is going away is passed over.
func (c *Ctx) Broadcast(f *frames.Frame) error {
	pads := *c.node.srcs.Load()
	if len(pads) == 0 {
		c.Drop(f)
		return ErrNotLinked
	}
	var alive int
	var result error
	for i, p := range pads {
		out := f
		if i < len(pads)-1 {
			out = f.Share()
		}
		if c.gather != nil {
			_ = c.gather.add(p, out) // its pushes are judged when all children are done
			alive++
			continue
		}
		switch err := p.push(out); {
		case err == nil:
			alive++
		case result == nil || !errors.Is(err, ErrFlushing):
			result = err
		}
	}
	if alive > 0 {
		return nil
	}
	return result
}

// SrcPads is the number of source pads.
func (c *Ctx) SrcPads() int { return len(*c.node.srcs.Load()) }

// InPad is the sink pad that the frame being processed came in by.
func (c *Ctx) InPad() int { return c.inPad }

// InFormat is the format of what arrives at a sink pad; nil before it is known.
func (c *Ctx) InFormat(pad int) *frames.Format { return (*c.node.sinks.Load())[pad].format }

// OutFormat is the format of a source pad; nil before it is known.
func (c *Ctx) OutFormat(pad int) *frames.Format { return (*c.node.srcs.Load())[pad].format }

// SetFormat announces the format of the frames that the pad will push from now
// on. Elements that are LateFormat call it; an error must be returned.
func (c *Ctx) SetFormat(pad int, f *frames.Format) error {
	if c.gather != nil {
		c.gather.flush()
	}
	return (*c.node.srcs.Load())[pad].announce(f)
}

// NewFrame takes a frame of raw video in the pad's format, contents undefined,
// from the engine's memory. At the budget it waits, or, in a live source,
// returns frames.ErrBudget: drop what was captured and go on.
func (c *Ctx) NewFrame(pad int) (*frames.Frame, error) {
	format := c.OutFormat(pad)
	if format == nil || format.FrameSize() == 0 {
		return nil, Fatal(fmt.Errorf("the size of a frame of %v is not known", format))
	}
	return c.NewBuffer(format, format.FrameSize())
}

// NewBuffer takes a frame of size bytes, contents undefined, like NewFrame.
func (c *Ctx) NewBuffer(format *frames.Format, size int) (*frames.Frame, error) {
	m, err := c.alloc(size)
	if err != nil {
		return nil, err
	}
	return frames.NewFrame(format, m), nil
}

func (c *Ctx) alloc(size int) (*frames.Memory, error) {
	n := c.node
	if n.live {
		m, err := n.account.Load().TryAlloc(size)
		if errors.Is(err, frames.ErrBudget) {
			n.dropped.Add(1)
			n.pipe.warn(n.name, fmt.Errorf("frame dropped: %s", n.pipe.engine.pool.Report()))
		}
		return m, err
	}
	m, err := n.account.Load().Alloc(c.Context(), size)
	if err != nil && c.Context().Err() != nil {
		return nil, ErrFlushing
	}
	return m, err
}

// Writable makes the frame's bytes its own, copying them if they are shared.
func (c *Ctx) Writable(f *frames.Frame) error {
	if f.Memory().Exclusive() && !f.IsBatch() {
		return nil
	}
	if err := f.Writable(c.Context(), c.node.account.Load()); err != nil {
		if c.Context().Err() != nil {
			return ErrFlushing
		}
		return err
	}
	return nil
}

// Drop releases a frame that goes nowhere and counts it. Any goroutine may call it.
func (c *Ctx) Drop(f *frames.Frame) {
	c.node.dropped.Add(1)
	f.Release()
}

// Post publishes something the element has to say. Any goroutine may call it.
func (c *Ctx) Post(p bus.Payload) { c.node.pipe.post(bus.TypeElement, c.node.name, p) }

// Buffering tells how full the element's queues are. Any goroutine may call it.
func (c *Ctx) Buffering(b *bus.Buffering) {
	n := c.node
	if n.bundle != nil {
		n = n.bundle
	}
	n.pipe.post(bus.TypeBuffering, n.name, b)
}

// Notify tells that a property of the element changed by itself, such as a
// last-message. Any goroutine may call it.
func (c *Ctx) Notify(property, value string) {
	n := c.node
	n.pipe.post(bus.TypePropertyNotify, n.pipe.name, &bus.PropertyNotify{
		Element: n.name, Kind: n.factory.Name, Property: property, Value: value,
	})
}

// Inform tells the user something worth knowing. Any goroutine may call it.
func (c *Ctx) Inform(text string) {
	c.node.pipe.post(bus.TypeInfo, c.node.name, &bus.Info{Text: text})
}

// Warn tells the user of something that went wrong without ending the stream.
// The rate is bounded. Any goroutine may call it.
func (c *Ctx) Warn(err error) { c.node.pipe.warn(c.node.name, err) }

// Fail fails the pipeline, or the added branch that the element is in, for errors
// that come up outside of a call. Any goroutine may call it.
func (c *Ctx) Fail(err error) { c.node.fail(err) }

// Now is the engine's clock, for Frame.Mono. Any goroutine may call it.
func (c *Ctx) Now() time.Duration { return c.node.pipe.engine.clock.Now() }

// Running is the pipeline's running time: zero when it began to play, standing
// still while it is paused. Any goroutine may call it.
func (c *Ctx) Running() time.Duration { return c.node.pipe.Running() }

// Latency is the pipeline's: a sink that is in time presents a frame at
// RunningTime(PTS) plus this much. Any goroutine may call it.
func (c *Ctx) Latency() time.Duration { return c.node.pipe.Latency() }

// WaitUntil returns when the running time reaches t. The error must be returned.
func (c *Ctx) WaitUntil(t time.Duration) error {
	return c.node.waitRunning(c.Context(), t)
}

// SendEvent sends an event downstream by every source pad, or, for upstream
// events, to whoever feeds the element. A SeekEvent concerns the whole pipeline, as
// by Pipeline.Seek; that it cannot be done is told as a warning.
func (c *Ctx) SendEvent(e Event) error {
	switch e := e.(type) {
	case SeekEvent:
		go c.node.askSeek(e)
		return nil
	case ForceKeyFrameEvent, ReconfigureEvent, QoSEvent:
		c.node.sendUpstream(e)
		return nil
	}
	if c.gather != nil {
		c.gather.flush()
	}
	return c.node.forward(e)
}
