package convert

import (
	"math"

	"github.com/eiengine/eiengine/frames"
)

// loss says how much of a picture in one format another cannot hold; 0 is
// nothing. Losses of a kind outweigh all those of lesser kinds together.
func loss(from, to frames.PixelFormat) int {
	if from == to {
		return 0
	}
	a, b := traitsOf(from), traitsOf(to)
	n := 1 // another order of the same bytes
	if a.color && !b.color {
		n += 1024
	}
	if a.alpha && !b.alpha {
		n += 512
	}
	if a.color && b.color {
		n += 128 * max(0, b.subsampled-a.subsampled)
	}
	if a.rgb != b.rgb && a.color {
		n += 32 // rounding
	}
	if !a.color && b.color {
		n += 8 + 16*b.subsampled // bytes for nothing
	}
	if !a.alpha && b.alpha {
		n += 4
	}
	return n + max(0, to.PixelStride()-from.PixelStride())
}

type traits struct {
	color, alpha, rgb bool
	subsampled        int // 0 is 4:4:4, 1 is 4:2:2, 2 is 4:2:0
}

func traitsOf(f frames.PixelFormat) traits {
	t := traits{color: f != frames.GRAY8, alpha: f.HasAlpha(), rgb: !f.IsYUV() && f != frames.GRAY8}
	if !f.IsYUV() {
		return t
	}
	t.subsampled = 1
	if f.Planes() > 1 {
		t.subsampled = 2
	}
	return t
}

// chooseFormat leaves of caps the structure and the pixel format that lose least
// of the input.
func chooseFormat(in *frames.Format, caps frames.Caps) frames.Caps {
	var best frames.Structure
	bestName, bestLoss := "", math.MaxInt
	for _, s := range caps.Structures() {
		for _, name := range strings(s, "format") {
			f, err := frames.ParsePixelFormat(name)
			if err != nil {
				continue
			}
			if n := loss(in.Video.Format, f); n < bestLoss {
				best, bestName, bestLoss = s, name, n
			}
		}
	}
	if bestName == "" {
		return caps
	}
	best = best.With("format", frames.String(bestName))
	return frames.NewCaps(keepColor(in, best))
}

// keepColor leaves the colours as they are where YUV stays YUV and downstream
// does not say: a full-range picture keeps its range.
func keepColor(in *frames.Format, out frames.Structure) frames.Structure {
	if _, said := out.Get("colorimetry"); said {
		return out
	}
	color, known := in.Caps().Structures()[0].Get("colorimetry")
	name, _ := out.Get("format")
	f, err := frames.ParsePixelFormat(string(name.(frames.String)))
	if !known || err != nil || f.IsYUV() != in.Video.Format.IsYUV() {
		return out
	}
	return out.With("colorimetry", color)
}

// strings are the strings that a field allows.
func strings(s frames.Structure, field string) []string {
	v, _ := s.Get(field)
	l, ok := v.(frames.List)
	if !ok {
		l = frames.List{v}
	}
	var out []string
	for _, m := range l {
		if name, ok := m.(frames.String); ok {
			out = append(out, string(name))
		}
	}
	return out
}
