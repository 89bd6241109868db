// Package resize brings packed RGB pictures to the size of a network's input,
// each axis on its own, for training and for tests.
//
// There are two filters since a detector meets both: [Area] averages all pixels
// that an output pixel covers, [Bilinear] looks only at the four nearest to its
// centre, which keeps more noise and more jagged edges when shrinking. These
// are plain reference versions; they are not made for speed.
package resize

import "math"

// Filter computes the picture dst of dw x dh pixels from src of sw x sh pixels,
// both packed RGB without gaps between rows. All sides must be at least 1.
type Filter func(dst []byte, dw, dh int, src []byte, sw, sh int)

// Area averages the pixels that each output pixel covers, parts of pixels by
// their part.
func Area(dst []byte, dw, dh int, src []byte, sw, sh int) {
	columns, rows := covers(dw, sw), covers(dh, sh)
	line := make([]float32, 3*dw)
	for y, cover := range rows {
		clear(line)
		for sy := cover.first; sy <= cover.last; sy++ {
			addRow(line, src[3*sw*sy:3*sw*(sy+1)], columns, cover.weight(sy))
		}
		out := dst[3*dw*y : 3*dw*(y+1)]
		for i, v := range line {
			out[i] = byte(min(v+0.5, 255))
		}
	}
}

func addRow(line []float32, row []byte, columns []cover, weight float32) {
	for x, c := range columns {
		var r, g, b float32
		for sx := c.first; sx <= c.last; sx++ {
			w := c.weight(sx)
			p := row[3*sx : 3*sx+3]
			r += w * float32(p[0])
			g += w * float32(p[1])
			b += w * float32(p[2])
		}
		line[3*x] += weight * r
		line[3*x+1] += weight * g
		line[3*x+2] += weight * b
	}
}

// cover is the range of source pixels under one output pixel.
type cover struct {
	first, last int
	lo, hi      float64
}

// weight is the part of the output pixel that source pixel i fills.
func (c *cover) weight(i int) float32 {
	return float32((min(c.hi, float64(i+1)) - max(c.lo, float64(i))) / (c.hi - c.lo))
}

func covers(d, s int) []cover {
	step := float64(s) / float64(d)
	cs := make([]cover, d)
	for i := range cs {
		lo, hi := float64(i)*step, float64(i+1)*step
		hi = min(hi, float64(s))
		cs[i] = cover{int(lo), min(int(math.Ceil(hi))-1, s-1), lo, hi}
	}
	return cs
}

// Bilinear mixes the four pixels nearest to the centre of each output pixel.
func Bilinear(dst []byte, dw, dh int, src []byte, sw, sh int) {
	columns, rows := nearest(dw, sw), nearest(dh, sh)
	for y, v := range rows {
		top, bottom := src[3*sw*v.a:], src[3*sw*v.b:]
		for x, h := range columns {
			for c := range 3 {
				t := float64(top[3*h.a+c])*(1-h.part) + float64(top[3*h.b+c])*h.part
				b := float64(bottom[3*h.a+c])*(1-h.part) + float64(bottom[3*h.b+c])*h.part
				dst[3*(y*dw+x)+c] = byte(t*(1-v.part) + b*v.part + 0.5)
			}
		}
	}
}

// two are the source pixels on both sides of a point, and how much of b counts.
type two struct {
	a, b int
	part float64
}

func nearest(d, s int) []two {
	step := float64(s) / float64(d)
	ts := make([]two, d)
	for i := range ts {
		at := min(max((float64(i)+0.5)*step-0.5, 0), float64(s-1))
		a := int(at)
		ts[i] = two{a, min(a+1, s-1), at - float64(a)}
	}
	return ts
}
