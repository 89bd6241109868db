package convert

import (
	"fmt"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pcm"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "audioconvert", LongName: "Audio converter", Class: "Filter/Converter/Audio",
		Description: "Converts sound from one sample format or number of channels to another",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(rawAudio()), eiengine.SrcPad(rawAudio())},
		New:         func() eiengine.Element { return new(audioConvert) },
		Rank:        256,
	})
}

// audioConvert changes sample format and channels; fewer channels are means of
// more, as pcm.Remix says, unless mix-matrix says otherwise.
type audioConvert struct {
	eiengine.Settings[audioConvertProps]
	in, out *frames.Format
	matrix  mixMatrix // nil for what pcm.Remix does
	coarse  mixing[float32]
	fine    mixing[float64]
}

// mixing converts samples by way of floats.
type mixing[T float32 | float64] struct {
	samples []T // as they come
	mixed   []T // in the channels of the output
	dither  pcm.Dither[T]
}

type audioConvertProps struct {
	Dithering ditherMethod `prop:"dithering,live" default:"tpdf" doc:"Noise that hides the steps of coarser samples: rpdf is even, tpdf triangular, tpdf-hf triangular without its low tones"`
	Threshold uint         `prop:"dithering-threshold,live" default:"20" min:"0" max:"32" doc:"Bits of the output up to which there is dithering"`
	Shaping   noiseShaping `prop:"noise-shaping" default:"none" doc:"Has no effect in this engine: the noise of dithering is not shaped"`
	MixMatrix string       `prop:"mix-matrix" doc:"What of each input channel goes into each output channel, a row for each output, such as <<0.5, 0.5>> for the mean of two"`
	QoS       bool         `prop:"qos" default:"false" doc:"Drop frames that would come too late at a sink with qos=true"`
}

type ditherMethod int

// EnumValues implements eiengine.Enum.
func (ditherMethod) EnumValues() []eiengine.EnumValue {
	return nicks("none", "rpdf", "tpdf", "tpdf-hf")
}

type noiseShaping int

// EnumValues implements eiengine.Enum.
func (noiseShaping) EnumValues() []eiengine.EnumValue {
	return nicks("none", "error-feedback", "simple", "medium", "high")
}

// Transform implements eiengine.Transformer.
func (a *audioConvert) Transform(caps frames.Caps, toward eiengine.Direction) frames.Caps {
	if m, err := parseMixMatrix(a.Load().MixMatrix); err == nil && m != nil {
		return m.transform(caps, toward)
	}
	if caps.IsAny() {
		return caps
	}
	// Other channels only where the same ones will not do.
	same := opened(caps, frames.AudioRaw, func(s frames.Structure) frames.Structure { return s.With("format", sampleFormats()) })
	return same.Union(opened(same, frames.AudioRaw, func(s frames.Structure) frames.Structure {
		return s.Without("channel-mask").With("channels", frames.IntRange{Min: 1, Max: 64})
	}))
}

// Fixate implements eiengine.Fixater.
func (a *audioConvert) Fixate(in *frames.Format, out frames.Caps) frames.Caps {
	return chooseSamples(in, out)
}

// Configure implements eiengine.Configurer.
func (a *audioConvert) Configure(_ *eiengine.Ctx, in, out *frames.Format) error {
	if in == frames.Untyped {
		return errUntyped
	}
	var err error
	if a.matrix, err = parseMixMatrix(a.Load().MixMatrix); err != nil {
		return eiengine.Fatal(err)
	}
	a.in, a.out = in, out
	return nil
}

// SkipsLate implements eiengine.LateSkipper.
func (a *audioConvert) SkipsLate() bool { return a.Load().QoS }

// Process implements eiengine.Filter.
func (a *audioConvert) Process(c *eiengine.Ctx, in *frames.Frame) error {
	from, to := a.in.Audio, a.out.Audio
	if from == to && a.matrix == nil {
		in.Format = a.out
		return c.Push(0, in)
	}
	n := in.Size() / from.FrameBytes()
	out, err := c.NewBuffer(a.out, n*to.FrameBytes())
	if err != nil {
		c.Drop(in)
		return err
	}
	if err := a.convert(out.Bytes(), in.Bytes()); err != nil {
		in.Release()
		c.Drop(out)
		return fmt.Errorf("from %s to %s: %w", a.in, a.out, err)
	}
	out.CopyTimes(in)
	in.Release()
	return c.Push(0, out)
}

// convert fills dst.
func (a *audioConvert) convert(dst, src []byte) error {
	from, to := a.in.Audio, a.out.Audio
	method := a.dithering()
	if from.Channels == to.Channels && a.matrix == nil && method == pcm.NoDither {
		_, err := pcm.Convert(dst, to.Format, src, from.Format)
		return err
	}
	if max(precision(from.Format), precision(to.Format)) <= 24 || precision(to.Format) <= 16 || to.Format == frames.F32LE {
		return a.coarse.convert(dst, to, src, from, a.matrix, method)
	}
	return a.fine.convert(dst, to, src, from, a.matrix, method)
}

// blockSamples is how many samples are converted at once, so that what is between the
// steps stays in the nearest cache.
const blockSamples = 1024

// convert fills dst.
func (m *mixing[T]) convert(dst []byte, to frames.AudioInfo, src []byte, from frames.AudioInfo, matrix mixMatrix, method pcm.DitherMethod) error {
	block := max(1, blockSamples/max(from.Channels, to.Channels))
	m.samples, m.mixed = sized(m.samples, block*from.Channels), sized(m.mixed, block*to.Channels)
	for len(dst) > 0 {
		n := min(block, len(dst)/to.FrameBytes())
		samples, mixed := m.samples[:n*from.Channels], m.mixed[:n*to.Channels]
		if _, err := pcm.Decode(samples, src, from.Format); err != nil {
			return err
		}
		if matrix != nil {
			mix(matrix, mixed, samples)
		} else if _, err := pcm.Remix(mixed, to.Channels, samples, from.Channels); err != nil {
			return err
		}
		m.dither.Add(mixed, to.Channels, to.Format, method)
		if _, err := pcm.Encode(dst, mixed, to.Format); err != nil {
			return err
		}
		dst, src = dst[n*to.FrameBytes():], src[n*from.FrameBytes():]
	}
	return nil
}

// dithering is the noise for this conversion: where bits are lost, and few remain.
func (a *audioConvert) dithering() pcm.DitherMethod {
	p := a.Load()
	lost := precision(a.in.Audio.Format) > precision(a.out.Audio.Format)
	if !lost || isFloat(a.out.Audio.Format) || precision(a.out.Audio.Format) > int(p.Threshold) {
		return pcm.NoDither
	}
	return pcm.DitherMethod(p.Dithering)
}

// sized is s with n elements, contents undefined.
func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
