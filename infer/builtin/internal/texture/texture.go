package texture

import (
	"fmt"
	"math"
)

const (
	// Cell is the side of a cell in pixels.
	Cell = 8
	// Features is the number of values that describe a cell.
	Features = near + wide + extremes

	levels    = 3
	responses = 8
	near      = levels*responses + 3 // of the square of twice the cell's size
	wide      = responses + 3        // of the square of four times its size
	extremes  = 2                    // darkest and brightest of the nearer square
	block     = Cell / 2             // side of the squares that are summed over first
)

// Extractor computes features of pictures of one size. It owns the memory that
// this needs, so that computing does not allocate. It may be used from one
// goroutine at a time.
type Extractor struct {
	width, height int
	colours       [3][]float32
	grays         [levels][]float32
	lines         [3][]float32 // of a level, filtered along the rows
	blocks        [near][]float32
	dark, bright  []float32 // of each block, at the second scale
	cells         []float64
}

// NewExtractor prepares for pictures of width x height pixels, multiples of Cell
// and at least two cells.
func NewExtractor(width, height int) (*Extractor, error) {
	if width < 2*Cell || height < 2*Cell || width%Cell != 0 || height%Cell != 0 {
		return nil, fmt.Errorf("pictures of %dx%d: sides must be multiples of %d, and at least %d", width, height, Cell, 2*Cell)
	}
	e := &Extractor{width: width, height: height}
	for i := range e.colours {
		e.colours[i] = make([]float32, width*height)
		e.lines[i] = make([]float32, width*height)
	}
	for i := range e.grays {
		e.grays[i] = make([]float32, (width>>i)*(height>>i))
	}
	for i := range e.blocks {
		e.blocks[i] = make([]float32, (width/block)*(height/block))
	}
	e.dark, e.bright = make([]float32, len(e.blocks[0])), make([]float32, len(e.blocks[0]))
	columns, rows := e.Cells()
	e.cells = make([]float64, columns*rows*Features)
	return e, nil
}

// Cells is how many cells lie beside and below each other.
func (e *Extractor) Cells() (columns, rows int) { return e.width / Cell, e.height / Cell }

// Colour is the plane of one colour to fill before Describe, 0 red, 1 green, 2
// blue, values from 0 to 255. Describe changes it.
func (e *Extractor) Colour(i int) []float32 { return e.colours[i] }

// Describe computes the features of all cells, cell after cell, row after row.
// They are valid until the next call.
func (e *Extractor) Describe() []float64 {
	for i := range e.colours {
		flatten(e.colours[i], e.width, e.height)
	}
	red, green, blue := e.colours[0], e.colours[1], e.colours[2]
	for i := range e.grays[0] {
		e.grays[0][i] = 0.299*red[i] + 0.587*green[i] + 0.114*blue[i] // ITU-R BT.601
	}
	for level := range levels {
		w, h := e.width>>level, e.height>>level
		if level > 0 {
			halve(e.grays[level], e.grays[level-1], w, h)
		}
		e.energies(level, w, h)
	}
	for i := range e.colours {
		e.means(e.blocks[levels*responses+i], e.colours[i])
	}
	e.findExtremes()
	e.gather()
	return e.cells
}

// flatten divides a plane by the plane a+bx+cy that fits it best.
func flatten(p []float32, width, height int) {
	midX, midY := float64(width-1)/2, float64(height-1)/2
	var sum, byX, byY float64
	for y := range height {
		line := 0.0
		for x, v := range p[y*width : (y+1)*width] {
			line += float64(v)
			byX += float64(v) * (float64(x) - midX)
		}
		sum += line
		byY += line * (float64(y) - midY)
	}
	n := float64(width * height)
	mean := sum / n
	// The squares of the distances from the middle add up to n(width²-1)/12.
	slopeX := byX * 12 / (n * float64(width*width-1))
	slopeY := byY * 12 / (n * float64(height*height-1))
	for y := range height {
		for x := range width {
			fit := mean + slopeX*(float64(x)-midX) + slopeY*(float64(y)-midY)
			p[y*width+x] /= float32(max(fit, 4)) // black stays black
		}
	}
}

// halve makes dst of w x h pixels from src of twice the sides.
func halve(dst, src []float32, w, h int) {
	for y := range h {
		a, b := src[2*y*2*w:][:2*w], src[(2*y+1)*2*w:][:2*w]
		row := dst[y*w : (y+1)*w]
		for x := range row {
			row[x] = (a[2*x] + a[2*x+1] + b[2*x] + b[2*x+1]) / 4
		}
	}
}

// The rows of the cosine transform of three values.
const (
	flat  = 0.57735027 // 1/√3, each
	steep = 0.70710678 // 1/√2: + 0 -
	bent  = 0.40824829 // 1/√6: + -2 +
)

// energies sums the squares of the responses of one level over its blocks.
func (e *Extractor) energies(level, w, h int) {
	src := e.grays[level]
	for y := range h {
		row := src[y*w : (y+1)*w]
		at := y * w
		for x, v := range row {
			l, r := row[max(x-1, 0)], row[min(x+1, w-1)]
			e.lines[0][at+x] = flat * (l + v + r)
			e.lines[1][at+x] = steep * (l - r)
			e.lines[2][at+x] = bent * (l - 2*v + r)
		}
	}
	side := block >> level
	out := e.blocks[level*responses : (level+1)*responses]
	for i := range out {
		clear(out[i])
	}
	for y := range h {
		up, down := max(y-1, 0)*w, min(y+1, h-1)*w
		line := (y / side) * (w / side)
		for x := range w {
			at := line + x/side
			for i := range 3 {
				l := e.lines[i]
				a, v, b := l[up+x], l[y*w+x], l[down+x]
				s, c := steep*(a-b), bent*(a-2*v+b)
				if i > 0 {
					f := flat * (a + v + b)
					out[i-1][at] += f * f
				}
				out[2+2*i][at] += s * s
				out[3+2*i][at] += c * c
			}
		}
	}
}

// means sums a colour over blocks.
func (e *Extractor) means(dst, src []float32) {
	clear(dst)
	columns := e.width / block
	for y := range e.height {
		for x, v := range src[y*e.width : (y+1)*e.width] {
			dst[(y/block)*columns+x/block] += v
		}
	}
}

// findExtremes finds the darkest and the brightest value of each block at the
// second scale, where a pixel is the mean of four.
func (e *Extractor) findExtremes() {
	const side = block / 2
	w := e.width / 2
	columns := e.width / block
	for i := range e.dark {
		at := i/columns*side*w + i%columns*side
		low, high := e.grays[1][at], e.grays[1][at]
		for y := range side {
			for _, v := range e.grays[1][at+y*w : at+y*w+side] {
				low, high = min(low, v), max(high, v)
			}
		}
		e.dark[i], e.bright[i] = low, high
	}
}

// gather makes features of the sums over blocks.
func (e *Extractor) gather() {
	columns, rows := e.Cells()
	for y := range rows {
		for x := range columns {
			out := e.cells[(y*columns+x)*Features:][:Features]
			for i := range near {
				out[i] = feature(i, e.around(i, x, y, 1))
			}
			for i := range wide {
				from := near - wide + i // the coarsest level, and the colours
				out[near+i] = feature(from, e.around(from, x, y, 3))
			}
			out[near+wide], out[near+wide+1] = e.extremesAround(x, y)
		}
	}
}

// around is the mean sum of the blocks of a cell and of so many round it, fewer
// at the border.
func (e *Extractor) around(i, x, y, margin int) float64 {
	left, top, right, bottom := e.square(x, y, margin)
	columns := e.width / block
	var sum float32
	for row := top; row < bottom; row++ {
		for _, v := range e.blocks[i][row*columns+left : row*columns+right] {
			sum += v
		}
	}
	return float64(sum) / float64((bottom-top)*(right-left))
}

// square is the blocks of a cell and so many round it, within the picture.
func (e *Extractor) square(x, y, margin int) (left, top, right, bottom int) {
	return max(2*x-margin, 0), max(2*y-margin, 0),
		min(2*x+2+margin, e.width/block), min(2*y+2+margin, e.height/block)
}

// extremesAround are the darkest and the brightest value of a cell's nearer
// square.
func (e *Extractor) extremesAround(x, y int) (dark, bright float64) {
	left, top, right, bottom := e.square(x, y, 1)
	columns := e.width / block
	low, high := e.dark[top*columns+left], e.bright[top*columns+left]
	for row := top; row < bottom; row++ {
		for i := row*columns + left; i < row*columns+right; i++ {
			low, high = min(low, e.dark[i]), max(high, e.bright[i])
		}
	}
	return float64(low), float64(high)
}

// feature turns the mean sum of a block into the feature.
func feature(i int, sum float64) float64 {
	if i >= levels*responses {
		return sum / (block * block)
	}
	side := block >> (i / responses)
	return math.Log(sum/float64(side*side) + 1e-5)
}
