package flow

import (
	"errors"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "concat", LongName: "Concat", Class: "Generic",
		Description: "Joins streams one after the other, in the order of the pads; the next one waits until the one before it has ended",
		Pads: []eiengine.PadTemplate{
			{Name: "sink_%u", Direction: eiengine.Sink, Presence: eiengine.OnRequest, Caps: frames.AnyCaps()},
			eiengine.SrcPad(frames.AnyCaps()),
		},
		New: func() eiengine.Element { return new(concat) },
	})
}

type concatProps struct {
	ActivePad  string `prop:"active-pad,readonly" null:"null" doc:"Name of the sink pad whose frames pass"`
	AdjustBase bool   `prop:"adjust-base" default:"true" doc:"Shift the times of each stream so that it begins where the one before it ended"`
}

type concat struct {
	eiengine.Settings[concatProps]
	eiengine.PadLister
	active    atomic.Int64
	base, end time.Duration // what is added to times, and the latest end so far
}

// Policy implements eiengine.Aggregator.
func (s *concat) Policy() eiengine.AggregatePolicy { return eiengine.AggregatePolicy{} }

// PassThrough implements eiengine.PassThrough.
func (s *concat) PassThrough() {}

// Start implements eiengine.Starter.
func (s *concat) Start(*eiengine.Ctx) error {
	s.active.Store(0)
	s.base, s.end = 0, 0
	return nil
}

// Stop implements eiengine.Starter.
func (s *concat) Stop(*eiengine.Ctx) error { return nil }

// Reads implements eiengine.Sequential: a stream is read when those before it
// have ended.
func (s *concat) Reads(in *eiengine.Inputs, pad int) bool {
	for before := int(s.active.Load()); before < pad; before++ {
		if !in.Ended(before) {
			return false
		}
	}
	return true
}

// advance makes a pad the active one, once something of it has been read.
func (s *concat) advance(c *eiengine.Ctx, pad int) {
	for n := int(s.active.Load()); n < pad; n++ {
		s.active.Store(int64(n + 1))
		c.Notify("active-pad", s.PadNames(eiengine.Sink)[n+1])
		s.base = s.end
	}
}

// shifted places a time in the joined stream.
func (s *concat) shifted(pts, duration time.Duration) time.Duration {
	if pts < 0 {
		return pts
	}
	if s.Load().AdjustBase {
		pts += s.base
	}
	s.end = max(s.end, pts+max(duration, 0))
	return pts
}

// TranslateSeek implements eiengine.SeekTranslator: streams that have ended are
// gone, and those to come have not begun.
func (s *concat) TranslateSeek(to eiengine.SeekEvent) (eiengine.SeekEvent, error) {
	return to, errors.New("it joins streams that it reads only once: seek in a pipeline for each of them")
}

// Aggregate implements eiengine.Aggregator.
func (s *concat) Aggregate(c *eiengine.Ctx, in *eiengine.Inputs) error {
	pad := in.Oldest()
	s.advance(c, pad)
	f := in.Take(pad)
	f.PTS = s.shifted(f.PTS, f.Duration)
	return c.Push(0, f)
}

// HandleEvent implements eiengine.EventHandler.
func (s *concat) HandleEvent(c *eiengine.Ctx, e eiengine.Event) (handled bool, err error) {
	switch e := e.(type) {
	case eiengine.GapEvent:
		s.advance(c, c.InPad())
		e.PTS = s.shifted(e.PTS, e.Duration)
		return true, c.SendEvent(e)
	case eiengine.SegmentEvent, eiengine.TagEvent, eiengine.TOCEvent, eiengine.CustomEvent:
		s.advance(c, c.InPad())
	}
	return false, nil
}

// ReadProperty implements eiengine.PropertyReader.
func (s *concat) ReadProperty(name string) (string, bool) {
	if name != "active-pad" {
		return "", false
	}
	if names, n := s.PadNames(eiengine.Sink), int(s.active.Load()); n < len(names) {
		return names[n], true
	}
	return "", true
}
