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
		New:         func() eiengine.Element { return newPNGDec() },
		Rank:        256,
	})
}

var pngCodec = pictureCodec{
	name: "PNG", magic: []byte("\x89PNG\r\n\x1a\n"), end: []byte("IEND"), tail: 4, maxBytes: png.MaxBytes,
	cut: png.Frame, config: png.Config,
	newDecode: func() func(*frames.Picture, []byte) error { return png.DecodeInto },
}

type pngDecProps struct {
	decoderProps
	MaxErrors int `prop:"max-errors,live" default:"-1" min:"-1" doc:"Fail after so many pictures in a row that cannot be decoded; 0 and -1 leave them out and go on"`
}

// pngDec is a decoder of PNG pictures.
type pngDec struct {
	eiengine.Settings[pngDecProps]
	pictureDecoder
}

func newPNGDec() *pngDec {
	d := new(pngDec)
	d.codec = &pngCodec
	d.settings = func() (*decoderProps, int) {
		p := d.Load()
		return &p.decoderProps, p.MaxErrors
	}
	return d
}
