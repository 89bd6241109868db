package raster

import (
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// FillRect fills r with the colour; with an alpha below 255 what is there shows
// through. Errors: a format that cannot be drawn on, a picture that is too short.
func FillRect(p *frames.Picture, r frames.Rect, c pixel.Color) error {
	v, err := open(p)
	if err != nil {
		return err
	}
	v.fill(p, toBox(r), c)
	return nil
}

// Outline draws the border of r, stroke pixels wide, inside of r. A stroke of 0 or
// less draws nothing, one of half of r fills it. Where r leaves the picture there
// is no border. Errors: a format that cannot be drawn on, a picture that is too
// short.
func Outline(p *frames.Picture, r frames.Rect, stroke int, c pixel.Color) error {
	v, err := open(p)
	if err != nil {
		return err
	}
	b := toBox(r)
	if stroke <= 0 || b.x0 >= b.x1 || b.y0 >= b.y1 {
		return nil
	}
	w, h := b.x1-b.x0, b.y1-b.y0
	if stroke >= (min(w, h)+1)/2 {
		v.fill(p, b, c)
		return nil
	}
	// No pixel twice, or alpha would count twice in the corners.
	v.fill(p, box{b.x0, b.y0, b.x1, b.y0 + stroke}, c)
	v.fill(p, box{b.x0, b.y1 - stroke, b.x1, b.y1}, c)
	v.fill(p, box{b.x0, b.y0 + stroke, b.x0 + stroke, b.y1 - stroke}, c)
	v.fill(p, box{b.x1 - stroke, b.y0 + stroke, b.x1, b.y1 - stroke}, c)
	return nil
}

// box is an area by its edges, the second of each outside.
type box struct{ x0, y0, x1, y1 int }

// far is beyond every picture, and sums of a few do not overflow.
const far = 1 << 29

func near(v int) int { return min(max(v, -far), far) }

// toBox brings any area to edges that are safe to compute with.
func toBox(r frames.Rect) box {
	x0, y0 := near(r.X), near(r.Y)
	return box{x0, y0, x0 + width(r.X, r.W, x0), y0 + width(r.Y, r.H, y0)}
}

// width is the length from the moved start to the end of start+n.
func width(start, n, moved int) int {
	if n <= 0 {
		return 0
	}
	if start < moved {
		// The start was far outside: what it lost is lost from the length.
		n += start - moved
		return max(near(n), 0)
	}
	return near(n)
}

// fill blends the colour over the part of b that lies in the picture.
func (v canvas) fill(p *frames.Picture, b box, c pixel.Color) {
	x0, y0 := max(b.x0, 0), max(b.y0, 0)
	x1, y1 := min(b.x1, p.Width), min(b.y1, p.Height)
	if x0 >= x1 || y0 >= y1 || c.A == 0 {
		return
	}
	c = v.ink(c)
	if c.A == 255 {
		v.paint(p, x0, y0, x1, y1, c)
		return
	}
	for y := y0; y < y1; y++ {
		row := p.Data[0][y*p.Stride[0]+x0*v.size : y*p.Stride[0]+x1*v.size]
		if v.size == 3 {
			v.tint3(row, c)
			continue
		}
		for ; len(row) > 0; row = row[v.size:] {
			v.blend(row, c, uint32(c.A))
		}
	}
}

// tint3 is blend over a row of RGB or BGR, the formats that labels mostly go to.
func (v canvas) tint3(row []byte, c pixel.Color) {
	first, last := c.R, c.B
	if v.r == 2 {
		first, last = last, first
	}
	a := uint32(c.A)
	for len(row) >= 3 {
		row[0], row[1], row[2] = mix(row[0], first, a), mix(row[1], c.G, a), mix(row[2], last, a)
		row = row[3:]
	}
}

// paint sets an area that is not empty to an opaque colour.
func (v canvas) paint(p *frames.Picture, x0, y0, x1, y1 int, c pixel.Color) {
	first := p.Data[0][y0*p.Stride[0]+x0*v.size : y0*p.Stride[0]+x1*v.size]
	for px := first; len(px) > 0; px = px[v.size:] {
		px[v.r], px[v.g], px[v.b] = c.R, c.G, c.B
		if v.a >= 0 {
			px[v.a] = 255
		}
	}
	for y := y0 + 1; y < y1; y++ {
		// Padding bytes are copied along, which nobody looks at.
		copy(p.Data[0][y*p.Stride[0]+x0*v.size:], first)
	}
}
