package fomo

// Thing is something that the network is to find: its class (1 and up) and its
// box, in pixels of the network's input.
type Thing struct {
	Class      int
	X, Y, W, H float64
	// Unsure things may be found or not, such as those that are mostly covered.
	Unsure bool
}

// Ignore marks a cell of a target of which nothing is asked.
const Ignore = 255

// margin is how near, in cells, a centre may come to a cell's border before the
// cell on the other side is left alone too.
const margin = 0.35

// core is the part of a thing, in halves of its box round its centre, in which
// cells are left alone.
const core = 0.6

// Target fills dst with the class that each cell of the grid should answer: a
// thing's class in the cell that its centre lies in, Ignore in the cells near
// that one, and 0 elsewhere. width and height are the input's in pixels.
func Target(dst []uint8, grid Shape, width, height int, things []Thing) {
	clear(dst)
	cellsX := float64(grid.Width) / float64(width)
	cellsY := float64(grid.Height) / float64(height)
	for i := range things {
		t := &things[i]
		x, y := (t.X+t.W/2)*cellsX, (t.Y+t.H/2)*cellsY
		reachX := core * t.W / 2 * cellsX
		reachY := core * t.H / 2 * cellsY
		for row := range grid.Height {
			for column := range grid.Width {
				dx, dy := float64(column)+0.5-x, float64(row)+0.5-y
				near := within(dx, 0.5+margin) && within(dy, 0.5+margin)
				if near || within(dx, reachX) && within(dy, reachY) {
					dst[row*grid.Width+column] = Ignore
				}
			}
		}
	}
	for i := range things { // after all others, so that no neighbour hides a centre
		t := &things[i]
		column, row := int((t.X+t.W/2)*cellsX), int((t.Y+t.H/2)*cellsY)
		if t.Unsure || column < 0 || row < 0 || column >= grid.Width || row >= grid.Height {
			continue
		}
		dst[row*grid.Width+column] = uint8(t.Class)
	}
}

func within(d, limit float64) bool { return d >= -limit && d <= limit }
