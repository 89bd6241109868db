package encode

import (
	"bytes"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/encode/codec/png"
	"github.com/eiengine/eiengine/frames"
)

var (
	pngSink = pictureCaps(frames.RGBA, frames.RGB, frames.GRAY8)
	pngSrc  = encodedCaps("image/png", 1000000)
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "pngenc", LongName: "PNG image encoder", Class: "Codec/Encoder/Image", Rank: 256,
		Description: "Makes a PNG of each picture",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(pngSink), eiengine.SrcPad(pngSrc)},
		New:         func() eiengine.Element { return new(pngenc) },
	})
}

type pngencProps struct {
	CompressionLevel uint `prop:"compression-level,live" default:"6" min:"0" max:"9" doc:"0 stores, 1 is fastest, 9 is smallest"`
	Snapshot         bool `prop:"snapshot,live" doc:"End the stream after one picture"`
	encoderProps
}

type pngenc struct {
	eiengine.Settings[pngencProps]
	encoder
	png png.Encoder
}

// Transform implements eiengine.Transformer.
func (e *pngenc) Transform(caps frames.Caps, toward eiengine.Direction) frames.Caps {
	if toward == eiengine.Src {
		return transformPictures(caps.Intersect(pngSink), pngSrc)
	}
	return transformPictures(caps.Intersect(pngSrc), pngSink)
}

// SkipsLate implements eiengine.LateSkipper.
func (e *pngenc) SkipsLate() bool { return e.Load().QoS }

// Configure implements eiengine.Configurer.
func (e *pngenc) Configure(_ *eiengine.Ctx, in, _ *frames.Format) error {
	return configure("pngenc", in)
}

// Process implements eiengine.Filter.
func (e *pngenc) Process(c *eiengine.Ctx, in *frames.Frame) error {
	p := e.Load()
	return e.encode(c, in, p.Snapshot, func(w *bytes.Buffer, picture *frames.Picture) error {
		return e.png.Encode(w, picture, int(p.CompressionLevel))
	})
}
