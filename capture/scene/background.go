package scene

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
)

// drawBackground makes the picture behind the shapes, packed RGB.
func drawBackground(r *rand.Rand, width, height int, scale float64, soft float32, pictures []image.Image) []byte {
	dst := make([]byte, 3*width*height)
	if len(pictures) > 0 {
		drawPicture(r, dst, width, height, pictures[r.IntN(len(pictures))])
	} else {
		drawTexture(r, dst, width, height, scale)
	}
	c := canvas{dst, width, height}
	for range r.IntN(10) {
		c.line(r, scale, soft)
	}
	for range 1 + r.IntN(4) {
		c.blob(r, scale, soft)
	}
	return dst
}

// drawPicture fills dst with a part of the picture, perhaps mirrored, darker or
// lighter.
func drawPicture(r *rand.Rand, dst []byte, width, height int, picture image.Image) {
	bounds := picture.Bounds()
	part := between(r, 0.5, 1)
	mirrored := chance(r, 0.5)
	light := between(r, 0.6, 1.2)
	x0 := float64(bounds.Min.X) + between(r, 0, 1-part)*float64(bounds.Dx())
	y0 := float64(bounds.Min.Y) + between(r, 0, 1-part)*float64(bounds.Dy())
	if bounds.Empty() {
		return // stays black
	}
	dx := part * float64(bounds.Dx()) / float64(width)
	dy := part * float64(bounds.Dy()) / float64(height)
	for y := range height {
		py := min(int(y0+(float64(y)+0.5)*dy), bounds.Max.Y-1)
		for x := range width {
			column := x
			if mirrored {
				column = width - 1 - x
			}
			px := min(int(x0+(float64(column)+0.5)*dx), bounds.Max.X-1)
			c := pixelOf(picture, px, py).scaled(light)
			p := dst[3*(y*width+x):]
			p[0], p[1], p[2] = byte(c.r), byte(c.g), byte(c.b)
		}
	}
}

// pixelOf reads one pixel, without the boxing of At for the usual kinds.
func pixelOf(picture image.Image, x, y int) rgb {
	switch m := picture.(type) {
	case *image.RGBA:
		c := m.RGBAAt(x, y)
		return rgb{float32(c.R), float32(c.G), float32(c.B)}
	case *image.YCbCr:
		c := m.YCbCrAt(x, y)
		red, green, blue := color.YCbCrToRGB(c.Y, c.Cb, c.Cr)
		return rgb{float32(red), float32(green), float32(blue)}
	}
	red, green, blue, _ := picture.At(x, y).RGBA()
	return rgb{float32(red >> 8), float32(green >> 8), float32(blue >> 8)}
}

// drawTexture fills dst with a gradient between four colours, smooth noise over
// it, and at times stripes.
func drawTexture(r *rand.Rand, dst []byte, width, height int, scale float64) {
	base := randomColour(r)
	variety := between(r, 0.05, 0.5)
	var corner [4]rgb
	for i := range corner {
		corner[i] = base.towards(randomColour(r), variety)
	}
	coloured := chance(r, 0.5)
	coarse := newField(r, between(r, 60, 200)*scale, between(r, 0, 45))
	fine := newField(r, between(r, 6, 40)*scale, between(r, 0, 30))
	stripes, stripeX, stripeY := 0.0, 0.0, 0.0
	if chance(r, 0.3) {
		stripes = between(r, 5, 30)
		sin, cos := math.Sincos(between(r, 0, math.Pi))
		perPixel := 2 * math.Pi / (between(r, 12, 80) * scale)
		stripeX, stripeY = cos*perPixel, sin*perPixel
	}
	for y := range height {
		t := float64(y) / float64(height)
		left, right := corner[0].towards(corner[2], t), corner[1].towards(corner[3], t)
		for x := range width {
			c := left.towards(right, float64(x)/float64(width))
			fx, fy := float64(x), float64(y)
			v := coarse.at(fx, fy) + fine.at(fx, fy)
			if stripes > 0 {
				v += float32(stripes * math.Sin(fx*stripeX+fy*stripeY))
			}
			c.g += v
			if coloured { // red and blue take their noise from elsewhere
				c.r += coarse.at(fx+5000, fy) + fine.at(fx, fy+5000)
				c.b += coarse.at(fx, fy+5000) + fine.at(fx+5000, fy)
			} else {
				c.r += v
				c.b += v
			}
			c = c.clamped()
			p := dst[3*(y*width+x):]
			p[0], p[1], p[2] = byte(c.r), byte(c.g), byte(c.b)
		}
	}
}

// field is smooth noise: random values on a lattice, and between them lines.
type field struct {
	perPixel, strength float64
	values             [1024]float32
}

func newField(r *rand.Rand, period, strength float64) *field {
	f := &field{perPixel: 1 / max(period, 1), strength: strength}
	for i := range f.values {
		f.values[i] = float32(between(r, -strength, strength))
	}
	return f
}

func (f *field) at(x, y float64) float32 {
	if f.strength < 1 {
		return 0
	}
	x *= f.perPixel
	y *= f.perPixel
	i, j := int(x), int(y)
	tx, ty := float32(x-float64(i)), float32(y-float64(j))
	top, bottom := uint32(j)*0x9e3779b1, uint32(j+1)*0x9e3779b1
	a, b := f.values[hash(top, i)], f.values[hash(top, i+1)]
	c, d := f.values[hash(bottom, i)], f.values[hash(bottom, i+1)]
	a += (b - a) * tx
	c += (d - c) * tx
	return a + (c-a)*ty
}

func hash(row uint32, column int) uint32 {
	return (row ^ uint32(column)*0x85ebca6b) * 0xc2b2ae35 >> 22
}
