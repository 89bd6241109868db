package capture

import (
	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/encode/codec/png"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "pngdec", LongName: "PNG image decoder", Class: "Codec/Decoder/Image",
		Description: "Decodes PNG pictures",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(byteStream("image/png")), eiengine.SrcPad(frames.NewCaps(frames.Structure{Media: frames.VideoRaw}))},
		New:         func() eiengine.Element { return &pngDec{pictureDecoder: pictureDecoder{codec: &pngCodec}} },
		Rank:        256,
	})
}

var pngCodec = pictureCodec{
	name: "PNG", magic: []byte("\x89PNG\r\n\x1a\n"), end: []byte("IEND"), tail: 4, maxBytes: png.MaxBytes,
	cut: png.Frame, config: png.Config, decode: png.DecodeInto,
}

// pngDec is a decoder of PNG pictures.
type pngDec struct {
	eiengine.Settings[eiengine.NoProps]
	pictureDecoder
}
