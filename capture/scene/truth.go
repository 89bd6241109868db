package scene

// Shape is what is known of one shape in one frame.
type Shape struct {
	// Label is [Circle], [Square] or [Triangle].
	Label string
	// X, Y, W and H are the smallest upright box round the whole shape, covered
	// parts included, in pixels of the picture.
	X, Y, W, H float64
	// Visible is the part of what is painted of the shape that nothing covers,
	// from 0 to 1.
	Visible float64
}

// Truth lists the shapes of frame n, those behind first.
func (s *Scene) Truth(n int) []Shape {
	shapes := s.shown(n)
	poses := make([]pose, len(shapes))
	for i := range poses {
		poses[i] = shapes[i].at(n)
	}
	truth := make([]Shape, len(shapes))
	for i := range truth {
		x0, y0, x1, y1 := shapes[i].box(&poses[i])
		truth[i] = Shape{
			Label: shapes[i].label,
			X:     x0, Y: y0, W: x1 - x0, H: y1 - y0,
			Visible: s.visible(n, i, shapes, poses),
		}
	}
	return truth
}

// visible samples shape i of those shown on a grid and counts the painted points that are in
// the picture and that nothing drawn later covers.
func (s *Scene) visible(n, i int, shapes []body, poses []pose) float64 {
	const samples = 28
	b, p := &shapes[i], &poses[i]
	x0, y0, x1, y1 := b.box(p)
	painted, seen := 0, 0
	for row := range samples {
		y := y0 + (y1-y0)*(float64(row)+0.5)/samples
		for column := range samples {
			x := x0 + (x1-x0)*(float64(column)+0.5)/samples
			if u, v := p.local(x, y); b.distance(u, v) > 0 {
				continue
			}
			painted++
			if s.uncovered(n, i, x, y, shapes, poses) {
				seen++
			}
		}
	}
	if painted == 0 {
		return 0
	}
	return float64(seen) / float64(painted)
}

// uncovered reports whether the point is in the picture and not under a bar or
// a shape drawn after shape i.
func (s *Scene) uncovered(n, i int, x, y float64, shapes []body, poses []pose) bool {
	if x < 0 || y < 0 || x >= float64(s.width) || y >= float64(s.height) {
		return false
	}
	for j := i + 1; j < len(shapes); j++ {
		if u, v := poses[j].local(x, y); shapes[j].distance(u, v) <= 0 {
			return false
		}
	}
	for j := range s.bars {
		if s.bars[j].distance(n, x, y) <= 0 {
			return false
		}
	}
	return true
}
