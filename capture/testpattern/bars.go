package testpattern

// smpte draws bars, under them every other bar reversed, and at the bottom
// colours without luma, steps about black, and noise.
func (p *Painter) smpte(y int) {
	switch {
	case y < 2*p.h/3:
		p.bars(p.colors)
	case y < 3*p.h/4:
		p.bars([]sample{
			p.colors[blue], p.colors[black], p.colors[magenta], p.colors[black], p.colors[cyan], p.colors[black], p.colors[white],
		})
	default:
		p.fields(0, 6, p.colors[negativeI], p.colors[white], p.colors[positiveQ])
		p.fields(p.w/2, 12, p.colors[superBlack], p.colors[black], p.colors[darkGrey])
		from := p.w * 3 / 4
		for x := from; x < p.w; x++ {
			p.level[x] = p.random()
		}
		p.blendLevels(from, p.w)
	}
}

// bars draws seven colours over the whole width.
func (p *Painter) bars(c []sample) {
	p.fields(0, 7, c[:7]...)
}

// fields draws colours from x on, each a part of the width.
func (p *Painter) fields(x, parts int, c ...sample) {
	for i := range c {
		p.fill(x+i*p.w/parts, x+(i+1)*p.w/parts, c[i])
	}
}

func (p *Painter) smpte100(int) { p.bars(p.colors) }

func (p *Painter) smpte75(int) {
	table := bars601At75
	if p.weights == &weights709 {
		table = bars709At75
	}
	var c [7]sample
	for i := range c {
		c[i] = table[i].in(p.yuv)
	}
	p.bars(c[:])
}

func (p *Painter) bar(int) {
	p.fill(0, p.w/7, p.fg)
	p.fill(p.w/7, p.w, p.bg)
}

func (p *Painter) snow(int) {
	for x := range p.level {
		p.level[x] = p.random()
	}
	p.blendLevels(0, p.w)
}

func (p *Painter) blink(int) {
	c := p.bg
	if p.n&1 == 1 {
		c = p.fg
	}
	p.fill(0, p.w, c)
}

// checkers draws squares of a size that is a power of two.
func (p *Painter) checkers(y, size int) {
	for x := 0; x < p.w; x += size {
		c := p.colors[red]
		if (x^y)&size != 0 {
			c = p.colors[green]
		}
		p.fill(x, min(x+size, p.w), c)
	}
}

// gamut draws squares of a legal colour and the same beyond what is legal: four
// bands whose luma or chroma leaves the range. In RGB both are the same.
func (p *Painter) gamut(y int) {
	band := 4 * y / p.h
	legal := p.colors[[]int{black, white, red, blue}[band]]
	beyond := legal
	if p.yuv {
		beyond[[]int{1, 1, 3, 2}[band]] = []uint8{0, 255, 255, 255}[band]
	}
	for x := 0; x < p.w; x += 8 {
		c := beyond
		if (x^y)&16 != 0 {
			c = legal
		}
		p.fill(x, min(x+8, p.w), c)
	}
}

func (p *Painter) gradient(y int) {
	p.fill(0, p.w, p.blends[uint8(float64(y)*255/float64(p.h))])
}

// allColors is a grid of 16 x 16 fields, each with its own second component; the
// first runs across each field, the third down.
func (p *Painter) allColors(y int) {
	for x := range p.w {
		*(*sample)(p.line[4*x:]) = sample{
			255, uint8(4096 * x / p.w), uint8(16*y/p.h<<4 | 16*x/p.w), uint8(4096 * y / p.h),
		}
	}
}
