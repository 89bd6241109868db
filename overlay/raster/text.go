package raster

import (
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// DrawText draws one line of UTF-8 text with the top left corner of its line at
// x, y; see [Face.Measure] for its size. Line ends and tabs become spaces;
// characters that the font lacks become a box. There is no kerning, shaping or
// right-to-left order. Errors: a format that cannot be drawn on, a picture that is
// too short.
func DrawText(p *frames.Picture, x, y int, text string, f *Face, c pixel.Color) error {
	v, err := open(p)
	if err != nil {
		return err
	}
	if x >= p.Width || y >= p.Height || y <= -2*f.height || x < -far {
		return nil
	}
	c = v.ink(c)
	pen, base := x*64, y+f.ascent
	for _, r := range text {
		// Nearest quarter pixel; the shift rounds down for negative pens too.
		at := (pen + 8) >> 4
		whole, quarter := at>>2, uint8(at&3)
		if whole > p.Width+f.px {
			return nil
		}
		g := f.glyph(r, quarter)
		v.stamp(p, whole+g.x, base+g.y, g, c)
		pen += int(g.advance)
	}
	return nil
}

// stamp blends the ink through the mask, whose corner is at x, y.
func (v canvas) stamp(p *frames.Picture, x, y int, g *glyph, c pixel.Color) {
	x0, x1 := max(0, -x), min(g.w, p.Width-x)
	y0, y1 := max(0, -y), min(g.h, p.Height-y)
	if x0 >= x1 {
		return
	}
	for j := y0; j < y1; j++ {
		row := p.Data[0][(y+j)*p.Stride[0]+(x+x0)*v.size:]
		for _, coverage := range g.mask[j*g.w+x0 : j*g.w+x1] {
			v.blend(row, c, uint32(coverage)*uint32(c.A)/255)
			row = row[min(v.size, len(row)):]
		}
	}
}

// Label draws text on a filled background that leaves padding pixels on all sides;
// its top left corner is at x, y. It returns the area of the background, before
// clipping, so that labels can be put side by side. Errors as [DrawText].
func Label(p *frames.Picture, x, y int, text string, f *Face, padding int, ink, background pixel.Color) (frames.Rect, error) {
	x, y, padding = near(x), near(y), min(max(padding, 0), MaxSize)
	w, h := f.Measure(text)
	r := frames.Rect{X: x, Y: y, W: w + 2*padding, H: h + 2*padding}
	if err := FillRect(p, r, background); err != nil {
		return r, err
	}
	return r, DrawText(p, x+padding, y+padding, text, f, ink)
}
