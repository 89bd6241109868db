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
	pictures := frames.MustCaps("video/x-raw; image/jpeg; image/png; video/x-bayer")
	eiengine.Register(eiengine.Factory{
		Name: "videorate", LongName: "Video rate adjuster", Class: "Filter/Effect/Video",
		Description: "Drops and repeats pictures so that they come at an even rate",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(pictures), eiengine.SrcPad(pictures)},
		New:         func() eiengine.Element { return new(videoRate) },
	})
}

type videoRateProps struct {
	DropOnly           bool    `prop:"drop-only" default:"false" doc:"Only drop pictures, never repeat one; times stay as they are"`
	MaxRate            int     `prop:"max-rate" default:"2147483647" min:"1" max:"2147483647" doc:"Highest rate that may come out, in pictures per second"`
	Rate               float64 `prop:"rate,live" default:"1" min:"0" max:"1.797693e+308" doc:"How much faster the stream is to run: times are divided by it"`
	SkipToFirst        bool    `prop:"skip-to-first" default:"false" doc:"Begin with the time of the first picture rather than fill the time before it"`
	MaxDuplicationTime uint64  `prop:"max-duplication-time" default:"0" doc:"Gaps longer than this are left open, in nanoseconds, 0 to fill all"`
	MaxClosing         uint64  `prop:"max-closing-segment-duplication-duration" default:"1000000000" doc:"Accepted without effect: at the end of the stream the last picture goes out once"`
	Silent             bool    `prop:"silent" default:"true" doc:"Do not tell the bus of each picture dropped or repeated"`
	AveragePeriod      uint64  `prop:"average-period" default:"0" max:"9223372036854775807" doc:"Has no effect in this engine: pictures are chosen by their own times"`
	NewPref            float64 `prop:"new-pref" default:"1" min:"0" max:"1" doc:"Has no effect, here as in GStreamer"`
	QoS                bool    `prop:"qos" default:"false" doc:"Drop frames that would come too late at a sink with qos=true"`

	In        uint64 `prop:"in,readonly" doc:"Pictures that came in"`
	Out       uint64 `prop:"out,readonly" doc:"Pictures that went out"`
	Dropped   uint64 `prop:"drop,readonly" doc:"Pictures dropped"`
	Duplicate uint64 `prop:"duplicate,readonly" doc:"Pictures repeated"`
}

// videoRate gives one picture for each moment of the output's rate: of two that
// follow each other the nearer one.
type videoRate struct {
	eiengine.Settings[videoRateProps]
	in, out, dropped, duplicate atomic.Uint64

	format *frames.Format
	fps    frames.Fraction // 0/1: as they come

	held     *frames.Frame // the latest, not known yet to be the best
	heldTime time.Duration
	begun    bool
	base     time.Duration // where the output was when its rate became what it is
	count    int64         // given since then
	next     time.Duration // when the next one is due
	jump     bool          // a gap was left open
}

// Transform implements eiengine.Transformer.
func (v *videoRate) Transform(caps frames.Caps, toward eiengine.Direction) frames.Caps {
	if caps.IsAny() {
		return caps
	}
	p := v.Load()
	top := frames.Fraction{Num: p.MaxRate, Den: 1}
	var out []frames.Structure
	for _, s := range caps.Structures() {
		rate, said := s.Get("framerate")
		if !said {
			out = append(out, s)
			continue
		}
		lo, hi := frames.Fraction{Num: 0, Den: 1}, frames.Fraction{Num: math.MaxInt32, Den: 1}
		if toward == eiengine.Src && top.Cmp(hi) < 0 {
			hi = top
		}
		if f, ok := rate.(frames.Fraction); ok && p.DropOnly && f.Num > 0 {
			if toward == eiengine.Sink {
				lo = f
			} else if f.Cmp(hi) < 0 {
				hi = f
			}
		}
		if f, ok := rate.(frames.Fraction); !ok || toward == eiengine.Sink || f.Cmp(hi) <= 0 {
			out = append(out, s)
		}
		out = append(out, s.With("framerate", frames.FractionRange{Min: lo, Max: hi}))
	}
	return frames.NewCaps(out...)
}

// Start implements eiengine.Starter.
func (v *videoRate) Start(*eiengine.Ctx) error {
	v.forget()
	for _, n := range []*atomic.Uint64{&v.in, &v.out, &v.dropped, &v.duplicate} {
		n.Store(0)
	}
	return nil
}

// Stop implements eiengine.Starter.
func (v *videoRate) Stop(*eiengine.Ctx) error {
	v.forget()
	return nil
}

// Flush implements eiengine.Flusher.
func (v *videoRate) Flush(*eiengine.Ctx) { v.forget() }

// HandleEvent implements eiengine.EventHandler: after a seek pictures are due from
// there on, in the times that rate makes of them.
func (v *videoRate) HandleEvent(c *eiengine.Ctx, e eiengine.Event) (handled bool, err error) {
	s, ok := e.(eiengine.SegmentEvent)
	if !ok {
		return false, nil
	}
	if err := v.Drain(c); err != nil {
		return false, err
	}
	v.forget()
	rate := v.Load().Rate
	s.Start, s.Stop = scaled(s.Start, 1/rate), scaled(s.Stop, 1/rate)
	v.base, v.next = s.Start, s.Start
	return true, c.SendEvent(s)
}

// TranslateSeek implements eiengine.SeekTranslator.
func (v *videoRate) TranslateSeek(to eiengine.SeekEvent) (eiengine.SeekEvent, error) {
	rate := v.Load().Rate
	to.Position, to.Stop = scaled(to.Position, rate), scaled(to.Stop, rate)
	return to, nil
}

// scaled is a time, if it is one, of a stream that runs faster or slower.
func scaled(t time.Duration, by float64) time.Duration {
	if t <= 0 || by == 1 || math.IsInf(by, 0) || by == 0 {
		return t
	}
	return time.Duration(float64(t) * by)
}

func (v *videoRate) forget() {
	v.hold(nil, 0)
	v.begun, v.base, v.count, v.next, v.jump = false, 0, 0, 0, false
}

// Configure implements eiengine.Configurer. What is held of the old format goes
// out before the new one.
func (v *videoRate) Configure(c *eiengine.Ctx, _, out *frames.Format) error {
	if err := v.Drain(c); err != nil {
		return err
	}
	v.format, v.fps = out, frames.Fraction{Num: 0, Den: 1}
	if out != frames.Untyped {
		if rate, ok := out.Caps().Structures()[0].Get("framerate"); ok {
			v.fps, _ = rate.(frames.Fraction)
		}
	}
	v.base, v.count = v.next, 0
	return nil
}

// SkipsLate implements eiengine.LateSkipper.
func (v *videoRate) SkipsLate() bool { return v.Load().QoS }

// Process implements eiengine.Filter.
func (v *videoRate) Process(c *eiengine.Ctx, in *frames.Frame) error {
	v.in.Add(1)
	in.Format = v.format
	p := v.Load()
	if in.PTS < 0 {
		v.drop(c, p)
		c.Drop(in)
		return fmt.Errorf("a picture without a time was dropped: put imagefreeze before videorate, or a source that sets times")
	}
	if p.Rate > 0 && p.Rate != 1 {
		in.PTS = time.Duration(float64(in.PTS) / p.Rate)
		if in.Duration > 0 {
			in.Duration = time.Duration(float64(in.Duration) / p.Rate)
		}
	}
	if !v.begun {
		v.begun = true
		if p.SkipToFirst {
			v.next, v.base, v.count = in.PTS, in.PTS, 0
		}
	}
	switch {
	case p.DropOnly:
		return v.dropOnly(c, in, p)
	case v.fps.Num == 0:
		v.out.Add(1)
		return c.Push(0, in)
	case v.held == nil:
		v.hold(in, in.PTS)
		return nil
	case in.PTS < v.heldTime:
		v.drop(c, p)
		c.Drop(in)
		return nil
	}
	return v.choose(c, in, p)
}

// choose gives the held picture as long as it is nearer to what is due.
func (v *videoRate) choose(c *eiengine.Ctx, in *frames.Frame, p *videoRateProps) error {
	if gap := in.PTS - v.heldTime; p.MaxDuplicationTime > 0 && uint64(gap) > p.MaxDuplicationTime {
		// The gap stays open, but a picture before it whose time is due goes out.
		if v.next <= v.heldTime {
			if err := v.give(c, false, p); err != nil {
				in.Release()
				return err
			}
		}
		v.next, v.base, v.count, v.jump = in.PTS, in.PTS, 0, true
		v.hold(in, in.PTS)
		return nil
	}
	given := 0
	for {
		old, fresh := (v.heldTime - v.next).Abs(), (in.PTS - v.next).Abs()
		if old <= fresh {
			given++
			if err := v.give(c, given > 1, p); err != nil {
				in.Release()
				return err
			}
		}
		if old >= fresh {
			break
		}
	}
	if given == 0 {
		v.drop(c, p)
		c.Drop(v.held)
		v.held = nil
	}
	v.hold(in, in.PTS)
	return nil
}

// give pushes the held picture for the time that is due.
func (v *videoRate) give(c *eiengine.Ctx, again bool, p *videoRateProps) error {
	out := v.held.Share()
	out.PTS, out.Seq = v.next, v.out.Load()
	v.count++
	v.next = v.base + v.fps.Time(v.count)
	out.Duration = v.next - out.PTS
	if again {
		out.Flags |= frames.Gap
		v.duplicate.Add(1)
		if !p.Silent {
			c.Notify("duplicate", fmt.Sprint(v.duplicate.Load()))
		}
	}
	if v.jump {
		out.Flags |= frames.Discont
		v.jump = false
	}
	v.out.Add(1)
	return c.Push(0, out)
}

// dropOnly passes pictures that are not too early, at once and with their times.
func (v *videoRate) dropOnly(c *eiengine.Ctx, in *frames.Frame, p *videoRateProps) error {
	if v.fps.Num > 0 && in.PTS < v.next {
		v.drop(c, p)
		c.Drop(in)
		return nil
	}
	if v.fps.Num > 0 {
		v.count++
		due := v.next
		v.next = v.base + v.fps.Time(v.count)
		in.Duration = v.next - due
	}
	v.out.Add(1)
	return c.Push(0, in)
}

func (v *videoRate) drop(c *eiengine.Ctx, p *videoRateProps) {
	v.dropped.Add(1)
	if !p.Silent {
		c.Notify("drop", fmt.Sprint(v.dropped.Load()))
	}
}

// hold replaces the held picture.
func (v *videoRate) hold(f *frames.Frame, at time.Duration) {
	if v.held != nil {
		v.held.Release()
	}
	v.held, v.heldTime = f, at
}

// Drain implements eiengine.Drainer: what is held goes out once.
func (v *videoRate) Drain(c *eiengine.Ctx) error {
	if v.held == nil {
		return nil
	}
	defer v.hold(nil, 0)
	return v.give(c, false, v.Load())
}

// ReadProperty implements eiengine.PropertyReader.
func (v *videoRate) ReadProperty(name string) (string, bool) {
	counters := map[string]*atomic.Uint64{"in": &v.in, "out": &v.out, "drop": &v.dropped, "duplicate": &v.duplicate}
	n, ok := counters[name]
	if !ok {
		return "", false
	}
	return fmt.Sprint(n.Load()), true
}
