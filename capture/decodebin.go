package capture

import (
	"errors"
	"fmt"
	"strings"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "decodebin", LongName: "Decoder Bin", Class: "Generic/Bin/Decoder",
		Description: "Finds out what a stream of bytes is and becomes what decodes it",
		Pads: []eiengine.PadTemplate{
			eiengine.SinkPad(frames.AnyCaps()),
			{Name: "src_%u", Direction: eiengine.Src, Presence: eiengine.Sometimes, Caps: frames.AnyCaps()},
		},
		New: func() eiengine.Element { return new(decodeBin) },
	})
}

// decoders says which element decodes what.
var decoders = map[string]string{
	"image/png": "pngdec", "image/jpeg": "jpegdec", "audio/x-wav": "wavparse", "audio/x-rf64": "wavparse",
}

type decodeBinProps struct {
	Caps     frames.Caps `prop:"caps" default:"video/x-raw; audio/x-raw" doc:"What to give out as it is, without decoding"`
	SinkCaps frames.Caps `prop:"sink-caps" default:"ANY" doc:"Say that the input is this, without looking; ANY looks"`
}

// decodeBin becomes the decoder of what it is given.
type decodeBin struct {
	eiengine.Settings[decodeBinProps]
}

// Expand implements eiengine.Expander.
func (d *decodeBin) Expand(c *eiengine.Ctx, head []byte, final bool) (*eiengine.Spec, error) {
	caps := d.known(c)
	if caps.IsAny() {
		media, _ := findType(head)
		switch {
		case media != "":
			caps = byteStream(media)
		case len(head) == 0 && final:
			return nil, errors.New("could not determine type of stream: the input is empty, 0 bytes; check that the file was written")
		case len(head) < typeFindEnough && !final:
			return nil, nil
		default:
			return nil, fmt.Errorf("could not determine type of stream: %s; give it PNG, JPEG or WAV", describeHead(head))
		}
	}
	return d.decoder(c, caps, head)
}

// known is what the input is if somebody has said so, ANY if not.
func (d *decodeBin) known(c *eiengine.Ctx) frames.Caps {
	if caps := d.Load().SinkCaps; !caps.IsAny() {
		return caps
	}
	if f := c.InFormat(0); f != nil {
		return f.Caps() // somebody upstream knows
	}
	return frames.AnyCaps()
}

// decoder is what decodebin becomes for a stream of these caps.
func (d *decodeBin) decoder(c *eiengine.Ctx, caps frames.Caps, head []byte) (*eiengine.Spec, error) {
	media := ""
	if list := caps.Structures(); len(list) > 0 {
		media = list[0].Media
	}
	spec := new(eiengine.Spec)
	element, ok := decoders[media]
	switch {
	case d.Load().Caps.CanIntersect(caps) && !d.Load().Caps.IsAny():
		if f := c.InFormat(0); f != nil && f.Media() == media {
			spec.Add("typefind", "") // passes it, and what it may change to
			break
		}
		spec.Add("typefind", "", eiengine.PropSpec{Name: "force-caps", Value: caps.String()})
	case ok:
		spec.Add(element, "")
	case media == "application/x-id3":
		return nil, fmt.Errorf("no decoder for %s, which an ID3 tag stands before: give it PNG, JPEG or WAV", behindID3(head))
	default:
		if inside := holds(media, head); len(inside) > 0 {
			return nil, fmt.Errorf("no decoder for %s, which holds %s: give it PNG, JPEG or WAV", media, strings.Join(inside, " and "))
		}
		return nil, fmt.Errorf("no decoder for %s: give it PNG, JPEG or WAV", media)
	}
	return spec, nil
}
