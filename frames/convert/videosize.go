package convert

import (
	"math"

	"github.com/eiengine/eiengine/frames"
)

// shape is width over height of one pixel; unknown counts as square.
func shape(par frames.Fraction) float64 {
	if par.Num <= 0 || par.Den <= 0 {
		return 1
	}
	return par.Float()
}

// chooseSize fixes size and pixel shape of what a scaler may give, by the rules of
// GStreamer: the picture keeps its shape on the screen where that is possible.
// What is open stays as near to the input as can be, and if the shape of the
// pixels is open, it makes up for what that changes.
func chooseSize(in *frames.Format, s frames.Structure) frames.Structure {
	v := in.Video
	w, fixedW := fixedInt(s, "width")
	h, fixedH := fixedInt(s, "height")
	par, saysPAR := s.Get("pixel-aspect-ratio")
	if p, fixed := par.(frames.Fraction); fixed {
		switch {
		case fixedW && fixedH:
			return s
		case fixedW:
			return s.FixateInt("height", rounded(float64(w)/ratio(v, p)))
		case fixedH:
			return s.FixateInt("width", rounded(float64(h)*ratio(v, p)))
		}
		return chooseSides(v, s, p)
	}
	s = s.FixateInt("width", v.Width).FixateInt("height", v.Height)
	w, _ = fixedInt(s, "width")
	h, _ = fixedInt(s, "height")
	// The shape of the pixels gives way.
	want := frames.Fraction{
		Num: square(v.PAR).Num * v.Width * h, Den: square(v.PAR).Den * v.Height * w,
	}.Reduce()
	switch {
	case w < 1 || h < 1 || want.Num > math.MaxInt32 || want.Den > math.MaxInt32:
		return s // no caps can say that
	case saysPAR:
		return s.FixateFraction("pixel-aspect-ratio", want)
	case want != square(v.PAR) || v.PAR.Den != 0:
		return s.With("pixel-aspect-ratio", want)
	}
	return s
}

// ratio is width over height in pixels of shape par of a picture that looks like v.
func ratio(v frames.VideoInfo, par frames.Fraction) float64 {
	return float64(v.Width) / float64(v.Height) * shape(v.PAR) / shape(par)
}

// chooseSides fixes a size of which both sides are open, for pixels of a given
// shape: the height stays if it can, and the width follows, or the reverse.
func chooseSides(v frames.VideoInfo, s frames.Structure, par frames.Fraction) frames.Structure {
	r := ratio(v, par)
	near := s.FixateInt("height", v.Height)
	h, _ := fixedInt(near, "height")
	near = near.FixateInt("width", rounded(float64(h)*r))
	w, _ := fixedInt(near, "width")
	if w == rounded(float64(h)*r) {
		return near
	}
	// Downstream does not take that width: let the height follow it.
	return s.With("width", frames.Int(w)).FixateInt("height", rounded(float64(w)/r))
}

// sizeOf picks the structure to fix a size of. Caps without a shape of pixels mean
// square ones: they may not turn into others merely because downstream names one.
func sizeOf(in *frames.Format, caps frames.Caps) frames.Structure {
	all := caps.Structures()
	for _, s := range all {
		par, said := s.Get("pixel-aspect-ratio")
		if p, fixed := par.(frames.Fraction); said && fixed && square(p) != square(in.Video.PAR) {
			_, w := fixedInt(s, "width")
			_, h := fixedInt(s, "height")
			if w && h && s.With("width", frames.Int(in.Video.Width)).With("height", frames.Int(in.Video.Height)).String() == s.String() {
				continue
			}
		}
		return s
	}
	return all[0]
}

// placeFor is where a picture lies in an output whose shape on the screen may
// differ: the largest centred area of its own shape. Positions are even, so that
// chroma samples are whole.
func placeFor(in, out frames.VideoInfo) frames.Rect {
	wide := ratio(in, out.PAR)
	r := frames.Rect{W: out.Width, H: out.Height}
	if w := rounded(float64(out.Height) * wide); w < out.Width {
		r.W = w
	} else {
		r.H = min(rounded(float64(out.Width)/wide), out.Height)
	}
	r.X, r.Y = (out.Width-r.W)/2&^1, (out.Height-r.H)/2&^1
	return r
}

func rounded(v float64) int { return max(1, int(v+0.5)) }

func square(par frames.Fraction) frames.Fraction {
	if par.Num <= 0 || par.Den <= 0 {
		return frames.Fraction{Num: 1, Den: 1}
	}
	return par
}

func fixedInt(s frames.Structure, name string) (int, bool) {
	v, _ := s.Get(name)
	n, ok := v.(frames.Int)
	return int(n), ok
}
