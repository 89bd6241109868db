package flow

import (
	"strconv"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "input-selector", LongName: "Input selector", Class: "Generic",
		Description: "Passes on one of several streams; which one may change while playing. It ends when that one ends",
		Pads: []eiengine.PadTemplate{
			{Name: "sink_%u", Direction: eiengine.Sink, Presence: eiengine.OnRequest, Caps: frames.AnyCaps()},
			eiengine.SrcPad(frames.AnyCaps()),
		},
		New: func() eiengine.Element { return new(inputSelector) },
	})
}

// syncMode says what the streams that do not pass keep pace with.
type syncMode int

const (
	syncActive syncMode = iota
	syncClock
)

// EnumValues implements eiengine.Enum.
func (syncMode) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(syncActive), Nick: "active-segment", Name: "Sync using the current active segment"},
		{Value: int(syncClock), Nick: "clock", Name: "Sync using the clock"},
	}
}

type inputSelectorProps struct {
	ActivePad     string   `prop:"active-pad,live" null:"null" doc:"Name of the sink pad whose frames pass, such as sink_1; if empty, the first one"`
	CacheBuffers  bool     `prop:"cache-buffers" doc:"Accepted without effect: what a pad brings while another one is active is not shown later"`
	DropBackwards bool     `prop:"drop-backwards" doc:"After a switch, drop frames that are older than what has passed"`
	NPads         uint     `prop:"n-pads,readonly" doc:"Number of sink pads"`
	SyncMode      syncMode `prop:"sync-mode" default:"active-segment" doc:"What the streams that do not pass keep pace with"`
	SyncStreams   bool     `prop:"sync-streams" default:"true" doc:"Let the streams that do not pass keep pace, so that a switch is seamless; otherwise their frames are dropped as they come"`
}

// inputSelector passes the frames of one pad on. The others wait with their next
// frame until its time has passed too, and drop it then.
type inputSelector struct {
	eiengine.Settings[inputSelectorProps]
	eiengine.PadLister
	active   int
	begun    bool          // a frame has passed
	end      time.Duration // of the frame that passed last
	newest   time.Duration // the latest PTS that passed
	switched bool          // since a frame passed
}

// Policy implements eiengine.Aggregator.
func (s *inputSelector) Policy() eiengine.AggregatePolicy { return eiengine.AggregatePolicy{} }

// PassThrough implements eiengine.PassThrough.
func (s *inputSelector) PassThrough() {}

// Start implements eiengine.Starter.
func (s *inputSelector) Start(*eiengine.Ctx) error {
	s.begun, s.switched, s.end, s.newest = false, false, frames.NoTime, frames.NoTime
	return s.choose()
}

// Stop implements eiengine.Starter.
func (s *inputSelector) Stop(*eiengine.Ctx) error { return nil }

// choose takes up active-pad. A wrong name is replaced by that of the pad in use.
func (s *inputSelector) choose() error {
	names, asked := s.PadNames(eiengine.Sink), s.Load().ActivePad
	n, err := padNumber(names, asked)
	if err == nil {
		s.active = n
	}
	if s.active < len(names) {
		s.Update(func(p *inputSelectorProps) {
			if p.ActivePad == asked { // not chosen anew meanwhile
				p.ActivePad = names[s.active]
			}
		})
	}
	return err
}

// PropertyChanged implements eiengine.PropertyWatcher.
func (s *inputSelector) PropertyChanged(_ *eiengine.Ctx, name string) error {
	if name != "active-pad" {
		return nil
	}
	before := s.active
	err := s.choose()
	s.switched = s.switched || s.active != before
	return err
}

// Aggregate implements eiengine.Aggregator.
func (s *inputSelector) Aggregate(c *eiengine.Ctx, in *eiengine.Inputs) error {
	if in.Ended(s.active) {
		return eiengine.ErrEOS
	}
	p := s.Load()
	if in.Peek(s.active) != nil {
		if err := s.pass(c, p, in.Take(s.active)); err != nil {
			return err
		}
	}
	for pad := range in.Pads() {
		if f := in.Peek(pad); pad != s.active && f != nil && s.isOver(c, p, f) {
			c.Drop(in.Take(pad))
		}
	}
	return nil
}

// pass consumes a frame of the active pad.
func (s *inputSelector) pass(c *eiengine.Ctx, p *inputSelectorProps, f *frames.Frame) error {
	if p.DropBackwards && f.PTS >= 0 && f.PTS < s.newest {
		c.Drop(f)
		return nil
	}
	if s.switched {
		s.switched = false
		f.Flags |= frames.Discont
	}
	s.begun, s.end, s.newest = true, endOf(f), max(s.newest, f.PTS)
	return c.Push(0, f)
}

// isOver reports whether a frame that does not pass need not wait any more.
func (s *inputSelector) isOver(c *eiengine.Ctx, p *inputSelectorProps, f *frames.Frame) bool {
	switch end := endOf(f); {
	case !p.SyncStreams || end < 0:
		return true
	case p.SyncMode == syncClock:
		return end <= c.Running()
	default:
		return s.begun && (s.end < 0 || end <= s.end)
	}
}

// endOf is the time up to which a frame lasts, NoTime if it has none.
func endOf(f *frames.Frame) time.Duration {
	if f.PTS < 0 {
		return frames.NoTime
	}
	return f.PTS + max(f.Duration, 0)
}

// HandleEvent implements eiengine.EventHandler: what other streams say is not
// about the one that passes.
func (s *inputSelector) HandleEvent(c *eiengine.Ctx, e eiengine.Event) (handled bool, err error) {
	switch e.(type) {
	case eiengine.GapEvent, eiengine.SegmentEvent, eiengine.TagEvent, eiengine.TOCEvent, eiengine.CustomEvent, eiengine.FlushEvent:
		return c.InPad() != s.active, nil
	}
	return false, nil
}

// ReadProperty implements eiengine.PropertyReader.
func (s *inputSelector) ReadProperty(name string) (string, bool) {
	if name != "n-pads" {
		return "", false
	}
	return strconv.Itoa(len(s.PadNames(eiengine.Sink))), true
}
