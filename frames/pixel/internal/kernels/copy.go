package main

// copies prints the kernels that bring samples together or apart, 32 a turn.
func copies(p *Program) {
	args := p.Func("gatherDown", "dst, src *byte, n, shift int")
	p.DupX(V(7).H8(), args[3])
	p.Times(args[2], 32, func() {
		p.Ld1(args[1], V(0).B16(), V(1).B16(), V(2).B16(), V(3).B16())
		for v := V(0); v < 4; v++ {
			p.Ushl(v.H8(), v.H8(), V(7).H8())
		}
		p.Uzp1(V(0).B16(), V(0).B16(), V(1).B16())
		p.Uzp1(V(1).B16(), V(2).B16(), V(3).B16())
		p.St1(args[0], V(0).B16(), V(1).B16())
	})
	p.Ret()

	args = p.Func("shuffleKernel", "dst, src *byte, n int, p *pattern")
	p.LdrQ(7, args[3], 0)
	p.Times(args[2], 32, func() {
		p.Ld1(args[1], V(0).B16(), V(1).B16())
		for v := V(0); v < 2; v++ {
			p.Tbl(v.B16(), v.B16(), V(7).B16())
		}
		p.St1(args[0], V(0).B16(), V(1).B16())
	})
	p.Ret()

	args = p.Func("splitKernel", "first, second, pairs *byte, n int")
	p.Times(args[3], 32, func() {
		p.LdN(args[2], V(0).B16(), V(1).B16())
		p.LdN(args[2], V(2).B16(), V(3).B16())
		p.St1(args[0], V(0).B16())
		p.St1(args[1], V(1).B16())
		p.St1(args[0], V(2).B16())
		p.St1(args[1], V(3).B16())
	})
	p.Ret()

	args = p.Func("mergeKernel", "pairs, first, second *byte, n int")
	p.Times(args[3], 32, func() {
		p.Ld1(args[1], V(0).B16())
		p.Ld1(args[2], V(1).B16())
		p.Ld1(args[1], V(2).B16())
		p.Ld1(args[2], V(3).B16())
		p.StN(args[0], V(0).B16(), V(1).B16())
		p.StN(args[0], V(2).B16(), V(3).B16())
	})
	p.Ret()

	unpack(p)
}

// unpack prints the kernel from a packed format to planes, 32 pixels of two rows a turn.
func unpack(p *Program) {
	args := p.Func("unpackNEON", "y0, y1, first, second, top, bottom *byte, n, layout int")
	p.Times(args[6], 32, func() {
		p.LdN(args[4], V(0).B16(), V(1).B16(), V(2).B16(), V(3).B16())
		p.LdN(args[5], V(4).B16(), V(5).B16(), V(6).B16(), V(7).B16())
		p.Either(args[7], 0,
			func() { unpacked(p, args, 0, 1) },
			func() { unpacked(p, args, 1, 0) })
		p.Either(args[7], 1,
			func() {
				p.St1(args[2], V(20).B16())
				p.St1(args[3], V(21).B16())
			},
			func() {
				p.Mov(V(22).B16(), V(20).B16())
				p.Either(args[7], 2,
					func() { p.StN(args[2], V(20).B16(), V(21).B16()) },
					func() { p.StN(args[2], V(21).B16(), V(22).B16()) })
			})
	})
	p.Ret()
}

// unpacked stores luma, which begins in register luma of each four, and leaves mean
// chroma in V20 and V21.
func unpacked(p *Program, args []X, luma, chroma V) {
	for i := V(0); i < 2; i++ {
		p.Mov((16 + i).B16(), (luma + 2*i).B16())
		p.Mov((18 + i).B16(), (4 + luma + 2*i).B16())
		p.Urhadd((20 + i).B16(), (chroma + 2*i).B16(), (4 + chroma + 2*i).B16())
	}
	p.StN(args[0], V(16).B16(), V(17).B16())
	p.StN(args[1], V(18).B16(), V(19).B16())
}
