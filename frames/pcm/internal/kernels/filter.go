package main

import "github.com/eiengine/eiengine/frames/internal/neon"

// filters prints the kernels of samples under the four filters of a group: eight samples
// a turn, and sums that do not wait for one another.
func filters(p *Program) {
	args := p.Func("dot4F32Kernel", "dst *[4]float32, src, taps *float32, n int")
	for v := V(16); v < 24; v++ {
		p.Movi(v.B16(), 0)
	}
	p.Times(args[3], 1, func() {
		first, second := fours(4), fours(24)
		p.Ld1(args[1], V(0).S4(), V(1).S4())
		p.Ld1(args[2], first[:]...)
		p.Ld1(args[2], second[:]...)
		for i := range V(4) {
			p.Fmla((16 + i).S4(), (i % 2).S4(), first[i])
		}
		for i := range V(4) {
			p.Fmla((20 + i).S4(), (i % 2).S4(), second[i])
		}
	})
	for i := range V(4) {
		p.Fadd((16 + i).S4(), (16 + 2*i).S4(), (17 + 2*i).S4())
	}
	for i := range V(2) {
		p.Faddp((16 + i).S4(), (16 + 2*i).S4(), (17 + 2*i).S4())
	}
	p.Faddp(V(16).S4(), V(16).S4(), V(17).S4())
	p.St1(args[0], V(16).S4())
	p.Ret()

	args = p.Func("dot4F64Kernel", "dst *[4]float64, src, taps *float64, n int")
	for v := V(16); v < 32; v++ {
		p.Movi(v.B16(), 0)
	}
	p.Times(args[3], 1, func() {
		p.Ld1(args[1], twos(0)...)
		for k := range V(4) {
			p.Ld1(args[2], twos(4)...)
			for i := range V(4) {
				p.Fmla((16 + 4*k + i).D2(), i.D2(), (4 + i).D2())
			}
		}
	})
	for i := range V(8) {
		p.Fadd((16 + i).D2(), (16 + 2*i).D2(), (17 + 2*i).D2())
	}
	for i := range V(4) {
		p.Fadd((16 + i).D2(), (16 + 2*i).D2(), (17 + 2*i).D2())
	}
	p.Faddp(V(16).D2(), V(16).D2(), V(17).D2())
	p.Faddp(V(17).D2(), V(18).D2(), V(19).D2())
	p.St1(args[0], V(16).D2(), V(17).D2())
	p.Ret()
}

// twos are four registers of two floats.
func twos(from V) []neon.Reg {
	return []neon.Reg{from.D2(), (from + 1).D2(), (from + 2).D2(), (from + 3).D2()}
}
