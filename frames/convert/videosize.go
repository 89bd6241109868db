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

// chooseSize fixes size and pixel shape of what a scaler may give, so that the
// picture keeps its shape on the screen where that is possible.
func chooseSize(in *frames.Format, s frames.Structure) frames.Structure {
	v := in.Video
	w, fixedW := fixedInt(s, "width")
	h, fixedH := fixedInt(s, "height")
	_, saysPAR := s.Get("pixel-aspect-ratio")
	if !fixedW || !fixedH {
		if saysPAR {
			s = s.FixateFraction("pixel-aspect-ratio", square(v.PAR))
		}
		return chooseSides(v, s, w, fixedW, h, fixedH)
	}
	// The shape of the pixels gives way.
	par := frames.Fraction{
		Num: square(v.PAR).Num * v.Width * h, Den: square(v.PAR).Den * v.Height * w,
	}.Reduce()
	switch {
	case par.Num > math.MaxInt32 || par.Den > math.MaxInt32:
		return s // no caps can say that
	case saysPAR:
		return s.FixateFraction("pixel-aspect-ratio", par)
	case par != square(v.PAR) || v.PAR.Den != 0:
		return s.With("pixel-aspect-ratio", par)
	}
	return s
}

// chooseSides fixes a size of which at least one side is open.
func chooseSides(v frames.VideoInfo, s frames.Structure, w int, fixedW bool, h int, fixedH bool) frames.Structure {
	outPAR := v.PAR
	if p, ok := s.Get("pixel-aspect-ratio"); ok {
		outPAR, _ = p.(frames.Fraction)
	} else if v.PAR.Den != 0 {
		s = s.With("pixel-aspect-ratio", v.PAR)
	}
	// Width over height in pixels of a picture that looks the same.
	ratio := float64(v.Width) / float64(v.Height) * shape(v.PAR) / shape(outPAR)
	switch {
	case fixedW:
		return s.FixateInt("height", rounded(float64(w)/ratio))
	case fixedH:
		return s.FixateInt("width", rounded(float64(h)*ratio))
	}
	near := s.FixateInt("height", v.Height)
	h, _ = fixedInt(near, "height")
	near = near.FixateInt("width", rounded(float64(h)*ratio))
	if w, _ = fixedInt(near, "width"); w == rounded(float64(h)*ratio) {
		return near
	}
	// Downstream does not take that width: let the height follow it.
	return s.With("width", frames.Int(w)).FixateInt("height", rounded(float64(w)/ratio))
}

// placeFor is where a picture lies in an output whose shape on the screen may
// differ: the largest centred area of its own shape. Positions are even, so that
// chroma samples are whole.
func placeFor(in, out frames.VideoInfo) frames.Rect {
	ratio := float64(in.Width) / float64(in.Height) * shape(in.PAR) / shape(out.PAR)
	r := frames.Rect{W: out.Width, H: out.Height}
	if w := rounded(float64(out.Height) * ratio); w < out.Width {
		r.W = w
	} else {
		r.H = min(rounded(float64(out.Width)/ratio), out.Height)
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
