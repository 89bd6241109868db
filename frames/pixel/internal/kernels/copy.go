package main

// copies prints the kernels that bring samples together or apart, 32 a turn. Those that
// gather give the mean of two rows, rounded up; of twice the same row that is the row.
func copies(p *Program) {
	args := p.Func("every2NEON", "dst, a, b *byte, n, shift int")
	p.DupX(V(7).H8(), args[4])
	p.Times(args[3], 32, func() {
		means(p, args[1], args[2])
		for v := V(0); v < 4; v++ {
			p.Ushl(v.H8(), v.H8(), V(7).H8())
		}
		p.Uzp1(V(0).B16(), V(0).B16(), V(1).B16())
		p.Uzp1(V(1).B16(), V(2).B16(), V(3).B16())
		p.St1(args[0], V(0).B16(), V(1).B16())
	})
	p.Ret()

	args = p.Func("every4NEON", "dst, a, b *byte, n, shift int")
	p.DupX(V(7).S4(), args[4])
	p.Times(args[3], 16, func() {
		means(p, args[1], args[2])
		for v := V(0); v < 4; v++ {
			p.Ushl(v.S4(), v.S4(), V(7).S4())
		}
		p.Uzp1(V(0).B16(), V(0).B16(), V(1).B16())
		p.Uzp1(V(1).B16(), V(2).B16(), V(3).B16())
		p.Uzp1(V(0).B16(), V(0).B16(), V(1).B16())
		p.St1(args[0], V(0).B16())
	})
	p.Ret()

	args = p.Func("mergeNEON", "dst, first, second *byte, n int")
	p.Times(args[3], 32, func() {
		p.Ld1(args[1], V(0).B16())
		p.Ld1(args[2], V(1).B16())
		p.Ld1(args[1], V(2).B16())
		p.Ld1(args[2], V(3).B16())
		p.StN(args[0], V(0).B16(), V(1).B16())
		p.StN(args[0], V(2).B16(), V(3).B16())
	})
	p.Ret()
}

// means leaves those of 64 bytes in V0 to V3.
func means(p *Program, a, b X) {
	p.Ld1(a, V(0).B16(), V(1).B16(), V(2).B16(), V(3).B16())
	p.Ld1(b, V(16).B16(), V(17).B16(), V(18).B16(), V(19).B16())
	for v := V(0); v < 4; v++ {
		p.Urhadd(v.B16(), v.B16(), (v + 16).B16())
	}
}
