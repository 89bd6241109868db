package main

import "fmt"

// Pixels of RGB in registers: three that follow one another, and where the fourth is.
type pixels struct {
	name string
	size int
	last bool // the fourth byte comes last
}

var layouts = []pixels{{"3", 3, false}, {"4", 4, true}, {"X4", 4, false}}

// channels are the registers of the three channels in those from v on.
func (l pixels) channels(v V) V {
	if l.size == 4 && !l.last {
		return v + 1
	}
	return v
}

// load loads 16 pixels into registers from v on.
func (l pixels) load(p *Program, src X, v V) {
	if l.size == 3 {
		p.LdN(src, v.B16(), (v + 1).B16(), (v + 2).B16())
		return
	}
	p.LdN(src, v.B16(), (v + 1).B16(), (v + 2).B16(), (v + 3).B16())
}

// store stores 16 opaque pixels of registers from v on.
func (l pixels) store(p *Program, dst X, v V) {
	switch {
	case l.size == 3:
		p.StN(dst, v.B16(), (v + 1).B16(), (v + 2).B16())
		return
	case l.last:
		p.Movi((v + 3).B16(), 255)
	default:
		p.Movi(v.B16(), 255)
	}
	p.StN(dst, v.B16(), (v + 1).B16(), (v + 2).B16(), (v + 3).B16())
}

// rgbToRGB prints the kernels that move channels. Those that change the number of bytes
// do 32 pixels a turn, and exchange red and blue if bit 0 of swap is set.
func rgbToRGB(p *Program) {
	for _, from := range layouts {
		for _, to := range layouts {
			if from.size == to.size {
				continue
			}
			args := p.Func(fmt.Sprintf("move%sTo%sNEON", from.name, to.name), "dst, src *byte, n, swap int")
			p.Times(args[2], 32, func() {
				p.Either(args[3], 0,
					func() { move(p, args, from, to, false) },
					func() { move(p, args, from, to, true) })
			})
			p.Ret()
		}
	}
	args := p.Func("swap3NEON", "dst, src *byte, n int")
	p.Times(args[2], 32, func() { move(p, args, layouts[0], layouts[0], true) })
	p.Ret()
	move4(p)
}

// move moves 32 pixels. Each channel is loaded where it will be stored, but for what
// has to be exchanged.
func move(p *Program, args []X, from, to pixels, swap bool) {
	for _, at := range []V{1, 17} {
		in := to.channels(at) - from.channels(0) // where the load puts channels in place
		from.load(p, args[1], in)
	}
	for _, at := range []V{1, 17} {
		if c := to.channels(at); swap {
			p.Mov(V(8).B16(), c.B16())
			p.Mov(c.B16(), (c + 2).B16())
			p.Mov((c + 2).B16(), V(8).B16())
		}
		to.store(p, args[0], at)
	}
}

// move4 moves the bytes of pixels of four, 32 a turn, by a pattern, and sets some.
func move4(p *Program) {
	args := p.Func("move4To4NEON", "dst, src *byte, n int, shuffle, opaque *byte")
	p.LdrQ(6, args[3], 16)
	p.LdrQ(7, args[4], 16)
	moved := []V{0, 1, 2, 3, 16, 17, 18, 19}
	p.Times(args[2], 32, func() {
		p.Ld1(args[1], V(0).B16(), V(1).B16(), V(2).B16(), V(3).B16())
		p.Ld1(args[1], V(16).B16(), V(17).B16(), V(18).B16(), V(19).B16())
		for _, v := range moved {
			p.Tbl(v.B16(), v.B16(), V(6).B16())
		}
		for _, v := range moved {
			p.Orr(v.B16(), v.B16(), V(7).B16())
		}
		p.St1(args[0], V(0).B16(), V(1).B16(), V(2).B16(), V(3).B16())
		p.St1(args[0], V(16).B16(), V(17).B16(), V(18).B16(), V(19).B16())
	})
	p.Ret()
}
