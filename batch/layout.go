package batch

import (
	"github.com/eiengine/eiengine/frames"
)

// maxSide bounds pictures as frames.NewFormat does.
const maxSide = 1 << 15

// square is the shape of pixels; unknown counts as square.
func square(par frames.Fraction) frames.Fraction {
	if par.Num <= 0 || par.Den <= 0 {
		return frames.Fraction{Num: 1, Den: 1}
	}
	return par
}

// size is the size that a pad asks for before shapes are looked at, 0 if it is not
// shown.
func (p *padProps) size(v *frames.VideoInfo, zeroIsUnscaled bool) (w, h int) {
	side := func(asked, own int) int {
		if asked < 0 || asked == 0 && zeroIsUnscaled {
			return own
		}
		return asked
	}
	return side(p.Width, v.Width), side(p.Height, v.Height)
}

// area is where a picture is to lie in an output whose pixels have the shape par,
// by the rules of GStreamer: width and height are those of square pixels, of which
// the height stays where it can. pad is that area with the bars that keep-aspect-ratio
// leaves on two sides. Both are empty if nothing is shown.
func (p *padProps) area(v *frames.VideoInfo, par frames.Fraction, zeroIsUnscaled bool) (picture, pad frames.Rect) {
	w, h := p.size(v, zeroIsUnscaled)
	if w <= 0 || h <= 0 {
		return picture, pad
	}
	pad = frames.Rect{X: p.X, Y: p.Y, W: w, H: h}
	if w > maxSide || h > maxSide {
		return pad, pad // too large, which is told when it is to be shown
	}
	from, to := square(v.PAR), square(par)
	if p.Sizing == sizeKeepAspect {
		return inscribe(pad, reduce(v.Width*from.Num*to.Den, v.Height*from.Den*to.Num)), pad
	}
	shape := reduce(w*from.Num*to.Den, h*from.Den*to.Num)
	if h%shape.Num != 0 && w%shape.Den == 0 {
		pad.H = w * shape.Den / shape.Num
	} else {
		pad.W = h * shape.Num / shape.Den
	}
	return pad, pad
}

// inscribe is the largest centred part of r of a shape, width over height.
func inscribe(r frames.Rect, shape frames.Fraction) frames.Rect {
	tall := r.W * shape.Den / shape.Num
	if tall == 0 {
		return frames.Rect{}
	}
	in := r
	// As GStreamer rounds it: the shape in whole pixels of the full width.
	ratio := float64(r.W) / float64(tall)
	switch have := float64(r.W) / float64(r.H); {
	case ratio > have:
		in.H = int(float64(r.W) / ratio)
	case ratio < have:
		in.W = int(float64(r.H) * ratio)
	}
	in.X, in.Y = r.X+(r.W-in.W)/2, r.Y+(r.H-in.H)/2
	return in
}

// reduce is a shape in small numbers. Ones that no integer holds count as square.
func reduce(num, den int) frames.Fraction {
	if num <= 0 || den <= 0 {
		return frames.Fraction{Num: 1, Den: 1}
	}
	return frames.Fraction{Num: num, Den: den}.Reduce()
}

// contains reports whether all of b lies in a.
func contains(a, b frames.Rect) bool {
	return b.X >= a.X && b.Y >= a.Y && b.X+b.W <= a.X+a.W && b.Y+b.H <= a.Y+a.H
}

// without appends to list what of r lies outside of hole.
func without(list []frames.Rect, r, hole frames.Rect) []frames.Rect {
	x0, y0 := max(r.X, hole.X), max(r.Y, hole.Y)
	x1, y1 := min(r.X+r.W, hole.X+hole.W), min(r.Y+r.H, hole.Y+hole.H)
	if x0 >= x1 || y0 >= y1 {
		return append(list, r)
	}
	for _, part := range [...]frames.Rect{
		{X: r.X, Y: r.Y, W: r.W, H: y0 - r.Y},
		{X: r.X, Y: y1, W: r.W, H: r.Y + r.H - y1},
		{X: r.X, Y: y0, W: x0 - r.X, H: y1 - y0},
		{X: x1, Y: y0, W: r.X + r.W - x1, H: y1 - y0},
	} {
		if part.W > 0 && part.H > 0 {
			list = append(list, part)
		}
	}
	return list
}
