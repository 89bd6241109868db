package scene

import (
	"math"
	"math/rand/v2"
)

// span is the range of pixel indexes that lo to hi touches, within 0 to limit.
func span(lo, hi float64, limit int) (from, to int) {
	return min(max(int(math.Floor(lo)), 0), limit), min(max(int(math.Ceil(hi)), 0), limit)
}

// paint draws a body with soft edges.
func (s *Scene) paint(b *body, p *pose, dst []byte, stride int) {
	x0, y0, x1, y1 := b.box(p)
	margin := float64(s.soft)
	left, right := span(x0-margin, x1+margin, s.width)
	top, bottom := span(y0-margin, y1+margin, s.height)
	perSoft := 1 / s.soft
	du, dv := float32(p.cos), float32(-p.sin)
	for y := top; y < bottom; y++ {
		u, v := p.local(float64(left)+0.5, float64(y)+0.5)
		line := dst[y*stride+3*left : y*stride+3*right]
		for ; len(line) >= 3; line = line[3:] {
			if cover := 0.5 - b.distance(u, v)*perSoft; cover > 0 {
				blend(line, b.colour(u, v), min(cover, 1))
			}
			u += du
			v += dv
		}
	}
}

// colour is the paint of the body at a local point.
func (b *body) colour(u, v float32) rgb {
	switch b.fill {
	case striped:
		if int(u/b.period+64)&1 == 0 {
			return b.second
		}
	case checkered:
		if (int(u/b.period+64)^int(v/b.period+64))&1 == 0 {
			return b.second
		}
	case shaded:
		t := 0.5 + 0.5*u/b.radius
		return rgb{
			b.first.r + (b.second.r-b.first.r)*t,
			b.first.g + (b.second.g-b.first.g)*t,
			b.first.b + (b.second.b-b.first.b)*t,
		}
	case speckled:
		// Patches of a quarter period, light or dark by a hash of their place.
		i, j := uint32(int32(u*4/b.period+256)), uint32(int32(v*4/b.period+256))
		h := (i*0x9e3779b1 ^ j*0x85ebca6b ^ b.speckleOffset) * 0xc2b2ae35
		if h>>29 < 3 {
			return b.second
		}
	}
	return b.first
}

// blend mixes the colour into the pixel; cover is from 0 to 1.
func blend(pixel []byte, c rgb, cover float32) {
	pixel = pixel[:3]
	pixel[0] = byte(float32(pixel[0]) + (c.r-float32(pixel[0]))*cover)
	pixel[1] = byte(float32(pixel[1]) + (c.g-float32(pixel[1]))*cover)
	pixel[2] = byte(float32(pixel[2]) + (c.b-float32(pixel[2]))*cover)
}

// bar is a straight bar across the whole picture, in front of the shapes.
type bar struct {
	nx, ny float64 // across the bar
	offset bounce
	half   float64 // half its width
	colour rgb
}

func newBar(r *rand.Rand, s *Scene, speed float64) bar {
	width, height := float64(s.width), float64(s.height)
	sin, cos := math.Sincos(between(r, 0, 2*math.Pi))
	b := bar{nx: cos, ny: sin, colour: randomColour(r)}
	b.half = max(between(r, 3, 8)*s.scale, 0.5)
	middle := (cos*width + sin*height) / 2
	reach := (math.Abs(cos)*width + math.Abs(sin)*height) / 2
	b.offset = bounce{lo: middle - reach, hi: middle + reach, phase: between(r, 0, 4*reach)}
	b.offset.speed = between(r, 0.5, 2) * s.scale * speed
	return b
}

// distance is how far the point lies outside the bar in frame n.
func (b *bar) distance(n int, x, y float64) float64 {
	return math.Abs(b.nx*x+b.ny*y-b.offset.at(n)) - b.half
}

func (s *Scene) paintBar(b *bar, n int, dst []byte, stride int) {
	offset := b.offset.at(n)
	reach := b.half + float64(s.soft)/2
	for y := range s.height {
		rest := b.ny*(float64(y)+0.5) - offset
		left, right := 0, s.width
		if math.Abs(b.nx) > 1e-6 {
			a, c := (-reach-rest)/b.nx, (reach-rest)/b.nx
			left, right = span(min(a, c)-1, max(a, c)+1, s.width)
		} else if math.Abs(rest) > reach {
			continue
		}
		for x := left; x < right; x++ {
			d := math.Abs(b.nx*(float64(x)+0.5)+rest) - b.half
			if cover := 0.5 - float32(d)/s.soft; cover > 0 {
				blend(dst[y*stride+3*x:], b.colour, min(cover, 1))
			}
		}
	}
}
