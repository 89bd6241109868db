package convert

import "github.com/eiengine/eiengine/frames"

// What a change of pixel format costs. Losses of one kind outweigh all those of
// lesser kinds and all mere changes together; the order is GStreamer's.
const (
	changed       = 1 // of each kind: the arrangement, alpha, chroma across, chroma down
	lossyMatrix   = 2 // between RGB and YUV values are rounded
	alphaLost     = 8
	chromaHalved  = 16 // across
	chromaQuarter = 32 // and down
	colorLost     = 128
)

// loss says how much of a picture in one format another cannot hold, and then how
// much they differ; 0 is the same format.
func loss(from, to frames.PixelFormat) int {
	if from == to {
		return 0
	}
	a, b := traitsOf(from), traitsOf(to)
	n := changed
	if a.rgb != b.rgb {
		n += lossyMatrix
	}
	n += change(a.alpha, b.alpha, alphaLost)
	n += change(!a.halved, !b.halved, chromaHalved)
	n += change(!a.quartered, !b.quartered, chromaQuarter)
	return n + change(a.color, b.color, colorLost)
}

// change is the cost of a difference in what a format holds.
func change(had, has bool, lost int) int {
	switch {
	case had && !has:
		return changed + lost
	case had != has:
		return changed
	}
	return 0
}

type traits struct {
	color, alpha, rgb bool
	halved, quartered bool // chroma across, and down
}

func traitsOf(f frames.PixelFormat) traits {
	return traits{
		color: f != frames.GRAY8, alpha: f.HasAlpha(), rgb: !f.IsYUV() && f != frames.GRAY8,
		halved: f.IsYUV(), quartered: f.IsYUV() && f.Planes() > 1,
	}
}

// chooseFormat leaves of caps the structure and the pixel format that lose least
// of the input; among those the first in the order of frames.PixelFormats.
func chooseFormat(in *frames.Format, caps frames.Caps) frames.Caps {
	chosen := choose(caps, pixelFormats(), func(name string) int {
		to, _ := frames.ParsePixelFormat(name)
		return loss(in.Video.Format, to)
	})
	s := chosen.Structures()
	if len(s) != 1 || len(formatNames(s[0])) != 1 {
		return caps
	}
	return frames.NewCaps(keepColor(in, s[0]))
}

// keepColor says of the output's colours what the input's caps say and the output's
// do not: all of it where YUV stays YUV, RGB stays RGB and gray gray, otherwise what
// does not depend on that.
func keepColor(in *frames.Format, out frames.Structure) frames.Structure {
	from := in.Caps().Structures()[0]
	name, _ := out.Get("format")
	f, err := frames.ParsePixelFormat(string(name.(frames.String)))
	if err != nil {
		return out
	}
	a, b := traitsOf(in.Video.Format), traitsOf(f)
	if _, said := out.Get("colorimetry"); !said {
		out = keepColorimetry(in, from, out, f, a.rgb == b.rgb && a.color == b.color)
	}
	site, known := from.Get("chroma-site")
	if _, said := out.Get("chroma-site"); known && !said && a.halved == b.halved && a.quartered == b.quartered {
		out = out.With("chroma-site", site)
	}
	return out
}

func keepColorimetry(in *frames.Format, from, out frames.Structure, f frames.PixelFormat, same bool) frames.Structure {
	text, ok := from.Get("colorimetry")
	if !ok {
		return out
	}
	name, _ := text.(frames.String)
	codes := frames.ParseColorCodes(string(name))
	switch {
	case codes == (frames.ColorCodes{}):
		return out
	case same:
		return out.With("colorimetry", name)
	}
	codes.Range, codes.Matrix = 1, 4 // gray: full range, and luma as in BT.601
	switch {
	case traitsOf(f).rgb:
		codes.Matrix = 1
	case f.IsYUV():
		codes.Range = 2
		if (frames.Colorimetry{}).Resolve(f, in.Video.Height).Matrix == frames.BT709 {
			codes.Matrix = 3
		}
	}
	return out.With("colorimetry", frames.String(codes.String()))
}
