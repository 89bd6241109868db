package fabric

import (
	"math"
	"math/rand/v2"
)

// The kinds of faults.
const (
	Float = "float"
	Gap   = "gap"
	Hole  = "hole"
	Snag  = "snag"
	Stain = "stain"
)

// Kinds are the kinds of all faults.
func Kinds() []string { return []string{Float, Gap, Hole, Snag, Stain} }

// Fault is what is known of one fault in one frame.
type Fault struct {
	// Kind is one of [Kinds].
	Kind string
	// X, Y, W and H are the box round the fault in pixels of the picture; it may
	// reach beyond the picture.
	X, Y, W, H float64
	// Visible is the part of the box that lies in the picture, from 0 to 1.
	Visible float64
}

// fault is one fault of the cloth; its box is in pixels of the cloth.
type fault struct {
	kind       string
	x, y, w, h float64

	acrossWarp bool    // a gap in the warp
	thread     int     // the missing one
	from, to   float64 // along it, in threads
	u, v       float64 // a float's corner
	side       int     // of a float, in threads
	tint       rgb     // of a stain, parts of 1
	colour     rgb     // of a snag
	bend       float64 // of a snag, in pixels
	half       float64 // of a snag's thickness, in pixels
	falls      bool    // a snag that goes down to the right
	ragged     [5]float64
}

// spoil puts a fault into two of three stretches of the cloth.
func spoil(r *rand.Rand, w *weave, height int) []fault {
	var faults []fault
	for stretch := range w.rows / height {
		if r.Float64() < 1.0/3 {
			continue
		}
		f := newFault(r, w)
		// Within the stretch, and in the square in the middle of the picture.
		side := float64(min(w.width, height))
		f.x = (float64(w.width)-side)/2 + between(r, 0.04, 0.96)*(side-f.w)
		f.y = float64(stretch*height) + between(r, 0, 1)*(float64(height)-f.h)
		f.settle(w)
		faults = append(faults, f)
	}
	return faults
}

// newFault draws a fault and its size, without its place.
func newFault(r *rand.Rand, w *weave) fault {
	f := fault{kind: Kinds()[r.IntN(len(Kinds()))]}
	for i := range f.ragged {
		f.ragged[i] = between(r, -1, 1)
	}
	p := w.pitchU
	switch f.kind {
	case Hole:
		f.w, f.h = between(r, 1.2, 3)*p, between(r, 1.2, 3)*p
	case Stain:
		f.w, f.h = between(r, 3, 7)*p, between(r, 3, 7)*p
		strength := between(r, 0.22, 0.45)
		part := func() float32 { return float32(1 - strength*between(r, 0.5, 1)) }
		f.tint = rgb{part(), part(), part()}
	case Gap:
		length := between(r, 7, 15) * p
		f.w, f.h = length, p
		if f.acrossWarp = r.IntN(2) == 0; f.acrossWarp {
			f.w, f.h = p, length
		}
	case Snag:
		f.w, f.h = between(r, 3, 9)*p, between(r, 1, 8)*p
		f.half = between(r, 0.1, 0.2) * p
		f.bend = between(r, -0.3, 0.3) * min(f.w, f.h)
		f.falls = r.IntN(2) == 0
		f.colour = rgb{230, 215, 190}
		if r.IntN(2) == 0 {
			f.colour = rgb{70, 62, 56}
		}
	case Float:
		f.side = 4 + r.IntN(3)
		f.w, f.h = float64(f.side)*p, float64(f.side)*w.pitchV
	}
	return f
}

// settle fits what is woven wrong to the threads at the fault's place.
func (f *fault) settle(w *weave) {
	column := min(max(int(f.x+f.w/2), 0), w.width-1)
	row := min(max(int(f.y+f.h/2), 0), w.rows-1)
	f.u, f.v = math.Round(f.x/w.pitchU+w.sway[row]), math.Round(f.y/w.pitchV+w.sag[column])
	middleU := (f.x+f.w/2)/w.pitchU + w.sway[row]
	middleV := (f.y+f.h/2)/w.pitchV + w.sag[column]
	if f.acrossWarp {
		f.thread = wrap(int(math.Floor(middleU)), len(w.warp.half))
		f.from, f.to = f.y/w.pitchV+w.sag[column], (f.y+f.h)/w.pitchV+w.sag[column]
	} else {
		f.thread = wrap(int(math.Floor(middleV)), len(w.weft.half))
		f.from, f.to = f.x/w.pitchU+w.sway[row], (f.x+f.w)/w.pitchU+w.sway[row]
	}
}

// reweave changes which thread is over the other, and how much each covers, at
// the crossing of warp i with weft j.
func (f *fault) reweave(over bool, warp, weft float32, i, j int, u, v float64) (bool, float32, float32) {
	switch f.kind {
	case Gap:
		if f.acrossWarp && i == f.thread && v >= f.from && v < f.to {
			return false, 0, weft
		}
		if !f.acrossWarp && j == f.thread && u >= f.from && u < f.to {
			return true, warp, 0
		}
	case Float:
		if side := float64(f.side); u >= f.u && v >= f.v && u < f.u+side && v < f.v+side {
			return (i+2*j)&3 < 2, warp, weft
		}
	}
	return over, warp, weft
}

// paint changes the colour at a pixel of the cloth.
func (f *fault) paint(c, back rgb, x, y float64) rgb {
	dx, dy := x+0.5-f.x-f.w/2, y+0.5-f.y-f.h/2
	switch f.kind {
	case Hole:
		d := f.outside(dx, dy)
		return c.towards(back, float32(min(max(0.5-d*4, 0), 1)))
	case Stain:
		part := float32(min(max(0.5-f.outside(dx, dy)*2.5, 0), 1))
		return rgb{c.r * (1 + (f.tint.r-1)*part), c.g * (1 + (f.tint.g-1)*part), c.b * (1 + (f.tint.b-1)*part)}
	case Snag:
		if part := f.onFibre(dx, dy); part > 0 {
			return c.towards(f.colour, float32(part))
		}
	}
	return c
}

// outside is how far a place lies outside of a ragged ellipse that fills the
// box, in its radii, negative inside.
func (f *fault) outside(dx, dy float64) float64 {
	a, b := 2*dx/f.w, 2*dy/f.h
	d := a*a + b*b
	if d > 2 {
		return 1
	}
	angle := math.Atan2(b, a)
	wave := f.ragged[0]*math.Sin(2*angle+3*f.ragged[1]) + f.ragged[2]*math.Sin(3*angle+3*f.ragged[3]) + f.ragged[4]*math.Sin(5*angle)
	return math.Sqrt(d) - 0.85 - 0.05*wave
}

// onFibre is how much the fibre covers of a place.
func (f *fault) onFibre(dx, dy float64) float64 {
	t := dx/f.w + 0.5
	if t < 0 || t > 1 {
		return 0
	}
	line, slope := (t-0.5)*f.h, f.h/f.w
	if f.falls {
		line, slope = -line, -slope
	}
	line += f.bend * math.Sin(math.Pi*t)
	slope += f.bend * math.Pi / f.w * math.Cos(math.Pi*t)
	d := math.Abs(dy-line) / math.Sqrt(1+slope*slope)
	return min(max(0.5+f.half-d, 0), 1)
}

// Truth lists the faults of which something lies in frame n.
func (f *Fabric) Truth(n int) []Fault {
	var truth []Fault
	offset := float64(f.offset(n))
	for i := range f.faults {
		b := &f.faults[i]
		y := b.y - offset
		if y+b.h <= 0 {
			y += float64(f.rows)
		}
		w := min(b.x+b.w, float64(f.width)) - max(b.x, 0)
		h := min(y+b.h, float64(f.height)) - max(y, 0)
		if w <= 0 || h <= 0 {
			continue
		}
		truth = append(truth, Fault{Kind: b.kind, X: b.x, Y: y, W: b.w, H: b.h, Visible: w * h / (b.w * b.h)})
	}
	return truth
}
