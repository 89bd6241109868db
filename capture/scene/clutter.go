package scene

import (
	"math"
	"math/rand/v2"
)

// canvas is a packed RGB picture to draw clutter on.
type canvas struct {
	pixels        []byte
	width, height int
}

// at is the colour of the pixel nearest to the point.
func (c *canvas) at(x, y float64) rgb {
	col := min(max(int(x), 0), c.width-1)
	row := min(max(int(y), 0), c.height-1)
	p := c.pixels[3*(row*c.width+col):]
	return rgb{float32(p[0]), float32(p[1]), float32(p[2])}
}

// fill blends the colour wherever distance (in pixels, positive outside) says
// so, within the square of the given reach round a point.
func (c *canvas) fill(x, y, reach float64, soft float32, colour rgb, distance func(dx, dy float64) float64) {
	left, right := span(x-reach, x+reach, c.width)
	top, bottom := span(y-reach, y+reach, c.height)
	for row := top; row < bottom; row++ {
		for col := left; col < right; col++ {
			d := distance(float64(col)+0.5-x, float64(row)+0.5-y)
			if cover := 0.5 - float32(d)/soft; cover > 0 {
				blend(c.pixels[3*(row*c.width+col):], colour, min(cover, 1))
			}
		}
	}
}

// line draws a straight line from anywhere to anywhere.
func (c *canvas) line(r *rand.Rand, scale float64, soft float32) {
	x, y := between(r, 0, float64(c.width)), between(r, 0, float64(c.height))
	length := between(r, 40, 400) * scale
	half := max(between(r, 0.5, 3)*scale, 0.5)
	sin, cos := math.Sincos(between(r, 0, 2*math.Pi))
	colour := c.at(x, y).towards(randomColour(r), between(r, 0.3, 1))
	// Stepping along the line keeps the work to its own neighbourhood.
	step := max(half*2, 8)
	for along := 0.0; along < length; along += step {
		end := min(step, length-along)
		c.fill(x+cos*along, y+sin*along, step+half+float64(soft), soft, colour, func(dx, dy float64) float64 {
			u, v := dx*cos+dy*sin, dy*cos-dx*sin
			if u < 0 || u >= end { // each piece paints its own stretch
				return math.Inf(1)
			}
			return math.Abs(v) - half
		})
	}
}

// blob draws something of the size of a shape that is none: a cross, a star or
// a blob with deep lobes.
func (c *canvas) blob(r *rand.Rand, scale float64, soft float32) {
	x, y := between(r, 0, float64(c.width)), between(r, 0, float64(c.height))
	radius := between(r, 20, 75) * scale
	turn := between(r, 0, 2*math.Pi)
	colour := randomColour(r)
	if chance(r, 0.5) {
		colour = c.at(x, y).scaled(between(r, 0.4, 1.6)).lifted(between(r, -90, 90))
	}
	if r.IntN(3) == 0 {
		arm := between(r, 0.15, 0.28) * radius
		sin, cos := math.Sincos(turn)
		c.fill(x, y, radius*1.5, soft, colour, func(dx, dy float64) float64 {
			u, v := math.Abs(dx*cos+dy*sin), math.Abs(dy*cos-dx*sin)
			return max(max(u, v)-radius, min(u, v)-arm)
		})
		return
	}
	lobes := float64(3 + r.IntN(4))
	deep := between(r, 0.34, 0.46) // shallower ones would pass for a circle or a triangle
	pointed := chance(r, 0.5)
	c.fill(x, y, radius*1.1+float64(soft), soft, colour, func(dx, dy float64) float64 {
		wave := math.Sin(lobes*math.Atan2(dy, dx) + turn)
		if pointed {
			wave = math.Asin(wave) * 2 / math.Pi
		}
		return math.Hypot(dx, dy) - radius*(1-deep+deep*wave)
	})
}
