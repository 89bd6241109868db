package raster

import (
	"fmt"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// canvas is how to write one pixel of a format: where red, green and blue lie. For
// GRAY8 all three are the one byte.
type canvas struct {
	size, r, g, b int
	a             int // -1 without alpha
}

var canvases = map[frames.PixelFormat]canvas{
	frames.GRAY8: {1, 0, 0, 0, -1},
	frames.RGB:   {3, 0, 1, 2, -1},
	frames.BGR:   {3, 2, 1, 0, -1},
	frames.RGBA:  {4, 0, 1, 2, 3},
	frames.BGRA:  {4, 2, 1, 0, 3},
	frames.ARGB:  {4, 1, 2, 3, 0},
	frames.ABGR:  {4, 3, 2, 1, 0},
	frames.RGBx:  {4, 0, 1, 2, -1},
	frames.BGRx:  {4, 2, 1, 0, -1},
	frames.XRGB:  {4, 1, 2, 3, -1},
	frames.XBGR:  {4, 3, 2, 1, -1},
}

// Supports reports whether pictures of the format can be drawn on.
func Supports(f frames.PixelFormat) bool {
	_, ok := canvases[f]
	return ok
}

// open finds the canvas and checks that the picture has the bytes it claims.
func open(p *frames.Picture) (canvas, error) {
	c, ok := canvases[p.Format]
	if !ok {
		return c, fmt.Errorf("cannot draw on format %v: convert to RGB, a format like it, or GRAY8 first", p.Format)
	}
	if err := pixel.Check(p); err != nil {
		return c, fmt.Errorf("cannot draw: %w", err)
	}
	return c, nil
}

// ink is the colour as the canvas shows it.
func (v canvas) ink(c pixel.Color) pixel.Color {
	if v.size == 1 {
		y := luma(c)
		return pixel.Color{R: y, G: y, B: y, A: c.A}
	}
	return c
}

// luma is that of BT.601, rounded.
func luma(c pixel.Color) uint8 {
	return uint8((299*int(c.R) + 587*int(c.G) + 114*int(c.B) + 500) / 1000)
}

// Contrast is the colour, black or white, that reads best on a background.
func Contrast(background pixel.Color) pixel.Color {
	if luma(background) < 128 {
		return pixel.Color{R: 255, G: 255, B: 255, A: 255}
	}
	return pixel.Black
}

// blend lays the ink with coverage a, 0..255, over one pixel.
func (v canvas) blend(px []byte, c pixel.Color, a uint32) {
	if a == 0 {
		return
	}
	if v.a >= 0 && px[v.a] != 255 {
		v.over(px, c, a)
		return
	}
	// Gray is written three times with the same value, so each must start
	// from the old one.
	r, g, b := mix(px[v.r], c.R, a), mix(px[v.g], c.G, a), mix(px[v.b], c.B, a)
	px[v.r], px[v.g], px[v.b] = r, g, b
}

// over is blend on a pixel that is itself transparent in part: colours count by
// how much of the result they make up.
func (v canvas) over(px []byte, c pixel.Color, a uint32) {
	under := uint32(px[v.a]) * (255 - a) // of 255*255
	sum := 255*a + under
	part := func(old, ink uint8) uint8 {
		return uint8((uint32(ink)*255*a + uint32(old)*under + sum/2) / sum)
	}
	px[v.r], px[v.g], px[v.b] = part(px[v.r], c.R), part(px[v.g], c.G), part(px[v.b], c.B)
	px[v.a] = uint8((sum + 127) / 255)
}

// mix is (old*(255-a) + ink*a) / 255, rounded.
func mix(old, ink uint8, a uint32) uint8 {
	v := uint32(old)*(255-a) + uint32(ink)*a + 128
	return uint8((v + v>>8) >> 8)
}
