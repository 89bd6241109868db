package flow

import (
	"errors"
	"math/rand/v2"
	"os"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "identity", LongName: "Identity", Class: "Generic",
		Description: "Passes data on unchanged; fails, ends, delays or drops when told to",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps()), eiengine.SrcPad(frames.AnyCaps())},
		New:         func() eiengine.Element { return new(identity) },
	})
}

type identityProps struct {
	SleepTime       uint    `prop:"sleep-time,live" doc:"Microseconds to wait before each frame is passed on"`
	ErrorAfter      int     `prop:"error-after,live" default:"-1" min:"-1" doc:"Fail at the frame of this number, counted from 1; -1 for never"`
	EOSAfter        int     `prop:"eos-after,live" default:"-1" min:"-1" doc:"End the stream instead of passing on the frame of this number, counted from 1; -1 for never"`
	DropProbability float64 `prop:"drop-probability,live" min:"0" max:"1" doc:"The chance of each frame to be dropped"`
	Dump            bool    `prop:"dump,live" doc:"Print the bytes of each frame to standard output"`
	Sync            bool    `prop:"sync" doc:"Pass frames on when they are due by the pipeline's clock"`
	TSOffset        int64   `prop:"ts-offset,live" doc:"Nanoseconds added to the time at which a frame is due, for sync"`
	silentProps
}

type identity struct {
	eiengine.Settings[identityProps]
	lastMessage
	untilError, untilEOS int // frames to come, 0 for never
}

// Start implements eiengine.Starter.
func (i *identity) Start(*eiengine.Ctx) error {
	p := i.Load()
	i.untilError, i.untilEOS = p.ErrorAfter, p.EOSAfter
	return nil
}

// Stop implements eiengine.Starter.
func (i *identity) Stop(*eiengine.Ctx) error { return nil }

// PropertyChanged implements eiengine.PropertyWatcher: counting begins anew.
func (i *identity) PropertyChanged(_ *eiengine.Ctx, name string) error {
	switch name {
	case "error-after":
		i.untilError = i.Load().ErrorAfter
	case "eos-after":
		i.untilEOS = i.Load().EOSAfter
	}
	return nil
}

// IsLive implements eiengine.Live: waiting for the clock, it gives nothing while
// the pipeline is paused.
func (i *identity) IsLive() bool { return i.Load().Sync }

var errAsRequested = errors.New("failed after as many frames as error-after requested")

// Process implements eiengine.Filter.
func (i *identity) Process(c *eiengine.Ctx, in *frames.Frame) error {
	p := i.Load()
	if i.untilError > 0 {
		if i.untilError--; i.untilError == 0 {
			c.Drop(in)
			return eiengine.Fatal(errAsRequested)
		}
	}
	switch {
	case i.untilEOS == 1: // and so for every frame that still comes
		c.Drop(in)
		return eiengine.ErrEOS
	case i.untilEOS > 1:
		i.untilEOS--
	}
	if p.DropProbability > 0 && rand.Float64() < p.DropProbability {
		c.Drop(in)
		return nil
	}
	if !p.Silent {
		i.tell(c, describe("chain", c.Name(), "sink", in))
	}
	if p.Dump {
		if err := dump(os.Stdout, in.Bytes()); err != nil {
			c.Warn(err)
		}
	}
	if err := i.delay(c, p, in); err != nil {
		c.Drop(in)
		return err
	}
	return c.Push(0, in)
}

// delay waits until the frame may go.
func (i *identity) delay(c *eiengine.Ctx, p *identityProps, in *frames.Frame) error {
	if p.Sync && in.PTS >= 0 {
		if err := c.WaitUntil(in.PTS + time.Duration(p.TSOffset)); err != nil {
			return err
		}
	}
	if p.SleepTime == 0 {
		return nil
	}
	until := c.Now() + time.Duration(p.SleepTime)*time.Microsecond
	if err := c.Engine().Clock().WaitUntil(c.Context(), until); err != nil {
		return eiengine.ErrFlushing
	}
	return nil
}
