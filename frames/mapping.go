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

// Area maps an area. Of a mirrored one the corner is that which comes to lie at the
// top left.
func (m Mapping) Area(a Area) Area {
	ax, ay := m.Point(a.X, a.Y)
	bx, by := m.Point(a.X+a.W, a.Y+a.H)
	if m.Transpose {
		a.W, a.H = a.H, a.W
	}
	return Area{min(ax, bx), min(ay, by), a.W * math.Abs(m.ScaleX), a.H * math.Abs(m.ScaleY)}
}

// Rect is Area for whole pixels, rounded as [Area.Rect] does.
func (m Mapping) Rect(r Rect) Rect { return m.Area(r.Area()).Rect() }

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
