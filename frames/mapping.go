package frames

import "math"

// Mapping takes points of one picture to points of another by scaling and
// shifting each axis: x' = x*ScaleX + OffsetX. Crop, scale and letterbox are
// mappings, mirroring has a negative scale, and a quarter turn swaps the axes
// before. What follows from doing several of them in a row is a mapping again.
type Mapping struct {
	ScaleX, ScaleY, OffsetX, OffsetY float64
	// Transpose swaps x and y before they are scaled and shifted.
	Transpose bool
}

// Identity maps every point to itself.
var Identity = Mapping{ScaleX: 1, ScaleY: 1}

// RectMapping takes the area from to the area to.
func RectMapping(from, to Rect) Mapping {
	sx, sy := float64(to.W)/float64(from.W), float64(to.H)/float64(from.H)
	return Mapping{ScaleX: sx, ScaleY: sy, OffsetX: float64(to.X) - float64(from.X)*sx, OffsetY: float64(to.Y) - float64(from.Y)*sy}
}

// IsIdentity reports whether the mapping changes nothing.
func (m Mapping) IsIdentity() bool { return m == Identity }

// Then is first m, then n.
func (m Mapping) Then(n Mapping) Mapping {
	if n.Transpose {
		m.ScaleX, m.ScaleY, m.OffsetX, m.OffsetY = m.ScaleY, m.ScaleX, m.OffsetY, m.OffsetX
	}
	return Mapping{
		ScaleX: m.ScaleX * n.ScaleX, ScaleY: m.ScaleY * n.ScaleY,
		OffsetX: m.OffsetX*n.ScaleX + n.OffsetX, OffsetY: m.OffsetY*n.ScaleY + n.OffsetY,
		Transpose: m.Transpose != n.Transpose,
	}
}

// Inverse is the way back. Scales must not be zero.
func (m Mapping) Inverse() Mapping {
	back := Mapping{ScaleX: 1 / m.ScaleX, ScaleY: 1 / m.ScaleY, OffsetX: -m.OffsetX / m.ScaleX, OffsetY: -m.OffsetY / m.ScaleY}
	if m.Transpose {
		back.ScaleX, back.ScaleY, back.OffsetX, back.OffsetY = back.ScaleY, back.ScaleX, back.OffsetY, back.OffsetX
		back.Transpose = true
	}
	return back
}

// Point maps one point.
func (m Mapping) Point(x, y float64) (float64, float64) {
	if m.Transpose {
		x, y = y, x
	}
	return x*m.ScaleX + m.OffsetX, y*m.ScaleY + m.OffsetY
}

// Area maps an area given by its top left corner and its size. Of a mirrored area
// the corner is the one that comes to lie at the top left.
func (m Mapping) Area(x, y, w, h float64) (ax, ay, aw, ah float64) {
	ax, ay = m.Point(x, y)
	bx, by := m.Point(x+w, y+h)
	if m.Transpose {
		w, h = h, w
	}
	return min(ax, bx), min(ay, by), w * math.Abs(m.ScaleX), h * math.Abs(m.ScaleY)
}

// Rect is Area for whole pixels. Position and size are rounded down separately, as
// the Edge Impulse plugin does; a size never falls below one pixel.
func (m Mapping) Rect(r Rect) Rect {
	x, y, w, h := m.Area(float64(r.X), float64(r.Y), float64(r.W), float64(r.H))
	return Rect{floor(x), floor(y), max(1, floor(w)), max(1, floor(h))}
}

// floor tolerates the last bits of a quotient: 24 * (640/96) is 160.
func floor(v float64) int { return int(math.Floor(v + 1e-6)) }

// Clip is the part of r inside a picture of width x height; ok is false if there
// is none.
func (r Rect) Clip(width, height int) (clipped Rect, ok bool) {
	x0, y0 := max(r.X, 0), max(r.Y, 0)
	x1, y1 := min(r.X+r.W, width), min(r.Y+r.H, height)
	if x1 <= x0 || y1 <= y0 {
		return Rect{}, false
	}
	return Rect{x0, y0, x1 - x0, y1 - y0}, true
}
