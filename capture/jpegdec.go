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
		New:         func() eiengine.Element { return &jpegDec{pictureDecoder: pictureDecoder{codec: &jpegCodec}} },
		Rank:        256,
	})
}

var jpegCodec = pictureCodec{
	name: "JPEG", magic: []byte("\xff\xd8\xff"), end: []byte("\xff\xd9"), maxBytes: jpeg.MaxBytes,
	cut: jpeg.Frame, config: jpeg.Config, decode: jpeg.DecodeInto,
}

// jpegDec is a decoder of JPEG pictures.
type jpegDec struct {
	eiengine.Settings[eiengine.NoProps]
	pictureDecoder
}
