package main

// pack prints the kernels that pack pixels into floats, 16 a turn.
func pack(p *Program) {
	args := p.Func("packRGBNEON", "dst *float32, src *byte, n int")
	p.Movi(V(3).B16(), 0)
	p.Times(args[2], 16, func() {
		p.LdN(args[1], V(0).B16(), V(1).B16(), V(2).B16())
		packFloats(p, args[0], 0, 1, 2)
	})
	p.Ret()

	args = p.Func("packGrayNEON", "dst *float32, src *byte, n int")
	p.Movi(V(3).B16(), 0)
	p.Times(args[2], 16, func() {
		p.Ld1(args[1], V(0).B16())
		packFloats(p, args[0], 0, 0, 0)
	})
	p.Ret()
}

// packFloats stores b + g<<8 + r<<16 as floats; V3 is zero.
func packFloats(p *Program, dst X, r, g, b V) {
	p.Zip1(V(4).B16(), b.B16(), g.B16())
	p.Zip2(V(5).B16(), b.B16(), g.B16())
	p.Zip1(V(6).B16(), r.B16(), V(3).B16())
	p.Zip2(V(7).B16(), r.B16(), V(3).B16())
	p.Zip1(V(16).H8(), V(4).H8(), V(6).H8())
	p.Zip2(V(17).H8(), V(4).H8(), V(6).H8())
	p.Zip1(V(18).H8(), V(5).H8(), V(7).H8())
	p.Zip2(V(19).H8(), V(5).H8(), V(7).H8())
	for v := V(16); v < 20; v++ {
		p.Ucvtf(v.S4(), v.S4())
	}
	p.St1(dst, V(16).S4(), V(17).S4(), V(18).S4(), V(19).S4())
}
