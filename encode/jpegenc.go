package encode

import (
	"bytes"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/encode/codec/jpeg"
	"github.com/eiengine/eiengine/frames"
)

var (
	// What needs no conversion comes first.
	jpegSink = pictureCaps(frames.I420, frames.YV12, frames.YUY2, frames.UYVY, frames.YVYU, frames.NV21, frames.NV12,
		frames.RGB, frames.BGR, frames.RGBx, frames.XRGB, frames.BGRx, frames.XBGR, frames.GRAY8)
	jpegSrc = encodedCaps("image/jpeg", 65535)
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "jpegenc", LongName: "JPEG image encoder", Class: "Codec/Encoder/Image", Rank: 256,
		Description: "Makes a JPEG of each picture",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(jpegSink), eiengine.SrcPad(jpegSrc)},
		New:         func() eiengine.Element { return new(jpegenc) },
	})
}

type jpegencProps struct {
	Quality    int        `prop:"quality,live" default:"85" min:"0" max:"100" doc:"0 is smallest, 100 looks best"`
	Snapshot   bool       `prop:"snapshot,live" doc:"End the stream after one picture"`
	IDCTMethod idctMethod `prop:"idct-method" default:"ifast" doc:"Accepted without effect: pictures are always encoded by the accurate transform"`
	encoderProps
}

// idctMethod is how JPEG's transform is computed.
type idctMethod int

// EnumValues implements eiengine.Enum.
func (idctMethod) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: 0, Nick: "islow", Name: "Slow but accurate integer algorithm"},
		{Value: 1, Nick: "ifast", Name: "Faster, less accurate integer method"},
		{Value: 2, Nick: "float", Name: "Floating-point: accurate, fast on fast HW"},
	}
}

type jpegenc struct {
	eiengine.Settings[jpegencProps]
	encoder
	jpeg jpeg.Encoder
}

// Transform implements eiengine.Transformer.
func (e *jpegenc) Transform(caps frames.Caps, toward eiengine.Direction) frames.Caps {
	if toward == eiengine.Src {
		return transformPictures(caps.Intersect(jpegSink), jpegSrc)
	}
	return transformPictures(caps.Intersect(jpegSrc), jpegSink)
}

// SkipsLate implements eiengine.LateSkipper.
func (e *jpegenc) SkipsLate() bool { return e.Load().QoS }

// Configure implements eiengine.Configurer.
func (e *jpegenc) Configure(_ *eiengine.Ctx, in, _ *frames.Format) error {
	return configure("jpegenc", in)
}

// Process implements eiengine.Filter.
func (e *jpegenc) Process(c *eiengine.Ctx, in *frames.Frame) error {
	p := e.Load()
	return e.encode(c, in, p.Snapshot, func(w *bytes.Buffer, picture *frames.Picture) error {
		return e.jpeg.Encode(w, picture, p.Quality)
	})
}
