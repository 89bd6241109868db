package testpattern

import "math"

// wave is a period of a sine in 256 steps, as bytes about 128. The top is cut
// off at 255.
var wave = func() (t [256]uint8) {
	for i := range t {
		v := math.Floor(128 + 128*math.Sin(2*math.Pi*float64(i)/256))
		t[i] = uint8(min(max(v, 0), 255))
	}
	return t
}()

// phases calls put with the phase of each pixel of a row. Sums wrap at 32 bits
// and are scaled in the order in which GStreamer does it.
func (p *Painter) phases(row int, put func(x int, phase uint8)) {
	o := &p.o
	w, h, t := int32(p.w), int32(p.h), int32(p.n)
	left := -(w / 2) - int32(o.XOffset)
	y := -(h / 2) - int32(o.YOffset) + int32(row)
	n := int32(row) + 1
	fixed := int32(o.K0) + int32(o.KY)*n + int32(o.KYT)*t*n + int32(o.KT)*t +
		int32(o.KY2)*y*y/h + int32(o.KT2)*t*t>>1
	across := int32(o.KX) + int32(o.KXT)*t
	product := int32(o.KXY) * y * (0xffff / max(w/2, 1))
	square := int32(o.KX2)
	scale := 0xffff / w
	for i := range w {
		x := left + i
		phase := fixed + across*(i+1) + (product*(x+1))>>16 + (square*x*x*scale)>>16
		put(int(i), uint8(phase))
	}
}

func (p *Painter) zonePlate(y int) {
	p.phases(y, func(x int, phase uint8) { p.level[x] = wave[phase] })
	p.blendLevels(0, p.w)
}

func (p *Painter) chromaZonePlate(y int) {
	p.phases(y, func(x int, phase uint8) {
		c := sample{255, 128, wave[phase], wave[phase]}
		if !p.yuv {
			c[2] = 128
		}
		*(*sample)(p.line[4*x:]) = c
	})
}

// circular draws seven rings; from each to the next the frequency falls by the
// fourth root of two.
func (p *Painter) circular(y int) {
	for x := range p.level {
		dx, dy := 2*x-p.w, 2*y-p.h
		distance := math.Sqrt(float64(dx*dx+dy*dy)) / float64(2*p.w)
		ring := int(math.Floor(distance * 16))
		if ring == 0 || ring >= 8 {
			p.level[x] = 0
			continue
		}
		turns := float64(256 * distance * ringFrequency[ring])
		p.level[x] = wave[uint8(int(math.Floor(turns+0.5)))]
	}
	p.blendLevels(0, p.w)
}

var ringFrequency = func() (f [8]float64) {
	for i := 1; i < len(f); i++ {
		f[i] = 200 * math.Pow(2, -float64(i-1)/4)
	}
	return f
}()

// arms is how many lines a pinwheel or spokes have.
const arms = 19

// distance is how far a pixel is from the line of an arm, signed.
func (p *Painter) distance(arm, x, y int) float64 {
	s := &p.shape
	return float64(s.cosine[arm]*(float64(x)-0.5*float64(p.w))) + float64(s.sine[arm]*(float64(y)-0.5*float64(p.h)))
}

func (p *Painter) pinwheel(y int) {
	for x := range p.level {
		sum := 0.0
		for arm := range arms {
			side := min(max(p.distance(arm, x, y), -1), 1)
			if arm&1 == 1 {
				side = -side
			}
			sum += side
		}
		p.level[x] = uint8(min(max(math.RoundToEven(float64(sum*128)+128), 0), 255))
	}
	p.blendLevels(0, p.w)
}

func (p *Painter) spokes(y int) {
	for x := range p.level {
		sum := 0.0
		for arm := range arms {
			sum += min(max(1-math.Abs(p.distance(arm, x, y))+0.5, 0), 1)
		}
		p.level[x] = uint8(min(max(math.RoundToEven(sum*255), 0), 255))
	}
	p.blendLevels(0, p.w)
}
