package grid

// Cells is one detection: a class and the box of the grid cells it covers, in
// cells, with the highest probability among them.
type Cells struct {
	Class               int
	X, Y, Width, Height int
	Probability         float32
}

// Merger turns the distributions of a grid into detections. The zero value is
// ready; it keeps its working memory from call to call.
type Merger struct {
	peak  []int
	boxes []int
	found []Cells
}

// saddle is how far the probability between two summits must fall below the
// lower one for them to be two things.
const saddle = 0.7

// Merge returns one detection for each summit of each class (1 and up) whose
// probability is at least threshold. Neighbouring cells of a class, diagonal
// ones included, become one box with the summit they lead up to; two things of
// a class side by side stay apart if there is a clear dip between them.
// probabilities are planes of the grid of the size given.
// The result is valid until the next call.
func (m *Merger) Merge(probabilities []float32, size Shape, threshold float32) []Cells {
	m.found = m.found[:0]
	area := size.Area()
	if len(m.peak) < area {
		m.peak, m.boxes = make([]int, area), make([]int, area)
	}
	for class := 1; class < size.Channels; class++ {
		m.mergeClass(probabilities[class*area:(class+1)*area], size, threshold, class)
	}
	return m.found
}

func (m *Merger) mergeClass(plane []float32, size Shape, threshold float32, class int) {
	for p, v := range plane {
		m.peak[p] = -1
		if v >= threshold {
			m.peak[p] = steepest(plane, size, p)
		}
	}
	for p := range plane {
		for m.peak[p] >= 0 && m.peak[m.peak[p]] != m.peak[p] {
			m.peak[p] = m.peak[m.peak[p]]
		}
	}
	m.joinSummits(plane, size)
	for p := range plane {
		m.boxes[p] = -1
	}
	for p, top := range m.peak[:len(plane)] {
		if top < 0 {
			continue
		}
		x, y := p%size.Width, p/size.Width
		if m.boxes[top] < 0 {
			m.boxes[top] = len(m.found)
			m.found = append(m.found, Cells{Class: class, X: x, Y: y, Width: 1, Height: 1, Probability: plane[p]})
			continue
		}
		m.found[m.boxes[top]].include(x, y, plane[p])
	}
}

// include grows the box so that it covers a cell.
func (c *Cells) include(x, y int, probability float32) {
	right, bottom := max(c.X+c.Width, x+1), max(c.Y+c.Height, y+1)
	c.X, c.Y = min(c.X, x), min(c.Y, y)
	c.Width, c.Height = right-c.X, bottom-c.Y
	c.Probability = max(c.Probability, probability)
}

// steepest is the highest of the cell and its neighbours. Equal ones go by
// their place, so that a plateau has one summit and nobody walks in a circle.
func steepest(plane []float32, size Shape, p int) int {
	best := p
	neighbours(size, p, func(q int) {
		if plane[q] > plane[best] || plane[q] == plane[best] && q < best {
			best = q
		}
	})
	return best
}

// joinSummits gives neighbouring hills one summit where the dip between them is
// shallow.
func (m *Merger) joinSummits(plane []float32, size Shape) {
	for p := range plane {
		if m.peak[p] < 0 {
			continue
		}
		neighbours(size, p, func(q int) {
			a, b := m.peak[p], m.peak[q]
			if b < 0 || a == b || min(plane[p], plane[q]) < saddle*min(plane[a], plane[b]) {
				return
			}
			if plane[b] > plane[a] || plane[b] == plane[a] && b < a {
				a, b = b, a
			}
			for i, top := range m.peak[:len(plane)] {
				if top == b {
					m.peak[i] = a
				}
			}
		})
	}
}

// neighbours calls visit for the up to eight cells round cell p.
func neighbours(size Shape, p int, visit func(q int)) {
	x, y := p%size.Width, p/size.Width
	for ny := max(y-1, 0); ny <= min(y+1, size.Height-1); ny++ {
		for nx := max(x-1, 0); nx <= min(x+1, size.Width-1); nx++ {
			if q := ny*size.Width + nx; q != p {
				visit(q)
			}
		}
	}
}
