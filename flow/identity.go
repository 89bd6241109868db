package flow

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync/atomic"
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
	CheckImperfectOffset    bool        `prop:"check-imperfect-offset,live" doc:"Say so on the bus when the number of a frame does not follow that of the one before it"`
	CheckImperfectTimestamp bool        `prop:"check-imperfect-timestamp,live" doc:"Say so on the bus when a frame does not begin where the one before it ended"`
	DataRate                int         `prop:"datarate,live" min:"0" doc:"Bytes per second by which frames get new times, 0 to leave those they have"`
	DropAllocation          bool        `prop:"drop-allocation" doc:"Accepted without effect: all memory comes from the engine and is not negotiated"`
	DropBufferFlags         bufferFlags `prop:"drop-buffer-flags,live" doc:"Drop frames that carry one of these flags"`
	DropProbability         float64     `prop:"drop-probability,live" min:"0" max:"1" doc:"The chance of each frame to be dropped"`
	Dump                    bool        `prop:"dump,live" doc:"Print the bytes of each frame to standard output"`
	EOSAfter                int         `prop:"eos-after,live" default:"-1" min:"-1" doc:"End the stream instead of passing on the frame of this number, counted from 1; -1 for never"`
	ErrorAfter              int         `prop:"error-after,live" default:"-1" min:"-1" doc:"Fail at the frame of this number, counted from 1; -1 for never"`
	QoS                     bool        `prop:"qos" doc:"Accepted without effect: an element that passes frames on has nothing to save when they are late"`
	SignalHandoffs          bool        `prop:"signal-handoffs,live" default:"true" doc:"Show each frame to those who are connected to the signal handoff"`
	SingleSegment           bool        `prop:"single-segment,live" doc:"Hide seeks from what follows: times become running times"`
	SleepTime               uint        `prop:"sleep-time,live" doc:"Microseconds to wait before each frame is passed on"`
	Stats                   string      `prop:"stats,readonly" null:"null" doc:"Bytes and frames that came so far"`
	Sync                    bool        `prop:"sync" doc:"Pass frames on when they are due by the pipeline's clock"`
	TSOffset                int64       `prop:"ts-offset,live" doc:"Nanoseconds added to the time at which a frame is due, for sync"`
	silentProps
	handoffProps
}

type identity struct {
	eiengine.Settings[identityProps]
	lastMessage
	untilError, untilEOS int           // frames to come, 0 for never
	before               previous      // frame
	bytes, count         atomic.Uint64 // that came
}

// Start implements eiengine.Starter.
func (i *identity) Start(*eiengine.Ctx) error {
	p := i.Load()
	i.untilError, i.untilEOS = p.ErrorAfter, p.EOSAfter
	i.before = previous{}
	i.bytes.Store(0)
	i.count.Store(0)
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
	i.check(c, p, in)
	position := byteTime(i.bytes.Load(), p.DataRate)
	i.bytes.Add(uint64(in.Size()))
	i.count.Add(1)
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
	if p.DropBufferFlags.has(in.Flags) {
		c.Drop(in)
		return nil
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
	if p.DataRate > 0 {
		in.PTS = position
		in.Duration = byteTime(uint64(in.Size()), p.DataRate)
	}
	p.handOff(p.SignalHandoffs, in)
	if err := i.delay(c, p, in); err != nil {
		c.Drop(in)
		return err
	}
	if p.SingleSegment {
		in.PTS = c.RunningTime(in.PTS)
	}
	return c.Push(0, in)
}

// check says what is wrong with the times and numbers of the stream.
func (i *identity) check(c *eiengine.Ctx, p *identityProps, in *frames.Frame) {
	if p.CheckImperfectTimestamp {
		if m := i.before.timestamp(in); m != nil {
			c.Post(m)
		}
	}
	if p.CheckImperfectOffset {
		if m := i.before.numbering(in); m != nil {
			c.Post(m)
		}
	}
	i.before.note(in)
}

// byteTime is how long it takes to pass so many bytes at a rate per second.
func byteTime(bytes uint64, rate int) time.Duration {
	if rate <= 0 {
		return frames.NoTime
	}
	seconds, rest := bytes/uint64(rate), bytes%uint64(rate)
	return time.Duration(seconds)*time.Second + time.Duration(rest)*time.Second/time.Duration(rate)
}

// HandleEvent implements eiengine.EventHandler.
func (i *identity) HandleEvent(_ *eiengine.Ctx, e eiengine.Event) (handled bool, err error) {
	_, segment := e.(eiengine.SegmentEvent)
	return segment && i.Load().SingleSegment, nil
}

// ReadProperty implements eiengine.PropertyReader.
func (i *identity) ReadProperty(name string) (string, bool) {
	if name != "stats" {
		return i.lastMessage.ReadProperty(name)
	}
	return fmt.Sprintf("application/x-identity-stats, num-bytes=(guint64)%d, num-buffers=(guint64)%d;", i.bytes.Load(), i.count.Load()), true
}

// delay waits until the frame may go.
func (i *identity) delay(c *eiengine.Ctx, p *identityProps, in *frames.Frame) error {
	if p.Sync && in.PTS >= 0 {
		if err := c.WaitUntil(c.RunningTime(in.PTS) + time.Duration(p.TSOffset)); err != nil {
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
