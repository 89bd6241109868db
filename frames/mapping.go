package frames

import "math"

// Mapping takes points of one picture to points of another by scaling and
// shifting each axis: x' = x*ScaleX + OffsetX. Crop, scale and letterbox are
// mappings, and so is what follows from doing several of them in a row.
type Mapping struct{ ScaleX, ScaleY, OffsetX, OffsetY float64 }

// Identity maps every point to itself.
var Identity = Mapping{ScaleX: 1, ScaleY: 1}

// RectMapping takes the area from to the area to.
func RectMapping(from, to Rect) Mapping {
	sx, sy := float64(to.W)/float64(from.W), float64(to.H)/float64(from.H)
	return Mapping{sx, sy, float64(to.X) - float64(from.X)*sx, float64(to.Y) - float64(from.Y)*sy}
}

// IsIdentity reports whether the mapping changes nothing.
func (m Mapping) IsIdentity() bool { return m == Identity }

// Then is first m, then n.
func (m Mapping) Then(n Mapping) Mapping {
	return Mapping{
		m.ScaleX * n.ScaleX, m.ScaleY * n.ScaleY,
		m.OffsetX*n.ScaleX + n.OffsetX, m.OffsetY*n.ScaleY + n.OffsetY,
	}
}

// Inverse is the way back. Scales must not be zero.
func (m Mapping) Inverse() Mapping {
	return Mapping{1 / m.ScaleX, 1 / m.ScaleY, -m.OffsetX / m.ScaleX, -m.OffsetY / m.ScaleY}
}

// Point maps one point.
func (m Mapping) Point(x, y float64) (float64, float64) {
	return x*m.ScaleX + m.OffsetX, y*m.ScaleY + m.OffsetY
}

// Rect maps an area. Position and size are rounded down separately, as the Edge
// Impulse plugin does; a size never falls below one pixel.
func (m Mapping) Rect(r Rect) Rect {
	x, y := m.Point(float64(r.X), float64(r.Y))
	return Rect{
		floor(x), floor(y),
		max(1, floor(float64(r.W)*m.ScaleX)), max(1, floor(float64(r.H)*m.ScaleY)),
	}
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
