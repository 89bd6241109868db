package scene

import (
	"math"
	"math/rand/v2"
)

// The labels of the shapes.
const (
	Circle   = "circle"
	Square   = "square"
	Triangle = "triangle"
)

// Labels are the labels of all shapes.
func Labels() []string { return []string{Circle, Square, Triangle} }

// fill is how the inside of a shape is painted.
type fill uint8

const (
	solid fill = iota
	striped
	checkered
	shaded
	speckled
	fills
)

// body is one shape: what it is, how it is painted and how it moves. Lengths
// are in pixels, local coordinates have their origin in the middle.
type body struct {
	label   string
	radius  float32 // of the circle, or of the circle round the corners
	edges   []edge  // the sides of a polygon, none for a circle
	corners [][2]float64
	outline float32 // width of the line of a shape without inside, else 0
	fill    fill
	period  float32 // of stripes and checks
	first   rgb
	second  rgb

	x, y          bounce
	angle, turn   float64 // radians, and radians a frame
	speckleOffset uint32
}

// edge is one side of a convex polygon: nx*x + ny*y - c is the distance from
// its line, positive outside.
type edge struct{ nx, ny, c float32 }

// bounce is a movement to and fro between lo and hi.
type bounce struct{ lo, hi, phase, speed float64 }

func (b bounce) at(n int) float64 {
	span := b.hi - b.lo
	if span <= 0 {
		return b.lo
	}
	t := math.Mod(b.phase+b.speed*float64(n), 2*span)
	if t < 0 {
		t += 2 * span
	}
	if t > span {
		t = 2*span - t
	}
	return b.lo + t
}

// pose is where a body is in one frame.
type pose struct {
	x, y     float64
	sin, cos float64
}

func (b *body) at(n int) pose {
	sin, cos := math.Sincos(b.angle + b.turn*float64(n))
	return pose{x: b.x.at(n), y: b.y.at(n), sin: sin, cos: cos}
}

// box is the smallest upright box round the body.
func (b *body) box(p *pose) (x0, y0, x1, y1 float64) {
	if len(b.corners) == 0 {
		r := float64(b.radius)
		return p.x - r, p.y - r, p.x + r, p.y + r
	}
	x0, y0, x1, y1 = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, c := range b.corners {
		x := p.x + c[0]*p.cos - c[1]*p.sin
		y := p.y + c[0]*p.sin + c[1]*p.cos
		x0, x1 = min(x0, x), max(x1, x)
		y0, y1 = min(y0, y), max(y1, y)
	}
	return x0, y0, x1, y1
}

// distance is how far the local point lies outside of what is painted of the
// body, negative inside. Beyond corners it is too small, which only sharpens
// them.
func (b *body) distance(u, v float32) float32 {
	var d float32
	if len(b.edges) == 0 {
		d = float32(math.Sqrt(float64(u*u+v*v))) - b.radius
	} else {
		d = float32(math.Inf(-1))
		for i := range b.edges {
			e := &b.edges[i]
			d = max(d, e.nx*u+e.ny*v-e.c)
		}
	}
	if b.outline == 0 {
		return d
	}
	half := b.outline / 2
	return max(d+half, -(d+half)) - half
}

// local turns a point of the picture into the body's own coordinates.
func (p *pose) local(x, y float64) (u, v float32) {
	dx, dy := x-p.x, y-p.y
	return float32(dx*p.cos + dy*p.sin), float32(dy*p.cos - dx*p.sin)
}

// setCorners makes the body the convex polygon with these corners, given
// clockwise as the picture shows them.
func (b *body) setCorners(corners [][2]float64) {
	b.corners = corners
	for i, p := range corners {
		q := corners[(i+1)%len(corners)]
		dx, dy := q[0]-p[0], q[1]-p[1]
		length := math.Hypot(dx, dy)
		nx, ny := dy/length, -dx/length
		b.edges = append(b.edges, edge{float32(nx), float32(ny), float32(nx*p[0] + ny*p[1])})
	}
}

// polygon returns corners on a circle at the angles given in degrees.
func polygon(radius float64, degrees ...float64) [][2]float64 {
	corners := make([][2]float64, len(degrees))
	for i, d := range degrees {
		sin, cos := math.Sincos(d * math.Pi / 180)
		corners[i] = [2]float64{radius * cos, radius * sin}
	}
	return corners
}

// placeShapes makes the shapes of a scene, one in each part of the picture.
func placeShapes(r *rand.Rand, s *Scene, count int, speed float64) []body {
	if count <= 0 {
		count = 2 + r.IntN(4)
	}
	count = min(count, 6)
	columns, rows := gridFor(count, s.width >= s.height)
	order := r.Perm(columns * rows)
	shapes := make([]body, count)
	for i := range shapes {
		cell := order[i]
		across := between(r, 64, 150) * s.scale
		shapes[i] = newBody(r, s, across, cell%columns, columns, cell/columns, rows, speed)
	}
	return shapes
}

func gridFor(count int, wide bool) (columns, rows int) {
	switch {
	case count <= 3:
		columns, rows = count, 1
	case count == 4:
		columns, rows = 2, 2
	default:
		columns, rows = 3, 2
	}
	if !wide {
		columns, rows = rows, columns
	}
	return columns, rows
}

// newBody makes one shape, that many pixels wide if there is room, that lives in
// the given part of the picture.
func newBody(r *rand.Rand, s *Scene, across float64, column, columns, row, rows int, speed float64) body {
	width, height := float64(s.width), float64(s.height)
	across = min(across, 0.62*width/float64(columns), 0.62*height/float64(rows))

	b := body{label: Labels()[r.IntN(3)]}
	reach := across / 2 // from the middle to the farthest point
	switch b.label {
	case Square:
		reach = math.Sqrt2 / 2 * across
		b.setCorners(polygon(reach, 45, 135, 225, 315))
	case Triangle:
		reach = 0.62 * across
		b.setCorners(polygon(reach, between(r, -12, 12), between(r, 108, 132), between(r, 228, 252)))
	}
	b.radius = float32(reach)

	b.x = track(r, reach, column, columns, width)
	b.y = track(r, reach, row, rows, height)
	step := between(r, 1, 4) * s.scale * speed
	sin, cos := math.Sincos(between(r, 0, 2*math.Pi))
	b.x.speed, b.y.speed = step*cos, step*sin
	b.angle = between(r, 0, 2*math.Pi)
	b.turn = between(r, -0.03, 0.03) * speed

	b.paintWith(r, s, across)
	return b
}

// track is the way of a shape along one axis: up to the border of the picture,
// and half its reach short of the middle between it and its neighbour, so that
// neighbours cover each other partly but their middles stay apart.
func track(r *rand.Rand, reach float64, index, parts int, length float64) bounce {
	lo, hi := length*float64(index)/float64(parts), length*float64(index+1)/float64(parts)
	if index == 0 {
		lo = reach
	} else {
		lo += reach / 2
	}
	if index == parts-1 {
		hi = length - reach
	} else {
		hi -= reach / 2
	}
	if hi < lo {
		lo = (lo + hi) / 2
		hi = lo
	}
	return bounce{lo: lo, hi: hi, phase: between(r, 0, 2*(hi-lo))}
}

// paintWith chooses the colours and the filling.
func (b *body) paintWith(r *rand.Rand, s *Scene, across float64) {
	b.first = s.colourAgainst(r, b)
	b.second = b.first.towards(randomColour(r), between(r, 0.3, 0.8))
	b.period = float32(across * between(r, 0.12, 0.3))
	b.speckleOffset = r.Uint32()
	if chance(r, 0.22) {
		b.outline = float32(max(across*between(r, 0.11, 0.17), 1.5))
		return
	}
	if chance(r, 0.55) {
		b.fill = fill(1 + r.IntN(int(fills)-1))
	}
}
