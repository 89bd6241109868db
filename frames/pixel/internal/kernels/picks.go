package main

// picks prints the kernels that fetch the samples of a row by tables, and that weigh
// them by two. What is left at the end is done by a turn that goes back.
func picks(p *Program) {
	pick(p)
	mixPicks(p)
	mixLine(p)
	halve(p)
	double(p)
}

const back = X(15) // how far a last turn goes back, negative

// turns runs body for every step of n, which is no less. For what is left at the end it
// runs it once more for a whole step, after goBack has moved pointers by back.
func turns(p *Program, n X, step int, body, goBack func()) {
	top := p.Label()
	body()
	p.Go("SUBS $%d, %v, %v", step, n, n)
	p.Go("BEQ done")
	p.Go("CMP $%d, %v", step, n)
	p.Go("BGE %s", top)
	p.Go("SUB $%d, %v, %v", step, n, back)
	goBack()
	p.Go("MOVD $%d, %v", step, n)
	p.Go("B %s", top)
	p.Name("done")
}

// pick shuffles the bytes of as many windows as there are steps, and joins them.
func pick(p *Program) {
	args := p.Func("pickNEON", "dst, src *byte, offset *int32, shuffle *byte, n, steps int")
	const at, left = X(6), X(7)
	turns(p, args[4], 16, func() {
		p.Go("MOVW.P 4(%v), %v", args[2], at)
		p.Go("ADD %v, %v, %v", args[1], at, at)
		p.Go("MOVD %v, %v", args[5], left)
		p.Movi(V(0).B16(), 0)
		p.Times(left, 1, func() {
			p.LdrQ(1, at, 16)
			p.LdrQ(2, args[3], 16)
			p.Tbl(V(1).B16(), V(1).B16(), V(2).B16())
			p.Orr(V(0).B16(), V(0).B16(), V(1).B16())
		})
		p.StrQ(0, args[0], 16)
	}, func() { p.Go("ADD %v, %v", back, args[0]) })
	p.Ret()
}

// mixPicks picks from two rows, of which the one below has below for its tap, blends
// them, and weighs pairs of what comes out, eight bytes a turn.
func mixPicks(p *Program) {
	args := p.Func("mixPicksNEON", "dst, src *byte, distance int, offset *int32, shuffle *byte, below int, tap *int16, n, steps int")
	const at, under, left = X(9), X(10), X(11)
	p.DupX(V(7).H8(), args[5])
	turns(p, args[7], 8, func() {
		p.Go("MOVW.P 4(%v), %v", args[3], at)
		p.Go("ADD %v, %v, %v", args[1], at, at)
		p.Go("ADD %v, %v, %v", args[2], at, under)
		p.Go("MOVD %v, %v", args[8], left)
		p.Movi(V(0).B16(), 0)
		p.Movi(V(1).B16(), 0)
		p.Times(left, 1, func() {
			p.LdrQ(2, at, 16)
			p.LdrQ(3, under, 16)
			p.LdrQ(4, args[4], 16)
			p.Tbl(V(2).B16(), V(2).B16(), V(4).B16())
			p.Tbl(V(3).B16(), V(3).B16(), V(4).B16())
			p.Orr(V(0).B16(), V(0).B16(), V(2).B16())
			p.Orr(V(1).B16(), V(1).B16(), V(3).B16())
		})
		blendBytes(p, two{0, 1}, 0, 1)
		p.Ld1(args[6], V(4).H8(), V(5).H8())
		for i := range V(2) {
			p.Smull((16 + 2*i).S4(), i.H4(), (4 + i).H4())
		}
		for i := range V(2) {
			p.Smull((17 + 2*i).S4(), i.H8(), (4 + i).H8())
		}
		for i := range V(2) {
			p.Addp((16 + i).S4(), (16 + 2*i).S4(), (17 + 2*i).S4())
		}
		roundSums(p)
		p.StrD(0, args[0], 8)
	}, func() {
		p.Go("ADD %v, %v", back, args[0])
		p.Go("ADD %v<<2, %v", back, args[6])
	})
	p.Ret()
}

// mixPairs makes 16 bytes in V0 of the pairs in V0 to V3 and their taps in V4 to V7.
func mixPairs(p *Program) {
	for i := range V(4) {
		p.Smull((16 + 2*i).S4(), i.H4(), (4 + i).H4())
	}
	for i := range V(4) {
		p.Smull((17 + 2*i).S4(), i.H8(), (4 + i).H8())
	}
	for i := range V(4) {
		p.Addp((16 + i).S4(), (16 + 2*i).S4(), (17 + 2*i).S4())
	}
	roundPixels(p)
}

// mixLine weighs pairs that lie in windows of eight samples, four pairs in each.
func mixLine(p *Program) {
	args := p.Func("mixLineNEON", "dst *byte, line *int16, offset *int32, shuffle *byte, tap *int16, n int")
	turns(p, args[5], 16, func() {
		for i := range X(4) {
			p.Go("MOVW.P 4(%v), %v", args[2], 6+i)
		}
		p.Ld1(args[3], V(16).B16(), V(17).B16(), V(18).B16(), V(19).B16())
		for i := range X(4) {
			p.Go("ADD %v<<1, %v, %v", 6+i, args[1], 6+i)
		}
		for i := range 4 {
			p.LdrQ(V(i), X(6+i), 16)
		}
		p.Ld1(args[4], V(4).H8(), V(5).H8(), V(6).H8(), V(7).H8())
		for i := range V(4) {
			p.Tbl(i.B16(), i.B16(), (16 + i).B16())
		}
		mixPairs(p)
		p.StrQ(0, args[0], 16)
	}, func() {
		p.Go("ADD %v, %v", back, args[0])
		p.Go("ADD %v<<2, %v", back, args[4])
	})
	p.Ret()
}

// halve makes bytes that are the mean of two of two rows each. The pattern brings them
// beside each other.
func halve(p *Program) {
	args := p.Func("halveNEON", "dst, above, below *byte, pattern *[16]uint8, n int")
	p.LdrQ(31, args[3], 16)
	turns(p, args[4], 32, func() {
		for v := V(0); v < 8; v += 4 {
			p.Ld1(args[1], v.B16(), (v + 1).B16())
			p.Ld1(args[2], (v + 2).B16(), (v + 3).B16())
			for i := range V(4) {
				p.Tbl((16 + v + i).B16(), (v + i).B16(), V(31).B16())
			}
			halves(func(i int) { p.Uaddlp((v + V(i)).H8(), (16 + v + V(i)).B16()) })
			halves(func(i int) { p.Uadalp((v + V(i)).H8(), (18 + v + V(i)).B16()) })
			halves(func(i int) { p.Rshrn(cut(24+v/4, i), (v + V(i)).H8(), 2) })
		}
		p.St1(args[0], V(24).B16(), V(25).B16())
	}, func() {
		p.Go("ADD %v, %v", back, args[0])
		p.Go("ADD %v<<1, %v", back, args[1])
		p.Go("ADD %v<<1, %v", back, args[2])
	})
	p.Ret()
}

// double makes two bytes of each sample of a line, three quarters of it and one of a
// neighbour.
func double(p *Program) {
	args := p.Func("doubleNEON", "dst *byte, line *int16, n int")
	const before, after = X(3), X(4)
	p.Go("SUB $2, %v, %v", args[1], before)
	p.Go("ADD $2, %v, %v", args[1], after)
	turns(p, args[2], 32, func() {
		p.Ld1(args[1], V(0).H8(), V(1).H8())
		p.Ld1(before, V(2).H8(), V(3).H8())
		p.Ld1(after, V(4).H8(), V(5).H8())
		halves(func(i int) { p.Add(V(6+i).H8(), V(i).H8(), V(i).H8()) })
		halves(func(i int) { p.Add(V(i).H8(), V(i).H8(), V(6+i).H8()) })
		halves(func(i int) { p.Add(V(2+i).H8(), V(2+i).H8(), V(i).H8()) })
		halves(func(i int) { p.Add(V(4+i).H8(), V(4+i).H8(), V(i).H8()) })
		halves(func(i int) { p.Rshrn(cut(16, i), V(2+i).H8(), 7) })
		halves(func(i int) { p.Rshrn(cut(17, i), V(4+i).H8(), 7) })
		p.StN(args[0], V(16).B16(), V(17).B16())
	}, func() {
		for _, x := range []X{args[0], args[1], before, after} {
			p.Go("ADD %v, %v", back, x) // a sample has two bytes, and makes as many
		}
	})
	p.Ret()
}
