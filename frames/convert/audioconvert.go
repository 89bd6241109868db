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
// more, as pcm.Remix says. There is no dither.
type audioConvert struct {
	eiengine.Settings[eiengine.NoProps]
	in, out *frames.Format
	samples []float64 // as they come
	mixed   []float64 // in the channels of the output
}

// Transform implements eiengine.Transformer.
func (a *audioConvert) Transform(caps frames.Caps, _ eiengine.Direction) frames.Caps {
	return widen(caps, frames.AudioRaw, func(s frames.Structure) frames.Structure {
		return s.Without("channel-mask").With("format", sampleFormats()).With("channels", frames.IntRange{Min: 1, Max: 64})
	})
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
	a.in, a.out = in, out
	return nil
}

// Process implements eiengine.Filter.
func (a *audioConvert) Process(c *eiengine.Ctx, in *frames.Frame) error {
	from, to := a.in.Audio, a.out.Audio
	if from == to {
		in.Format = a.out
		return c.Push(0, in)
	}
	n := in.Size() / from.FrameBytes()
	out, err := c.NewBuffer(a.out, n*to.FrameBytes())
	if err != nil {
		c.Drop(in)
		return err
	}
	if err := a.convert(out.Bytes(), in.Bytes(), n); err != nil {
		in.Release()
		c.Drop(out)
		return fmt.Errorf("from %s to %s: %w", a.in, a.out, err)
	}
	out.CopyTimes(in)
	in.Release()
	return c.Push(0, out)
}

// convert fills dst with n samples of all channels.
func (a *audioConvert) convert(dst, src []byte, n int) error {
	from, to := a.in.Audio, a.out.Audio
	if from.Channels == to.Channels {
		_, err := pcm.Convert(dst, to.Format, src, from.Format)
		return err
	}
	a.samples, a.mixed = sized(a.samples, n*from.Channels), sized(a.mixed, n*to.Channels)
	if _, err := pcm.Decode(a.samples, src, from.Format); err != nil {
		return err
	}
	if _, err := pcm.Remix(a.mixed, to.Channels, a.samples, from.Channels); err != nil {
		return err
	}
	_, err := pcm.Encode(dst, a.mixed, to.Format)
	return err
}

// sized is s with n elements, contents undefined.
func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
