package capture

import (
	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/encode/codec/jpeg"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "jpegdec", LongName: "JPEG image decoder", Class: "Codec/Decoder/Image",
		Description: "Decodes JPEG pictures, also those of motion JPEG streams",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(byteStream("image/jpeg")), eiengine.SrcPad(frames.NewCaps(frames.Structure{Media: frames.VideoRaw}))},
		New:         func() eiengine.Element { return newJPEGDec() },
		Rank:        256,
	})
}

var jpegCodec = pictureCodec{
	name: "JPEG", magic: []byte("\xff\xd8\xff"), end: []byte("\xff\xd9"), maxBytes: jpeg.MaxBytes,
	cut: jpeg.Frame, config: jpeg.Config,
	newDecode: func() func(*frames.Picture, []byte) error { return new(jpeg.Decoder).Decode },
}

type jpegDecProps struct {
	decoderProps
	MaxErrors  int        `prop:"max-errors,live" default:"0" min:"-1" doc:"Fail after so many pictures in a row that cannot be decoded; 0 and -1 leave them out and go on"`
	IDCTMethod idctMethod `prop:"idct-method" default:"ifast" doc:"Accepted without effect: pictures are always decoded by the accurate transform, in fast code"`
}

// jpegDec is a decoder of JPEG pictures.
type jpegDec struct {
	eiengine.Settings[jpegDecProps]
	pictureDecoder
}

func newJPEGDec() *jpegDec {
	d := new(jpegDec)
	d.codec = &jpegCodec
	d.settings = func() (*decoderProps, int) {
		p := d.Load()
		return &p.decoderProps, p.MaxErrors
	}
	return d
}
