package fabric

import (
	"math"
	"math/rand/v2"
)

// threads is how many lie beside each other on the shorter side of the picture.
const threads = 22

// rgb is a colour, each part from 0 to 255.
type rgb struct{ r, g, b float32 }

func (c rgb) scaled(f float32) rgb { return rgb{c.r * f, c.g * f, c.b * f} }

func (c rgb) towards(d rgb, t float32) rgb {
	return rgb{c.r + (d.r-c.r)*t, c.g + (d.g-c.g)*t, c.b + (d.b-c.b)*t}
}

// set is one direction of threads: the warp runs down the cloth, the weft across.
type set struct {
	colour rgb
	half   []float32 // of the thickness of each thread, in threads
	bright []float32 // of each thread
}

// weave is the plan of a cloth. Places on it are counted in threads: u to the
// right, v down.
type weave struct {
	width, rows int
	pitchU      float64 // pixels from thread to thread
	pitchV      float64
	warp, weft  set
	back        rgb       // what lies behind
	sway        []float64 // of the warp in each row, in threads
	sag         []float64 // of the weft in each column
	fibre       uint64
}

func newWeave(r *rand.Rand, width, rows int, side float64) *weave {
	w := &weave{width: width, rows: rows, pitchU: max(side/threads, 1), fibre: r.Uint64()}
	// A whole number of patterns, so that the cloth's end meets its beginning.
	weft := max(int(math.Round(float64(rows)/w.pitchU/4))*4, 4)
	w.pitchV = float64(rows) / float64(weft)
	w.warp = newSet(r, rgb{186, 164, 128}, int(float64(width)/w.pitchU)+4)
	w.weft = newSet(r, rgb{128, 120, 116}, weft)
	w.back = rgb{38, 34, 32}
	w.sway = make([]float64, rows)
	w.sag = make([]float64, width)
	depth, phase := between(r, 0, 0.5), between(r, 0, 2*math.Pi)
	for y := range w.sway {
		t := 2 * math.Pi * float64(y) / float64(rows)
		w.sway[y] = 1 + depth*math.Sin(5*t+phase) + 0.3*depth*math.Sin(13*t)
	}
	depth, phase = between(r, 0, 0.5), between(r, 0, 2*math.Pi)
	for x := range w.sag {
		w.sag[x] = depth * math.Sin(2*math.Pi*float64(x)/side*0.8+phase)
	}
	return w
}

func newSet(r *rand.Rand, colour rgb, n int) set {
	s := set{half: make([]float32, n), bright: make([]float32, n)}
	s.colour = rgb{
		colour.r * float32(between(r, 0.96, 1.04)),
		colour.g * float32(between(r, 0.96, 1.04)),
		colour.b * float32(between(r, 0.96, 1.04)),
	}
	for i := range n {
		s.half[i] = float32(between(r, 0.37, 0.45))
		s.bright[i] = float32(between(r, 0.94, 1.06))
	}
	return s
}

// weave draws the whole cloth, packed RGB.
func (w *weave) weave(faults []fault) []byte {
	dst := make([]byte, 3*w.width*w.rows)
	for y := range w.rows {
		near := reaching(faults, y)
		for x := range w.width {
			u := float64(x)/w.pitchU + w.sway[y]
			v := float64(y)/w.pitchV + w.sag[x]
			c := w.colour(u, v, x, y, near)
			p := dst[3*(y*w.width+x) : 3*(y*w.width+x)+3]
			p[0], p[1], p[2] = clamp(c.r), clamp(c.g), clamp(c.b)
		}
	}
	return dst
}

// reaching is the fault whose box row y crosses, nil if there is none.
func reaching(faults []fault, y int) *fault {
	for i := range faults {
		if f := &faults[i]; float64(y) >= f.y-1 && float64(y) <= f.y+f.h+1 {
			return f
		}
	}
	return nil
}

// colour is the cloth at a place: what lies behind, the lower thread over it,
// the upper thread over both, and what a fault does to them.
func (w *weave) colour(u, v float64, x, y int, f *fault) rgb {
	i, j := int(math.Floor(u)), int(math.Floor(v))
	fu, fv := float32(u-float64(i)-0.5), float32(v-float64(j)-0.5)
	i, j = wrap(i, len(w.warp.half)), wrap(j, len(w.weft.half))
	// A twill: each thread goes over two and under two, one further each time.
	over := (i+j)&3 < 2
	warp, weft := w.warp.cover(i, fu), w.weft.cover(j, fv)
	if f != nil {
		over, warp, weft = f.reweave(over, warp, weft, i, j, u, v)
	}
	a := w.warp.shade(i, fu, fv, w.fibreAt(1, i, v))
	b := w.weft.shade(j, fv, fu, w.fibreAt(2, j, u))
	c := w.back
	if over {
		c = c.towards(b.scaled(0.82), weft).towards(a, warp)
	} else {
		c = c.towards(a.scaled(0.82), warp).towards(b, weft)
	}
	if f != nil {
		c = f.paint(c, w.back, float64(x), float64(y))
	}
	return c
}

// cover is how much of the place thread i covers, across being the distance from
// its middle.
func (s *set) cover(i int, across float32) float32 {
	d := s.half[i] - max(across, -across)
	return min(max(0.5+d*8, 0), 1)
}

// shade is the colour of thread i: round, and bent down at the ends of what can
// be seen of it.
func (s *set) shade(i int, across, along, fibre float32) rgb {
	return s.colour.scaled(s.bright[i] * (1 - 1.3*across*across) * (1 - 0.25*along*along) * fibre)
}

// fibreAt is the brightness of the fibres of a thread, in patches.
func (w *weave) fibreAt(salt uint64, thread int, along float64) float32 {
	patch := int(math.Floor(along * 5))
	h := mix(w.fibre ^ salt<<60 ^ uint64(thread)<<32 ^ uint64(uint32(wrap(patch, 5*len(w.weft.half)))))
	return 0.95 + 0.1*float32(h>>40)/(1<<24)
}

func wrap(i, n int) int {
	i %= n
	if i < 0 {
		i += n
	}
	return i
}

func clamp(v float32) byte { return byte(min(max(v, 0), 255)) }
