package pixel_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/eiengine/eiengine/frames"
)

// guard is what the bytes between rows hold; kernels must leave it.
const guard = 0xA5

// guarded is a picture of random bytes with room between and behind its rows.
func guarded(r *rand.Rand, f frames.PixelFormat, w, h, slack int) frames.Picture {
	p := frames.Picture{Format: f, Width: w, Height: h}
	for i := range f.Planes() {
		n, rows := f.PlaneSize(i, w, h)
		p.Stride[i] = n + slack
		p.Data[i] = bytes.Repeat([]byte{guard}, rows*p.Stride[i]+slack)
		for y := range rows {
			for x := range n {
				p.Data[i][y*p.Stride[i]+x] = byte(r.Uint32())
			}
		}
	}
	return p
}

// checkGuards fails if a byte outside the rows changed.
func checkGuards(t *testing.T, p *frames.Picture) {
	t.Helper()
	for i := range p.Format.Planes() {
		n, rows := p.Format.PlaneSize(i, p.Width, p.Height)
		for at, b := range p.Data[i] {
			if y := at / p.Stride[i]; y < rows && at-y*p.Stride[i] < n {
				continue
			}
			if b != guard {
				t.Fatalf("%v %dx%d: byte %d of plane %d lies outside the rows and was written",
					p.Format, p.Width, p.Height, at, i)
			}
		}
	}
}

// at says where one sample lies: the obvious way, apart from the tables of the
// package. For YUV c is 0 to 2 for Y, U, V, otherwise R, G, B, A.
func at(p *frames.Picture, x, y, c int) *byte {
	row := func(plane, y, off int) *byte { return &p.Data[plane][y*p.Stride[plane]+off] }
	packed := func(layout string) *byte {
		want := "YUV"[c]
		if want == 'Y' {
			first := 0
			if layout[0] != 'Y' {
				first = 1
			}
			return row(0, y, x*2+first)
		}
		for i := range layout {
			if layout[i] == want {
				return row(0, y, x/2*4+i)
			}
		}
		panic("no such channel")
	}
	rgb := func(layout string) *byte {
		for i := range layout {
			if layout[i] == "RGBA"[c] {
				return row(0, y, x*len(layout)+i)
			}
		}
		return nil
	}
	switch p.Format {
	case frames.I420, frames.YV12:
		if c == 0 {
			return row(0, y, x)
		}
		if p.Format == frames.YV12 {
			c = 3 - c
		}
		return row(c, y/2, x/2)
	case frames.NV12, frames.NV21:
		if c == 0 {
			return row(0, y, x)
		}
		if p.Format == frames.NV21 {
			c = 3 - c
		}
		return row(1, y/2, x/2*2+c-1)
	case frames.YUY2:
		return packed("YUYV")
	case frames.UYVY:
		return packed("UYVY")
	case frames.YVYU:
		return packed("YVYU")
	case frames.GRAY8:
		return row(0, y, x)
	case frames.RGB:
		return rgb("RGB")
	case frames.BGR:
		return rgb("BGR")
	case frames.RGBA, frames.RGBx:
		return rgb("RGBA")
	case frames.BGRA, frames.BGRx:
		return rgb("BGRA")
	case frames.ARGB, frames.XRGB:
		return rgb("ARGB")
	}
	return rgb("ABGR")
}

// channels is how many samples a pixel has for at.
func channels(f frames.PixelFormat) int {
	switch {
	case f == frames.GRAY8:
		return 1
	case f.IsYUV(), f == frames.RGB, f == frames.BGR:
		return 3
	}
	return 4
}

// subsampling is how many pixels share a sample of channel c.
func subsampling(f frames.PixelFormat, c int) (x, y int) {
	if !f.IsYUV() || c == 0 {
		return 1, 1
	}
	if f.Planes() == 1 {
		return 2, 1
	}
	return 2, 2
}
