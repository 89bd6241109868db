package scene

import (
	"math"
	"math/rand/v2"
	"sort"
)

// rgb is a colour, each part from 0 to 255.
type rgb struct{ r, g, b float32 }

func randomColour(r *rand.Rand) rgb {
	return rgb{float32(between(r, 0, 255)), float32(between(r, 0, 255)), float32(between(r, 0, 255))}
}

// towards is the colour on the way from c to d, at part t.
func (c rgb) towards(d rgb, t float64) rgb {
	f := float32(t)
	return rgb{c.r + (d.r-c.r)*f, c.g + (d.g-c.g)*f, c.b + (d.b-c.b)*f}
}

func (c rgb) distance(d rgb) float64 {
	return math.Sqrt(float64((c.r-d.r)*(c.r-d.r) + (c.g-d.g)*(c.g-d.g) + (c.b-d.b)*(c.b-d.b)))
}

func (c rgb) clamped() rgb {
	limit := func(v float32) float32 { return min(max(v, 0), 255) }
	return rgb{limit(c.r), limit(c.g), limit(c.b)}
}

// scaled changes the brightness, which leaves the hue.
func (c rgb) scaled(f float64) rgb {
	g := float32(f)
	return rgb{c.r * g, c.g * g, c.b * g}.clamped()
}

// lifted adds the same to all parts, which also leaves the hue.
func (c rgb) lifted(by float64) rgb {
	g := float32(by)
	return rgb{c.r + g, c.g + g, c.b + g}.clamped()
}

// leastContrast is the distance from the background, out of 441, below which a
// shape would ask for eyes better than anyone's.
const leastContrast = 80

// colourAgainst picks a colour for b that can be told from most of the
// background on its way, every other time of nearly the background's hue.
func (s *Scene) colourAgainst(r *rand.Rand, b *body) rgb {
	var around [24]rgb
	for i := range around {
		x := between(r, b.x.lo, b.x.hi) + between(r, -1, 1)*float64(b.radius)
		y := between(r, b.y.lo, b.y.hi) + between(r, -1, 1)*float64(b.radius)
		around[i] = s.backgroundAt(x, y)
	}
	alike := chance(r, 0.5)
	best, bestContrast := rgb{}, -1.0
	for range 16 {
		c := randomColour(r)
		if alike {
			c = around[r.IntN(len(around))].scaled(between(r, 0.4, 1.6)).lifted(between(r, -90, 90))
		}
		contrast := lowContrast(c, around[:])
		if contrast > bestContrast {
			best, bestContrast = c, contrast
		}
		if contrast > leastContrast {
			break
		}
	}
	return best
}

// lowContrast is the distance of c from the colours round it that a fifth of
// them fall short of.
func lowContrast(c rgb, around []rgb) float64 {
	var d [24]float64
	for i, a := range around {
		d[i] = c.distance(a)
	}
	sort.Float64s(d[:len(around)])
	return d[len(around)/5]
}

func (s *Scene) backgroundAt(x, y float64) rgb {
	col := min(max(int(x), 0), s.width-1)
	row := min(max(int(y), 0), s.height-1)
	p := s.background[3*(row*s.width+col):]
	return rgb{float32(p[0]), float32(p[1]), float32(p[2])}
}
