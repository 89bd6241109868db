package encode

import (
	"fmt"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/encode/codec/wav"
	"github.com/eiengine/eiengine/frames"
)

var (
	wavSink = frames.MustCaps("audio/x-raw,format={S32LE,S24LE,S16LE,U8,F32LE,F64LE},layout=interleaved,rate=[1,2147483647],channels=[1,65535]")
	wavSrc  = frames.MustCaps("audio/x-wav")
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "wavenc", LongName: "WAV audio muxer", Class: "Codec/Muxer/Audio", Rank: 256,
		Description: "Makes a WAV of raw sound",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(wavSink), eiengine.SrcPad(wavSrc)},
		New:         func() eiengine.Element { return new(wavenc) },
	})
}

// wavenc puts a header before the samples. It says that the length is unknown,
// which players of streams understand, until the end, when a file sink is told
// the length.
type wavenc struct {
	eiengine.Settings[eiengine.NoProps]
	out    *frames.Format
	info   frames.AudioInfo
	begun  bool
	header int   // bytes
	data   int64 // bytes of samples
}

// Transform implements eiengine.Transformer.
func (w *wavenc) Transform(caps frames.Caps, toward eiengine.Direction) frames.Caps {
	from, to := wavSink, wavSrc
	if toward == eiengine.Sink {
		from, to = to, from
	}
	if !caps.CanIntersect(from) {
		return frames.Caps{}
	}
	return to
}

// Start implements eiengine.Starter.
func (w *wavenc) Start(*eiengine.Ctx) error {
	w.out, w.begun, w.header, w.data = nil, false, 0, 0
	return nil
}

// Stop implements eiengine.Starter.
func (w *wavenc) Stop(*eiengine.Ctx) error { return nil }

// Configure implements eiengine.Configurer.
func (w *wavenc) Configure(_ *eiengine.Ctx, in, out *frames.Format) error {
	if in == frames.Untyped {
		return fmt.Errorf("wavenc gets bytes of unknown type, not raw sound: put decodebin before it")
	}
	if w.begun && in.Audio != w.info {
		return eiengine.Fatal(fmt.Errorf("the sound changes to %s, but a WAV has one format: put audioconvert ! audioresample and caps before wavenc", in))
	}
	w.info, w.out = in.Audio, out
	return nil
}

// Process implements eiengine.Filter.
func (w *wavenc) Process(c *eiengine.Ctx, in *frames.Frame) error {
	if !w.begun {
		if err := w.begin(c); err != nil {
			in.Release()
			return err
		}
	}
	w.data += int64(in.Size())
	in.Format = w.out
	return c.Push(0, in)
}

// begin pushes the header.
func (w *wavenc) begin(c *eiengine.Ctx) error {
	header, err := wav.AppendHeader(nil, w.info, -1)
	if err != nil {
		return eiengine.Fatal(err)
	}
	w.begun, w.header = true, len(header)
	return w.push(c, header, frames.Header)
}

func (w *wavenc) push(c *eiengine.Ctx, data []byte, flags frames.Flags) error {
	out, err := c.NewBuffer(w.out, len(data))
	if err != nil {
		return err
	}
	copy(out.Bytes(), data)
	out.Flags = flags
	return c.Push(0, out)
}

// Drain implements eiengine.Drainer: the end has an even length, and the header
// comes to know the length.
func (w *wavenc) Drain(c *eiengine.Ctx) error {
	if w.out == nil {
		return nil
	}
	if !w.begun { // no sound at all is a WAV too
		if err := w.begin(c); err != nil {
			return err
		}
	}
	header, err := wav.AppendHeader(nil, w.info, w.data)
	if err != nil {
		return err
	}
	if w.data&1 == 1 {
		if err := w.push(c, []byte{0}, 0); err != nil {
			return err
		}
	}
	return c.SendEvent(eiengine.CustomEvent{Name: patchEvent, Value: patch{format: w.out, data: header}})
}
