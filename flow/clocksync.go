package flow

import (
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "clocksync", LongName: "ClockSync", Class: "Generic",
		Description: "Passes frames on when they are due by the pipeline's clock, so that files play as if live",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps()), eiengine.SrcPad(frames.AnyCaps())},
		New:         func() eiengine.Element { return new(clockSync) },
	})
}

type clockSyncProps struct {
	Sync        bool  `prop:"sync" default:"true" doc:"Wait until frames are due; false passes them on at once"`
	SyncToFirst bool  `prop:"sync-to-first" doc:"Have the first frame be due when it comes, by setting ts-offset"`
	TSOffset    int64 `prop:"ts-offset,live" doc:"Nanoseconds added to the time at which a frame is due"`
}

// clockSync lets late frames pass at once; a queue behind it that leaks drops those
// that nobody takes in time, as a camera does.
type clockSync struct {
	eiengine.Settings[clockSyncProps]
	begun bool // the first frame came, with sync-to-first
}

// IsLive implements eiengine.Live: waiting for the clock, it gives nothing while the
// pipeline is paused.
func (s *clockSync) IsLive() bool { return s.Load().Sync }

// Start implements eiengine.Starter.
func (s *clockSync) Start(*eiengine.Ctx) error {
	s.begun = false
	return nil
}

// Stop implements eiengine.Starter.
func (s *clockSync) Stop(*eiengine.Ctx) error { return nil }

// Flush implements eiengine.Flusher: the next frame is a first one.
func (s *clockSync) Flush(*eiengine.Ctx) { s.begun = false }

// Process implements eiengine.Filter.
func (s *clockSync) Process(c *eiengine.Ctx, in *frames.Frame) error {
	p := s.Load()
	if !p.Sync || in.PTS < 0 {
		return c.Push(0, in)
	}
	due := c.RunningTime(in.PTS)
	if p.SyncToFirst && !s.begun {
		s.begun = true
		s.Update(func(p *clockSyncProps) { p.TSOffset = int64(c.Running() - due) })
		p = s.Load()
	}
	if err := c.WaitUntil(due + time.Duration(p.TSOffset)); err != nil {
		c.Drop(in)
		return err
	}
	return c.Push(0, in)
}

// HandleEvent implements eiengine.EventHandler: a gap takes its time as a frame does.
func (s *clockSync) HandleEvent(c *eiengine.Ctx, e eiengine.Event) (handled bool, err error) {
	gap, ok := e.(eiengine.GapEvent)
	if p := s.Load(); ok && p.Sync && gap.PTS >= 0 {
		err = c.WaitUntil(c.RunningTime(gap.PTS) + time.Duration(p.TSOffset))
	}
	return false, err
}
