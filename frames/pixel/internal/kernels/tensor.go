package main

import "github.com/eiengine/eiengine/frames/internal/neon"

// Registers of the kernels that normalize 24 values a turn.
const (
	norms  = V(16) // six of means and six of scales
	values = V(0)  // six of values
)

// tensor prints the kernels that take channels apart and normalize values.
func tensor(p *Program) {
	args := p.Func("apartNEON", "a, b, c, src *byte, n int")
	turns(p, args[4], 16, func() {
		p.LdN(args[3], V(0).B16(), V(1).B16(), V(2).B16())
		for c := range V(3) {
			p.St1(args[c], c.B16())
		}
	}, func() {
		for _, x := range args[:3] {
			p.Go("ADD %v, %v", back, x)
		}
		p.Go("ADD %v, %v", back, args[3])
		p.Go("ADD %v<<1, %v", back, args[3])
	})
	p.Ret()

	args = p.Func("floatNEON", "dst *float32, src *byte, n int, mean, scale *float32")
	loadNorms(p, args[3:])
	p.Times(args[2], 24, func() {
		normalize(p, args[1])
		p.St1(args[0], words(values, 3)...)
		p.St1(args[0], words(values+3, 3)...)
	})
	p.Ret()

	args = p.Func("byteNEON", "dst, src *byte, n int, mean, scale *float32, low, high int")
	const low, high = V(30), V(31)
	loadNorms(p, args[3:])
	p.DupX(low.H8(), args[5])
	p.DupX(high.H8(), args[6])
	p.Times(args[2], 24, func() {
		normalize(p, args[1])
		for i := range V(6) {
			p.Fcvtns((values + i).S4(), (values + i).S4())
		}
		for i := range V(3) {
			p.Sqxtn((values + i).H4(), (values + 2*i).S4())
			p.Sqxtn((values + i).H8(), (values + 2*i + 1).S4())
		}
		for i := range V(3) {
			p.Smax((values + i).H8(), (values + i).H8(), low.H8())
		}
		for i := range V(3) {
			p.Smin((values + i).H8(), (values + i).H8(), high.H8())
		}
		for i := range V(3) {
			p.Xtn((values + i).B8(), (values + i).H8())
		}
		p.St1(args[0], values.B8(), (values + 1).B8(), (values + 2).B8())
	})
	p.Ret()
}

// words are registers that follow one another.
func words(from V, n int) []neon.Reg {
	regs := make([]neon.Reg, n)
	for i := range regs {
		regs[i] = (from + V(i)).S4()
	}
	return regs
}

// loadNorms loads the means and the scales of 24 values.
func loadNorms(p *Program, from []X) {
	for i, x := range from[:2] {
		p.Ld1(x, words(norms+V(6*i), 3)...)
		p.Ld1(x, words(norms+V(6*i)+3, 3)...)
	}
}

// normalize leaves 24 values as floats.
func normalize(p *Program, src X) {
	p.Ld1(src, V(11).B8(), V(12).B8(), V(13).B8())
	for i := range V(3) {
		p.Uxtl((8 + i).H8(), (11 + i).B8())
	}
	for i := range V(3) {
		p.Uxtl((values + 2*i).S4(), (8 + i).H4())
		p.Uxtl((values + 2*i + 1).S4(), (8 + i).H8())
	}
	each := func(f func(v, norm V)) {
		for i := range V(6) {
			f(values+i, norms+i)
		}
	}
	each(func(v, _ V) { p.Ucvtf(v.S4(), v.S4()) })
	each(func(v, norm V) { p.Fsub(v.S4(), v.S4(), norm.S4()) })
	each(func(v, norm V) { p.Fmul(v.S4(), v.S4(), (norm + 6).S4()) })
}
