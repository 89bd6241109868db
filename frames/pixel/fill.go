package pixel

import (
	"github.com/eiengine/eiengine/frames"
)

// Fill sets the part of r that lies inside the picture to the colour, which is
// converted to the picture's format and colorimetry and written as it is, alpha
// included. Where pixels share chroma, a sample that r touches is set. Pictures
// that Check refuses are left alone.
func Fill(p *frames.Picture, r frames.Rect, c Color) {
	r, ok := clip(r, p.Width, p.Height)
	if !ok || Check(p) != nil {
		return
	}
	switch kindOf(p.Format) {
	case kindYUV:
		fillYUV(p, r, c)
	case kindRGB:
		fillRGB(p, r, c)
	case kindGray:
		y, _, _ := codes(p, c)
		fillSamples(p.Row(0, r.Y)[r.X:], 1, r.W, y)
		repeatRow(p, 0, r.X, r.X+r.W, r.Y, r.Y+r.H)
	}
}

// FillBlack sets the whole picture to opaque black.
func FillBlack(p *frames.Picture) {
	Fill(p, frames.Rect{W: p.Width, H: p.Height}, Black)
}

// FillBorders sets everything outside inner to opaque black: the bars of a
// letterbox.
func FillBorders(p *frames.Picture, inner frames.Rect) {
	in, ok := clip(inner, p.Width, p.Height)
	if !ok {
		FillBlack(p)
		return
	}
	below, right := in.Y+in.H, in.X+in.W
	Fill(p, frames.Rect{W: p.Width, H: in.Y}, Black)
	Fill(p, frames.Rect{Y: below, W: p.Width, H: p.Height - below}, Black)
	Fill(p, frames.Rect{Y: in.Y, W: in.X, H: in.H}, Black)
	Fill(p, frames.Rect{X: right, Y: in.Y, W: p.Width - right, H: in.H}, Black)
}

// clip is the part of r inside a picture of that size, and whether there is any.
// Sides may be anything, also so large that their sum overflows.
func clip(r frames.Rect, w, h int) (frames.Rect, bool) {
	x, cw := clipSpan(r.X, r.W, w)
	y, ch := clipSpan(r.Y, r.H, h)
	return frames.Rect{X: x, Y: y, W: cw, H: ch}, cw > 0 && ch > 0
}

func clipSpan(start, n, limit int) (int, int) {
	if n <= 0 || start >= limit {
		return 0, 0
	}
	if start < 0 {
		n += start // cannot overflow: the signs differ
		start = 0
	}
	return start, min(n, limit-start)
}

// codes are luma and chroma of a colour in the picture's colorimetry.
func codes(p *frames.Picture, c Color) (y, u, v uint8) {
	color := p.Color.Resolve(p.Format, p.Height)
	if p.Format == frames.GRAY8 && p.Color.Matrix == frames.MatrixDefault {
		color.Matrix = frames.BT601
	}
	m := newFromRGB(frames.Colorimetry{Range: frames.FullRange}, color)
	o := order{size: 3, r: 0, g: 1, b: 2}
	rgb := [3]byte{c.R, c.G, c.B}
	var out [3]byte
	rgbToLumaReference(out[:1], 1, rgb[:], &o, 1, &m)
	rgbToChromaReference(out[1:2], out[2:3], 1, rgb[:], rgb[:], &o, 1, &m)
	return out[0], out[1], out[2]
}

func fillYUV(p *frames.Picture, r frames.Rect, c Color) {
	y, u, v := codes(p, c)
	values := [3]uint8{y, u, v}
	// Unless pairs are cut in two, all rows of a plane are as the first.
	packed := p.Format.Planes() == 1
	alike := !packed || r.X%2 == 0 && (r.W%2 == 0 || r.X+r.W == p.Width)
	for i, comp := range yuvComponents[p.Format] {
		x0, x1, y0, y1 := covered(r, comp.subX, comp.subY)
		if alike {
			y1 = y0 + 1
		}
		for row := y0; row < y1; row++ {
			line := comp.row(p, row<<comp.subY)
			fillSamples(line[x0*comp.step:], comp.step, x1-x0, values[i])
			if i == 0 && x1 == p.Width {
				padLuma(line, comp.step, p.Width)
			}
		}
	}
	for plane := 0; alike && plane < p.Format.Planes(); plane++ {
		sub := 0
		if plane > 0 || packed {
			sub = 1
		}
		x0, x1, y0, y1 := covered(r, sub, min(plane, 1))
		n, _ := p.Format.PlaneSize(plane, 2, 1)
		n >>= 1 - sub // bytes of a sample, or of a pair
		repeatRow(p, plane, x0*n, x1*n, y0, y1)
	}
}

// covered are the samples of a component that an area touches, as columns and rows.
func covered(r frames.Rect, subX, subY int) (x0, x1, y0, y1 int) {
	return r.X >> subX, (r.X + r.W + 1<<subX - 1) >> subX, r.Y >> subY, (r.Y + r.H + 1<<subY - 1) >> subY
}

// fillSamples sets n samples.
func fillSamples(line []byte, step, n int, v uint8) {
	if step > 1 {
		fillRow(line, step, n, v)
		return
	}
	line = line[:n]
	line[0] = v
	for done := 1; done < n; done *= 2 {
		copy(line[done:], line[:done])
	}
}

// repeatRow copies the bytes from x0 to x1 of row y0 of a plane to those up to y1.
func repeatRow(p *frames.Picture, plane, x0, x1, y0, y1 int) {
	first := p.Row(plane, y0)[x0:x1]
	for y := y0 + 1; y < y1; y++ {
		copy(p.Row(plane, y)[x0:x1], first)
	}
}

func fillRGB(p *frames.Picture, r frames.Rect, c Color) {
	o := rgbOrders[p.Format]
	var px [4]byte
	px[o.r], px[o.g], px[o.b] = c.R, c.G, c.B
	if p.Color.Range == frames.LimitedRange {
		var t [256]uint8
		levelTable(&t, frames.FullRange, frames.LimitedRange)
		px[o.r], px[o.g], px[o.b] = t[c.R], t[c.G], t[c.B]
	}
	if o.a >= 0 {
		px[o.a] = 255
	}
	if o.alpha {
		px[o.a] = c.A
	}
	first := p.Row(0, r.Y)[r.X*o.size : (r.X+r.W)*o.size]
	for n := copy(first, px[:o.size]); n < len(first); n *= 2 {
		copy(first[n:], first[:n])
	}
	for row := r.Y + 1; row < r.Y+r.H; row++ {
		copy(p.Row(0, row)[r.X*o.size:], first)
	}
}

// FillChecker sets the part of r that lies inside the picture to squares of 8x8
// pixels, two shades of gray in turn: the background that GStreamer's compositor
// shows where nothing is. Where they lie depends on the picture, not on r.
func FillChecker(p *frames.Picture, r frames.Rect) {
	r, ok := clip(r, p.Width, p.Height)
	if !ok || Check(p) != nil {
		return
	}
	Fill(p, r, Color{R: 128, G: 128, B: 128, A: 255})
	// All that is not chroma or alpha.
	comps := []component{yuvComponents[p.Format][0]}
	switch kindOf(p.Format) {
	case kindRGB:
		o := rgbOrders[p.Format]
		comps = []component{{step: o.size, offset: o.r}, {step: o.size, offset: o.g}, {step: o.size, offset: o.b}}
	case kindGray:
		comps[0].step = 1
	}
	const side = 8
	for _, c := range comps {
		for y := r.Y; y < r.Y+r.H; y++ {
			row := c.row(p, y)
			for x := r.X; x < r.X+r.W; x++ {
				shade := byte(80)
				if x/side&1 != y/side&1 {
					shade = 160
				}
				row[x*c.step] = shade
			}
		}
	}
}
