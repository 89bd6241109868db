package convert

import (
	"sync/atomic"
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

// audioResample changes the rate by a filter of frames/pcm.
type audioResample struct {
	eiengine.Settings[audioResampleProps]
	in, out *frames.Format
	filter  rateFilter // nil while rates are equal
	latency atomic.Int64

	begun bool
	base  time.Duration // PTS of the first sample since the last gap
	taken int           // samples of each channel since then
	given int
	last  frames.Frame // times and number of the latest input, for the rest of the stream
}

// rateFilter is a resampler for one way of computing.
type rateFilter interface {
	// take and rest make output of samples, and of what is held. It is kept for
	// write, which is to follow.
	take(samples []byte, a frames.AudioInfo) error
	rest()
	made() int // samples of all channels
	write(dst []byte, f frames.SampleFormat) error
	Reset()
	Delay() int
}

// filtering is a rateFilter of float32, or of float64 for formats of more than 24 bits.
type filtering[T float32 | float64] struct {
	*pcm.Resampler[T]
	src, dst []T
}

func (f *filtering[T]) take(samples []byte, a frames.AudioInfo) error {
	f.src = sized(f.src, len(samples)/a.FrameBytes()*a.Channels)
	if _, err := pcm.Decode(f.src, samples, a.Format); err != nil {
		return err
	}
	f.dst = f.Process(f.dst[:0], f.src)
	return nil
}

func (f *filtering[T]) rest()     { f.dst = f.Flush(f.dst[:0]) }
func (f *filtering[T]) made() int { return len(f.dst) }

func (f *filtering[T]) write(dst []byte, to frames.SampleFormat) error {
	_, err := pcm.Encode(dst, f.dst, to)
	return err
}

func newFiltering[T float32 | float64](in, out frames.AudioInfo, filter pcm.Filter) (rateFilter, error) {
	r, err := pcm.NewResampler[T](in.Rate, out.Rate, in.Channels, filter)
	if err != nil {
		return nil, eiengine.Fatal(err)
	}
	return &filtering[T]{Resampler: r}, nil
}

type audioResampleProps struct {
	Quality       int           `prop:"quality" default:"4" min:"0" max:"10" doc:"Quality of the filters kaiser and blackman-nuttall, 10 is best: narrower transitions and more attenuation, at more cost and delay"`
	Method        rateMethod    `prop:"resample-method" default:"kaiser" doc:"Kind of filter; nearest, linear and cubic are short and let aliases pass"`
	Interpolation tableInterp   `prop:"sinc-filter-interpolation" default:"cubic" doc:"How filters are made from a table that does not have them all; none does as cubic"`
	Mode          sincTableMode `prop:"sinc-filter-mode" default:"auto" doc:"Whether the table has all filters that occur, up to 16 MiB of them, or some between which there is interpolation"`
	Threshold     uint          `prop:"sinc-filter-auto-threshold" default:"1048576" doc:"Bytes from which on sinc-filter-mode=auto interpolates"`
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
	a.in, a.out, a.filter, a.begun = nil, nil, nil, false
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
	a.in, a.out, a.filter, a.begun = in, out, nil, false
	var delay time.Duration
	if in.Audio.Rate != out.Audio.Rate {
		if err := a.design(); err != nil {
			return err
		}
		delay = in.Audio.Duration(a.filter.Delay())
	}
	if a.latency.Swap(int64(delay)) != int64(delay) {
		c.LatencyChanged()
	}
	return nil
}

// design makes the filter.
func (a *audioResample) design() (err error) {
	p := a.Load()
	f := pcm.Filter{
		Method: pcm.Method(p.Method), Quality: p.Quality, Table: pcm.Table(p.Mode),
		Between: pcm.Interpolation(p.Interpolation), TableBytes: int(p.Threshold),
	}
	if precision(a.in.Audio.Format) > 24 {
		a.filter, err = newFiltering[float64](a.in.Audio, a.out.Audio, f)
		return err
	}
	a.filter, err = newFiltering[float32](a.in.Audio, a.out.Audio, f)
	return err
}

// Latency implements eiengine.Latency.
func (a *audioResample) Latency() time.Duration { return time.Duration(a.latency.Load()) }

// SkipsLate implements eiengine.LateSkipper.
func (a *audioResample) SkipsLate() bool { return a.Load().QoS }

// Process implements eiengine.Filter.
func (a *audioResample) Process(c *eiengine.Ctx, in *frames.Frame) error {
	if a.filter == nil {
		in.Format = a.out
		return c.Push(0, in)
	}
	defer in.Release()
	if err := a.follow(c, in); err != nil {
		return err
	}
	if err := a.filter.take(in.Bytes(), a.in.Audio); err != nil {
		return err
	}
	a.taken += in.Size() / a.in.Audio.FrameBytes()
	a.last.CopyTimes(in)
	return a.give(c)
}

// follow begins anew where sound is missing.
func (a *audioResample) follow(c *eiengine.Ctx, in *frames.Frame) error {
	if a.begun && !a.continues(in) {
		if err := a.Drain(c); err != nil {
			return err
		}
	}
	if !a.begun {
		a.begun, a.base, a.taken, a.given = true, in.PTS, 0, 0
	}
	return nil
}

// continues reports whether a frame follows the one before it.
func (a *audioResample) continues(in *frames.Frame) bool {
	if in.Flags&frames.Discont != 0 {
		return false
	}
	if in.PTS < 0 || a.base < 0 {
		return true
	}
	return (in.PTS - a.base - a.in.Audio.Duration(a.taken)).Abs() <= gapTolerance
}

// give pushes what came out of the filter.
func (a *audioResample) give(c *eiengine.Ctx) error {
	audio := a.out.Audio
	n := a.filter.made() / audio.Channels
	if n == 0 {
		return nil
	}
	out, err := c.NewBuffer(a.out, n*audio.FrameBytes())
	if err != nil {
		return err
	}
	if err := a.filter.write(out.Bytes(), audio.Format); err != nil {
		c.Drop(out)
		return err
	}
	out.CopyTimes(&a.last)
	begin, end := moment(int64(a.given), audio.Rate), moment(int64(a.given+n), audio.Rate)
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
	if a.filter == nil || !a.begun {
		return nil
	}
	a.begun = false
	a.filter.rest()
	return a.give(c)
}

// Flush implements eiengine.Flusher.
func (a *audioResample) Flush(*eiengine.Ctx) {
	a.begun = false
	if a.filter != nil {
		a.filter.Reset()
	}
}
