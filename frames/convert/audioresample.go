package convert

import (
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pcm"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "audioresample", LongName: "Audio resampler", Class: "Filter/Converter/Audio",
		Description: "Changes the sample rate of sound",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(rawAudio()), eiengine.SrcPad(rawAudio())},
		New:         func() eiengine.Element { return new(audioResample) },
		Rank:        256,
	})
}

// gapTolerance is how far the time of a buffer may be from where the one before
// it ended; beyond that sound is missing, and the filter must not bridge it.
const gapTolerance = 40 * time.Millisecond

// audioResample changes the rate by the filter of frames/pcm, which works with
// the 24 bits of float32.
type audioResample struct {
	eiengine.Settings[audioResampleProps]
	in, out   *frames.Format
	resampler *pcm.Resampler // nil while rates are equal
	src, dst  []float32

	begun bool
	base  time.Duration // PTS of the first sample since the last gap
	taken int           // samples of each channel since then
	given int
	last  frames.Frame // times and number of the latest input, for the rest of the stream
}

// audioResampleProps are accepted so that lines which set them run: there is one
// filter, as good as frames/pcm says.
type audioResampleProps struct {
	Quality       int           `prop:"quality" default:"4" min:"0" max:"10" doc:"Has no effect in this engine: the filter always attenuates by 80 dB"`
	Method        rateMethod    `prop:"resample-method" default:"kaiser" doc:"Has no effect in this engine: the window is always Kaiser's"`
	Interpolation tableInterp   `prop:"sinc-filter-interpolation" default:"cubic" doc:"Has no effect in this engine: filters of odd ratios are interpolated linearly"`
	Mode          sincTableMode `prop:"sinc-filter-mode" default:"auto" doc:"Has no effect in this engine: up to 512 phases have a filter of their own"`
	Threshold     uint          `prop:"sinc-filter-auto-threshold" default:"1048576" doc:"Has no effect in this engine: see sinc-filter-mode"`
	QoS           bool          `prop:"qos" default:"false" doc:"Drop frames that would come too late at a sink with qos=true"`
}

type (
	rateMethod    int
	tableInterp   int
	sincTableMode int
)

// EnumValues implements eiengine.Enum.
func (rateMethod) EnumValues() []eiengine.EnumValue {
	return nicks("nearest", "linear", "cubic", "blackman-nuttall", "kaiser")
}

// EnumValues implements eiengine.Enum.
func (tableInterp) EnumValues() []eiengine.EnumValue { return nicks("none", "linear", "cubic") }

// EnumValues implements eiengine.Enum.
func (sincTableMode) EnumValues() []eiengine.EnumValue { return nicks("interpolated", "full", "auto") }

// Transform implements eiengine.Transformer.
func (a *audioResample) Transform(caps frames.Caps, _ eiengine.Direction) frames.Caps {
	return opened(caps, frames.AudioRaw, func(s frames.Structure) frames.Structure {
		return s.With("rate", frames.IntRange{Min: 1, Max: 1 << 22})
	})
}

// Start implements eiengine.Starter.
func (a *audioResample) Start(*eiengine.Ctx) error {
	a.in, a.out, a.resampler, a.begun = nil, nil, nil, false
	return nil
}

// Stop implements eiengine.Starter.
func (a *audioResample) Stop(*eiengine.Ctx) error { return nil }

// Configure implements eiengine.Configurer. What is held of the old format goes
// out before the new one.
func (a *audioResample) Configure(c *eiengine.Ctx, in, out *frames.Format) error {
	if in == frames.Untyped {
		return errUntyped
	}
	if err := a.Drain(c); err != nil {
		return err
	}
	a.in, a.out, a.resampler, a.begun = in, out, nil, false
	if in.Audio.Rate == out.Audio.Rate {
		return nil
	}
	r, err := pcm.NewResampler(in.Audio.Rate, out.Audio.Rate, in.Audio.Channels)
	a.resampler = r
	return err
}

// SkipsLate implements eiengine.LateSkipper.
func (a *audioResample) SkipsLate() bool { return a.Load().QoS }

// Process implements eiengine.Filter.
func (a *audioResample) Process(c *eiengine.Ctx, in *frames.Frame) error {
	if a.resampler == nil {
		in.Format = a.out
		return c.Push(0, in)
	}
	defer in.Release()
	if err := a.follow(c, in); err != nil {
		return err
	}
	audio := a.in.Audio
	n := in.Size() / audio.FrameBytes()
	a.src = sized(a.src, n*audio.Channels)
	if _, err := pcm.Decode(a.src, in.Bytes(), audio.Format); err != nil {
		return err
	}
	a.taken += n
	a.last.CopyTimes(in)
	a.dst = a.resampler.Process(a.dst[:0], a.src)
	return a.give(c)
}

// follow begins anew where sound is missing.
func (a *audioResample) follow(c *eiengine.Ctx, in *frames.Frame) error {
	if a.begun && in.PTS >= 0 && a.base >= 0 {
		gap := in.PTS - (a.base + a.in.Audio.Duration(a.taken))
		if gap > gapTolerance || gap < -gapTolerance {
			if err := a.Drain(c); err != nil {
				return err
			}
		}
	}
	if !a.begun {
		a.begun, a.base, a.taken, a.given = true, in.PTS, 0, 0
	}
	return nil
}

// give pushes what came out of the filter.
func (a *audioResample) give(c *eiengine.Ctx) error {
	audio := a.out.Audio
	n := len(a.dst) / audio.Channels
	if n == 0 {
		return nil
	}
	out, err := c.NewBuffer(a.out, n*audio.FrameBytes())
	if err != nil {
		return err
	}
	if _, err := pcm.Encode(out.Bytes(), a.dst, audio.Format); err != nil {
		c.Drop(out)
		return err
	}
	out.CopyTimes(&a.last)
	begin, end := audio.Duration(a.given), audio.Duration(a.given+n)
	a.given += n
	out.Duration = end - begin
	if a.base >= 0 {
		out.PTS = a.base + begin
	}
	return c.Push(0, out)
}

// Drain implements eiengine.Drainer: the end of the filter's memory comes out as
// if silence followed, so that the sound lasts as long as before.
func (a *audioResample) Drain(c *eiengine.Ctx) error {
	if a.resampler == nil || !a.begun {
		return nil
	}
	a.begun = false
	a.dst = a.resampler.Flush(a.dst[:0])
	return a.give(c)
}

// Flush implements eiengine.Flusher.
func (a *audioResample) Flush(*eiengine.Ctx) {
	a.begun = false
	if a.resampler != nil {
		a.resampler.Reset()
	}
}
