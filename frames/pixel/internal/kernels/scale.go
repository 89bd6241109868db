package main

import "fmt"

// scale prints the kernels that add up weighed rows and weigh the samples of a line.
func scale(p *Program) {
	sumRows(p)
	blendRows(p)
	weighPairs(p)
	weigh(p)
	weighPixels(p, 3)
	weighPixels(p, 4)
}

// sumRows does columns of 32, then of 16, the last of which may overlap those before.
func sumRows(p *Program) {
	args := p.Func("sumRowsNEON", "dst *int16, src *byte, stride int, taps *int16, rows, n int")
	dst, src, n := args[0], args[1], args[5]
	const half = V(3)
	p.Go("MOVD $%d, R6", 1<<8)
	p.DupX(half.S4(), 6)

	p.Go("CMP $32, %v", n)
	p.Go("BLT narrow")
	top := p.Label()
	sumColumns(p, args, half, 2)
	p.Go("SUB $32, %v", n)
	p.Go("CMP $32, %v", n)
	p.Go("BGE %s", top)

	p.Name("narrow")
	p.Go("CBZ %v, done", n)
	p.Go("SUBS $16, %v, R6", n)
	p.Go("BGE enough")
	p.Comment("Back to where 16 columns are left.")
	p.Go("ADD R6, %v", src)
	p.Go("ADD R6<<1, %v", dst)
	p.Go("MOVD $16, %v", n)
	p.Name("enough")
	sumColumns(p, args, half, 1)
	p.Go("SUB $16, %v", n)
	p.Go("B narrow")
	p.Name("done")
	p.Ret()
}

// sumColumns does as many columns as so many registers have bytes, and moves on.
func sumColumns(p *Program, args []X, half V, registers int) {
	dst, src, stride, taps, rows := args[0], args[1], args[2], args[3], args[4]
	const at, tap, left = X(7), X(8), X(9)
	sums := []V{16, 17, 18, 19, 20, 21, 22, 23}[:4*registers]
	for _, sum := range sums {
		p.Mov(sum.B16(), half.B16())
	}
	p.Go("MOVD %v, %v", src, at)
	p.Go("MOVD %v, %v", taps, tap)
	p.Go("MOVD %v, %v", rows, left)
	p.Times(left, 1, func() {
		p.Ld1r(V(2).H8(), tap)
		if registers == 2 {
			p.Ld1At(at, V(0).B16(), V(1).B16())
		} else {
			p.Ld1At(at, V(0).B16())
		}
		p.Go("ADD %v, %v", stride, at)
		for i := range 2 * registers {
			p.Uxtl(V(4+i).H8(), cut(V(i/2), i%2))
		}
		for i, sum := range sums {
			if i%2 == 0 {
				p.Smlal(sum.S4(), V(4+i/2).H4(), V(2).H4())
			} else {
				p.Smlal(sum.S4(), V(4+i/2).H8(), V(2).H8())
			}
		}
	})
	for i := 0; i < len(sums); i += 2 {
		p.Shrn(V(4+i/2).H4(), sums[i].S4(), 9)
	}
	for i := 1; i < len(sums); i += 2 {
		p.Shrn(V(4+i/2).H8(), sums[i].S4(), 9)
	}
	p.Go("ADD $%d, %v", 16*registers, src)
	if registers == 2 {
		p.St1(dst, V(4).H8(), V(5).H8(), V(6).H8(), V(7).H8())
		return
	}
	p.St1(dst, V(4).H8(), V(5).H8())
}

// blendRows is sumRows of two rows whose taps add up to one, 32 columns a turn.
func blendRows(p *Program) {
	args := p.Func("blendRowsNEON", "dst *int16, above, below *byte, tap, n int")
	p.DupX(V(7).H8(), args[3])
	turns(p, args[4], 32, func() {
		p.Ld1(args[1], V(0).B16(), V(1).B16())
		p.Ld1(args[2], V(2).B16(), V(3).B16())
		blendBytes(p, two{24, 25}, 0, 2)
		blendBytes(p, two{26, 27}, 1, 3)
		p.St1(args[0], V(24).H8(), V(25).H8(), V(26).H8(), V(27).H8())
	}, func() {
		p.Go("ADD %v<<1, %v", back, args[0])
		p.Go("ADD %v, %v", back, args[1])
		p.Go("ADD %v, %v", back, args[2])
	})
	p.Ret()
}

// blendBytes makes 16 samples of a line of the bytes of two rows, by the tap of the one
// below in V7: 32*above + ((below-above)*tap + 256)>>9, which stays within 16 bits.
func blendBytes(p *Program, d two, above, below V) {
	halves(func(i int) { p.Usubl(V(16+i).H8(), cut(below, i), cut(above, i)) })
	halves(func(i int) { p.Ushll(V(18+i).H8(), cut(above, i), 5) })
	halves(func(i int) { p.Shl(V(16+i).H8(), V(16+i).H8(), 6) })
	halves(func(i int) { p.Sqrdmulh(V(16+i).H8(), V(16+i).H8(), V(7).H(0)) })
	halves(func(i int) { p.Add(d[i].H8(), V(16+i).H8(), V(18+i).H8()) })
}

// roundSums makes eight bytes in V0 of sums in V16 and V17.
func roundSums(p *Program) {
	p.Srshr(V(16).S4(), V(16).S4(), 19)
	p.Srshr(V(17).S4(), V(17).S4(), 19)
	p.Sqxtn(V(0).H4(), V(16).S4())
	p.Sqxtn(V(0).H8(), V(17).S4())
	p.Sqxtun(V(0).B8(), V(0).H8())
}

// roundPixels makes 16 bytes in V0 of sums in V16 to V19.
func roundPixels(p *Program) {
	for i := range 4 {
		p.Srshr(V(16+i).S4(), V(16+i).S4(), 19)
	}
	p.Sqxtn(V(0).H4(), V(16).S4())
	p.Sqxtn(V(1).H4(), V(18).S4())
	p.Sqxtn(V(0).H8(), V(17).S4())
	p.Sqxtn(V(1).H8(), V(19).S4())
	p.Sqxtun(V(0).B8(), V(0).H8())
	p.Sqxtun(V(0).B16(), V(1).H8())
}

// weighPairs makes groups of eight bytes, each of them of two samples.
func weighPairs(p *Program) {
	args := p.Func("weighPairsNEON", "dst *byte, line *int16, offset *int32, tap *int16, groups int")
	p.Times(args[4], 1, func() {
		for i := range 8 {
			p.Go("MOVW.P 4(%v), %v", args[2], X(6+i))
		}
		p.Ld1(args[3], V(4).H8(), V(5).H8())
		for i := range 8 {
			p.Go("ADD R%d<<1, %v, R%d", 6+i, args[1], 6+i)
		}
		for i := range 4 {
			p.Ld1Lane(V(0).S(i), X(6+i))
			p.Ld1Lane(V(1).S(i), X(10+i))
		}
		for i := range 2 {
			a, b := V(16+2*i), V(17+2*i)
			p.Smull(a.S4(), V(i).H4(), V(4+i).H4())
			p.Smull(b.S4(), V(i).H8(), V(4+i).H8())
		}
		p.Addp(V(16).S4(), V(16).S4(), V(17).S4())
		p.Addp(V(17).S4(), V(18).S4(), V(19).S4())
		roundSums(p)
		p.StrD(0, args[0], 8)
	})
	p.Ret()
}

// weigh makes groups of eight bytes, each of them in steps of eight samples.
func weigh(p *Program) {
	args := p.Func("weighNEON", "dst *byte, line *int16, offset *int32, tap *int16, groups, steps int")
	const left = X(14)
	p.Times(args[4], 1, func() {
		for i := range 8 {
			p.Go("MOVW.P 4(%v), %v", args[2], X(6+i))
		}
		for i := range 8 {
			p.Go("ADD R%d<<1, %v, R%d", 6+i, args[1], 6+i)
			p.Movi(V(16+i).B16(), 0)
		}
		p.Go("MOVD %v, %v", args[5], left)
		p.Times(left, 1, func() {
			p.Ld1(args[3], V(24).H8(), V(25).H8(), V(26).H8(), V(27).H8())
			for i := range 8 {
				p.LdrQ(V(i), X(6+i), 16)
			}
			p.Ld1(args[3], V(28).H8(), V(29).H8(), V(30).H8(), V(31).H8())
			for i := range 8 {
				p.Smlal(V(16+i).S4(), V(i).H4(), V(24+i).H4())
			}
			for i := range 8 {
				p.Smlal(V(16+i).S4(), V(i).H8(), V(24+i).H8())
			}
		})
		for i := range 4 {
			p.Addp(V(16+i).S4(), V(16+2*i).S4(), V(17+2*i).S4())
		}
		for i := range 2 {
			p.Addp(V(16+i).S4(), V(16+2*i).S4(), V(17+2*i).S4())
		}
		roundSums(p)
		p.StrD(0, args[0], 8)
	})
	p.Ret()
}

// weighPixels makes groups of four pixels of so many bytes, in steps of two of the line.
// It writes 16 bytes for each group.
func weighPixels(p *Program, channels int) {
	args := p.Func(fmt.Sprintf("weigh%dNEON", channels), "dst *byte, line *int16, offset *int32, tap *int16, groups, steps int, order *[16]uint8")
	const left = X(11)
	p.LdrQ(31, args[6], 16)
	p.Times(args[4], 1, func() {
		for i := range 4 {
			p.Go("MOVW.P 4(%v), %v", args[2], X(7+i))
		}
		for i := range 4 {
			p.Go("ADD R%d<<1, %v, R%d", 7+i, args[1], 7+i)
			p.Movi(V(16+i).B16(), 0)
		}
		p.Go("MOVD %v, %v", args[5], left)
		p.Times(left, 1, func() {
			p.LdrQ(8, args[3], 16)
			for i := range 4 {
				if channels == 4 {
					p.LdrQ(V(i), X(7+i), 16)
					continue
				}
				p.LdurD(V(4+i), X(7+i), 6)
				p.LdrD(V(i), X(7+i), 12)
			}
			for i := range 4 {
				p.Smlal(V(16+i).S4(), V(i).H4(), V(8).H(2*i))
			}
			for i := range 4 {
				if channels == 4 {
					p.Smlal(V(16+i).S4(), V(i).H8(), V(8).H(2*i+1))
				} else {
					p.Smlal(V(16+i).S4(), V(4+i).H4(), V(8).H(2*i+1))
				}
			}
		})
		roundPixels(p)
		if channels == 3 {
			p.Tbl(V(0).B16(), V(0).B16(), V(31).B16())
		}
		p.StrQ(0, args[0], 4*channels)
	})
	p.Ret()
}
