package testpattern

import (
	"math"
	"time"

	"github.com/eiengine/eiengine/frames"
)

// shape is what some patterns work out once for a stream or a frame.
type shape struct {
	wide           wideLayout    // of SMPTERP219
	cosine, sine   [arms]float64 // of Pinwheel and Spokes
	x, y           float64       // the centre of the ball
	radius         int
	hidden, inside bool // no ball; the ball's colours are exchanged
	swept          bool // cross lines through the ball
}

func newShape(p *Painter) shape {
	s := shape{radius: 20}
	switch p.o.Pattern {
	case SMPTERP219:
		s.wide = newWideLayout(p.w, p.h)
	case Ball:
		s.swept = p.o.Motion != Wavy
		if s.swept {
			s.radius = min(p.w, p.h) / 4
		}
	}
	return s
}

// rest prepares for what is drawn once: no ball.
func (s *shape) rest(p *Painter) {
	s.hidden = true
	if p.o.Pattern != Ball {
		s.begin(p)
	}
}

// begin prepares for a frame.
func (s *shape) begin(p *Painter) {
	switch p.o.Pattern {
	case Ball:
		s.hidden = false
		s.place(p)
	case Pinwheel, Spokes:
		for k := range arms {
			s.sine[k], s.cosine[k] = math.Sincos(float64(math.Pi/arms*float64(k)) + float64(0.001*float64(p.o.KT)*float64(p.n)))
		}
	}
}

// end draws over the frame what does not go row by row.
func (s *shape) end(p *Painter, dst *frames.Picture) {
	if !s.swept {
		return
	}
	p.fill(0, p.w, p.colorsOfBall()[255])
	for _, y := range []int{p.h / 2, int(s.y)} {
		if y >= 0 && y < p.h {
			p.put(dst, y)
		}
	}
}

// place says where the ball is.
func (s *shape) place(p *Painter) {
	var turns float64
	var half bool
	switch p.o.Animation {
	case ByFrames:
		turns, half = float64(p.n)/200, p.n/50%2 == 1
	case ByWallTime:
		now := time.Now().UnixMicro()
		turns, half = float64(now)/1e6, now/1e6%2 == 1
	case ByRunningTime:
		turns, half = float64(p.t)/float64(time.Second), int64(p.t/time.Second)%2 == 1
	}
	s.inside = p.o.Flip && half
	if p.o.Motion == HSweep {
		turns /= 2
		turns -= math.Floor(2*turns) / 2
	}
	angle := 2 * math.Pi * turns
	w, h, r := float64(p.w), float64(p.h), float64(s.radius)
	if p.o.Motion == Wavy {
		s.x = r + float64((0.5+float64(0.5*math.Sin(angle)))*(w-2*r))
		s.y = r + float64((0.5+float64(0.5*math.Sin(angle*math.Sqrt2)))*(h-2*r))
		return
	}
	s.x = float64(p.w/2) + float64(math.Sin(angle)*r)
	s.y = float64(p.h/2) - float64(math.Cos(angle)*r)
}

// rowsOfBall is the rows that the ball touches, widened to whole pairs.
func (s *shape) rowsOfBall(h int) (from, to int) {
	from, to = int(math.Floor(s.y))-s.radius, int(math.Ceil(s.y))+s.radius+1
	from, to = max(from, 0)&^1, (min(to, h)+1)&^1
	return from, min(to, h)
}

// colorsOfBall is the blends, or the same of exchanged colours.
func (p *Painter) colorsOfBall() *[256]sample {
	if !p.shape.inside {
		return &p.blends
	}
	var swapped [256]sample
	for i := range swapped {
		swapped[i] = blend(p.bg, p.fg, uint8(i))
	}
	return &swapped
}

// ball draws a disc with a soft edge of two pixels. Products are rounded on their
// own, so that machines that can multiply and add at once give the same bytes.
func (p *Painter) ball(y int) {
	s := &p.shape
	clear(p.level)
	r := float64(s.radius)
	dy := float64(y) - s.y
	if !s.hidden && float64(y) >= s.y-r && float64(y) <= s.y+r {
		half := math.RoundToEven(math.Sqrt(max(0, r*r-float64(dy*dy))))
		from := min(int(max(0, s.x-half)), p.w)
		to := int(min(float64(p.w), s.x+half+1))
		for x := from; x < to; x++ {
			dx := float64(x) - s.x
			depth := 0.5 * (r - math.Sqrt(float64(dx*dx)+float64(dy*dy)))
			p.level[x] = uint8(min(max(math.Floor(256*depth), 0), 255))
		}
	}
	if s.swept && !s.hidden {
		p.level[p.w/2] = 255
		if x := int(s.x); x >= 0 && x < p.w {
			p.level[x] = 255
		}
	}
	if !s.inside {
		p.blendLevels(0, p.w)
		return
	}
	for x, level := range p.level {
		*(*sample)(p.line[4*x:]) = blend(p.bg, p.fg, level)
	}
}
