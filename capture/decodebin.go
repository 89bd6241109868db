package capture

import (
	"errors"
	"fmt"

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
	// Raw streams are decoded already.
	frames.VideoRaw: "identity", frames.AudioRaw: "identity",
}

// decodeBin becomes the decoder of what it is given.
type decodeBin struct {
	eiengine.Settings[eiengine.NoProps]
}

// Expand implements eiengine.Expander.
func (*decodeBin) Expand(c *eiengine.Ctx, head []byte, final bool) (*eiengine.Spec, error) {
	media := ""
	if f := c.InFormat(0); f != nil {
		media = f.Media() // somebody upstream knows
	}
	if media == "" {
		media = findType(head)
	}
	if element, ok := decoders[media]; ok {
		spec := new(eiengine.Spec)
		spec.Add(element, "")
		return spec, nil
	}
	switch {
	case media != "":
		return nil, fmt.Errorf("no decoder for %s: give it PNG, JPEG or WAV", media)
	case len(head) == 0 && final:
		return nil, errors.New("could not determine type of stream: the input is empty, 0 bytes; check that the file was written")
	case len(head) < typeFindEnough && !final:
		return nil, nil
	}
	return nil, fmt.Errorf("could not determine type of stream: %s; give it PNG, JPEG or WAV", describeHead(head))
}
