package convert

import (
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "audiorate", LongName: "Audio rate adjuster", Class: "Filter/Effect/Audio",
		Description: "Fills gaps in sound with silence and cuts off what overlaps, so that no sample is missing or doubled",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(rawAudio()), eiengine.SrcPad(rawAudio())},
		New:         func() eiengine.Element { return new(audioRate) },
	})
}

type audioRateProps struct {
	Tolerance   uint64 `prop:"tolerance,live" default:"40000000" doc:"Times may be off by this much without anything being done, in nanoseconds"`
	SkipToFirst bool   `prop:"skip-to-first" default:"false" doc:"Begin with the time of the first sound rather than with silence before it"`
	Silent      bool   `prop:"silent,live" default:"true" doc:"Do not tell the bus of samples added and dropped"`

	In      uint64 `prop:"in,readonly" doc:"Samples that came in, of each channel"`
	Out     uint64 `prop:"out,readonly" doc:"Samples that went out"`
	Added   uint64 `prop:"add,readonly" doc:"Samples of silence added"`
	Dropped uint64 `prop:"drop,readonly" doc:"Samples cut off"`
}

// audioRate counts samples from time 0 on: each has its place.
type audioRate struct {
	eiengine.Settings[audioRateProps]
	in, out, added, dropped atomic.Uint64

	format *frames.Format
	begun  bool
	next   int64 // the sample that is due
	jump   bool
}

// Start implements eiengine.Starter.
func (a *audioRate) Start(*eiengine.Ctx) error {
	a.begun, a.next, a.jump = false, 0, true
	for _, n := range []*atomic.Uint64{&a.in, &a.out, &a.added, &a.dropped} {
		n.Store(0)
	}
	return nil
}

// Stop implements eiengine.Starter.
func (a *audioRate) Stop(*eiengine.Ctx) error { return nil }

// Flush implements eiengine.Flusher.
func (a *audioRate) Flush(*eiengine.Ctx) { a.begun, a.next, a.jump = false, 0, true }

// HandleEvent implements eiengine.EventHandler: after a seek sound is due from
// there on.
func (a *audioRate) HandleEvent(_ *eiengine.Ctx, e eiengine.Event) (handled bool, err error) {
	if s, ok := e.(eiengine.SegmentEvent); ok && a.format != nil {
		a.begun, a.next, a.jump = false, place(s.Start, a.format.Audio.Rate), true
	}
	return false, nil
}

// Configure implements eiengine.Configurer.
func (a *audioRate) Configure(_ *eiengine.Ctx, in, _ *frames.Format) error {
	if in == frames.Untyped {
		return errUntyped
	}
	if a.format != nil {
		// The same moment in samples of the new rate.
		a.next = place(moment(a.next, a.format.Audio.Rate), in.Audio.Rate)
	}
	a.format = in
	return nil
}

// place is the sample at a time, moment the time of a sample; both are rounded, as
// GStreamer's audiorate does.
func place(at time.Duration, rate int) int64 {
	sec, rest := at/time.Second, at%time.Second
	return int64(sec)*int64(rate) + (int64(rest)*int64(rate)+int64(time.Second)/2)/int64(time.Second)
}

func moment(sample int64, rate int) time.Duration {
	sec, rest := sample/int64(rate), sample%int64(rate)
	return time.Duration(sec)*time.Second + (time.Duration(rest)*time.Second+time.Duration(rate)/2)/time.Duration(rate)
}

// Process implements eiengine.Filter.
func (a *audioRate) Process(c *eiengine.Ctx, in *frames.Frame) error {
	p, audio := a.Load(), a.format.Audio
	n := in.Size() / audio.FrameBytes()
	a.in.Add(uint64(n))
	at := a.next
	if in.PTS >= 0 {
		at = place(in.PTS, audio.Rate)
		if !a.begun && p.SkipToFirst {
			a.next = at
		}
		off := (in.PTS - moment(a.next, audio.Rate)).Abs()
		if uint64(off) <= min(p.Tolerance, math.MaxInt64) {
			at = a.next
		}
	}
	a.begun = true
	if at > a.next {
		if err := a.fill(c, in, at-a.next, p); err != nil {
			in.Release()
			return err
		}
	}
	return a.give(c, in, int(min(a.next-at, int64(n))), p)
}

// fill pushes silence, a second at a time.
func (a *audioRate) fill(c *eiengine.Ctx, like *frames.Frame, samples int64, p *audioRateProps) error {
	audio := a.format.Audio
	for samples > 0 {
		n := min(samples, int64(audio.Rate))
		samples -= n
		out, err := c.NewBuffer(a.format, int(n)*audio.FrameBytes())
		if err != nil {
			return err
		}
		data := out.Bytes()
		clear(data)
		if audio.Format == frames.U8 {
			for i := range data {
				data[i] = 128
			}
		}
		out.Mono, out.Flags = like.Mono, frames.Gap
		a.added.Add(uint64(n))
		if !p.Silent {
			c.Notify("add", fmt.Sprint(a.added.Load()))
		}
		if err := a.push(c, out, int(n)); err != nil {
			return err
		}
	}
	return nil
}

// give pushes sound without its first samples, whose places are taken.
func (a *audioRate) give(c *eiengine.Ctx, in *frames.Frame, cut int, p *audioRateProps) error {
	size := a.format.Audio.FrameBytes()
	n := in.Size() / size
	if cut > 0 {
		a.dropped.Add(uint64(cut))
		if !p.Silent {
			c.Notify("drop", fmt.Sprint(a.dropped.Load()))
		}
	}
	if cut == n {
		c.Drop(in)
		return nil
	}
	if cut == 0 {
		return a.push(c, in, n)
	}
	out, err := c.NewBuffer(a.format, (n-cut)*size)
	if err != nil {
		c.Drop(in)
		return err
	}
	copy(out.Bytes(), in.Bytes()[cut*size:])
	out.CopyTimes(in)
	in.Release()
	return a.push(c, out, n-cut)
}

// push gives a frame of n samples the place that is due.
func (a *audioRate) push(c *eiengine.Ctx, f *frames.Frame, n int) error {
	audio := a.format.Audio
	f.PTS = moment(a.next, audio.Rate)
	a.next += int64(n)
	f.Duration = moment(a.next, audio.Rate) - f.PTS
	f.Flags &^= frames.Discont
	if a.jump {
		f.Flags |= frames.Discont
		a.jump = false
	}
	a.out.Add(uint64(n))
	return c.Push(0, f)
}

// ReadProperty implements eiengine.PropertyReader.
func (a *audioRate) ReadProperty(name string) (string, bool) {
	counters := map[string]*atomic.Uint64{"in": &a.in, "out": &a.out, "add": &a.added, "drop": &a.dropped}
	n, ok := counters[name]
	if !ok {
		return "", false
	}
	return fmt.Sprint(n.Load()), true
}
