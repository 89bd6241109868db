package frames

import "math"

// Area is a rectangle whose edges may lie between pixels, origin at the top left.
// What goes through several mappings is kept so, because rounding at each step
// would move it by more with every step.
type Area struct{ X, Y, W, H float64 }

// Area is the rectangle with exact edges.
func (r Rect) Area() Area { return Area{float64(r.X), float64(r.Y), float64(r.W), float64(r.H)} }

// Rect is the nearest rectangle of whole pixels: each edge is at most half a pixel
// off. Where that would leave nothing it is the pixel in the middle.
func (a Area) Rect() Rect {
	x, w := wholePixels(a.X, a.W)
	y, h := wholePixels(a.Y, a.H)
	return Rect{x, y, w, h}
}

func wholePixels(from, size float64) (start, length int) {
	a, b := nearest(from), nearest(from+size)
	if a == b {
		return int(math.Floor(from + size/2)), 1
	}
	return a, b - a
}

// nearest rounds halves up, and takes for one what is less by the last bits of a
// quotient.
func nearest(v float64) int { return int(math.Floor(v + 0.5 + 1e-6)) }

// sliver is what rounding may leave of an area that was cut off.
const sliver = 1e-6

// Clip is the part inside a picture of width x height; ok is false if there is
// none.
func (a Area) Clip(width, height int) (clipped Area, ok bool) {
	x0, y0 := max(a.X, 0), max(a.Y, 0)
	x1, y1 := min(a.X+a.W, float64(width)), min(a.Y+a.H, float64(height))
	if x1-x0 < sliver || y1-y0 < sliver {
		return Area{}, false
	}
	return Area{x0, y0, x1 - x0, y1 - y0}, true
}

// exact is an area that goes with r: a if it is the one that r was rounded from,
// otherwise r itself.
func (r Rect) exact(a Area) Area {
	if a.Rect() == r {
		return a
	}
	return r.Area()
}
