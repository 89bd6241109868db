package main

// gray prints the kernels that bring gray or luma to another range, and repeat it in the
// channels of RGB, 32 samples a turn.
func gray(p *Program) {
	for _, to := range []struct {
		name  string
		store func(p *Program, dst X)
	}{
		{"levelsNEON", func(p *Program, dst X) { p.St1(dst, V(0).B16(), V(1).B16()) }},
		{"grayTo3NEON", storeGray3},
		{"grayTo4NEON", storeGray4},
		{"grayToX4NEON", storeGrayX4},
	} {
		args := p.Func(to.name, "dst, src *byte, n, factor, base int")
		p.DupX(V(7).H8(), args[3])
		p.DupX(V(6).H8(), args[4])
		p.Times(args[2], 32, func() {
			p.Ld1(args[1], V(0).B16(), V(1).B16())
			levels(p)
			to.store(p, args[0])
		})
		p.Ret()
	}
}

// levels maps the bytes in V0 and V1.
func levels(p *Program) {
	words := []V{16, 17, 18, 19}
	for i, v := range words {
		p.Ushll(v.H8(), cut(V(i/2), i%2), 7)
	}
	for _, v := range words {
		p.Sqdmulh(v.H8(), v.H8(), V(7).H(0))
	}
	for _, v := range words {
		p.Add(v.H8(), v.H8(), V(6).H8())
	}
	for i, v := range words {
		p.Sqshrun(cut(V(i/2), i%2), v.H8(), 6)
	}
}

func storeGray3(p *Program, dst X) {
	for i, g := range []V{0, 1} {
		at := V(16 + 4*i)
		for c := range V(3) {
			p.Mov((at + c).B16(), g.B16())
		}
		p.StN(dst, at.B16(), (at + 1).B16(), (at + 2).B16())
	}
}

func storeGray4(p *Program, dst X) {
	for i, g := range []V{0, 1} {
		at := V(16 + 4*i)
		for c := range V(3) {
			p.Mov((at + c).B16(), g.B16())
		}
		p.Movi((at + 3).B16(), 255)
		p.StN(dst, at.B16(), (at + 1).B16(), (at + 2).B16(), (at + 3).B16())
	}
}

func storeGrayX4(p *Program, dst X) {
	for i, g := range []V{0, 1} {
		at := V(16 + 4*i)
		p.Movi(at.B16(), 255)
		for c := range V(3) {
			p.Mov((at + 1 + c).B16(), g.B16())
		}
		p.StN(dst, at.B16(), (at + 1).B16(), (at + 2).B16(), (at + 3).B16())
	}
}
