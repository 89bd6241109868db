package main

// mapPairs prints the kernel that brings pairs of chroma to another matrix or range, 16
// a turn. factors are those from the first and the second component to the first, the
// same to the second, the zero of chroma, and that of sums times 64.
func mapPairs(p *Program) {
	const factors, zero, center = V(7), V(6), V(5)
	args := p.Func("mapPairsNEON", "dst, a, b *byte, n int, factors *[8]int16")
	p.LdrQ(factors, args[4], 0)
	p.Dup(zero.H8(), factors.H(4))
	p.Dup(center.H8(), factors.H(5))
	p.Times(args[3], 16, func() {
		p.LdN(args[1], V(0).B16(), V(1).B16())
		p.LdN(args[2], V(2).B16(), V(3).B16())
		sums := [2]two{{16, 17}, {18, 19}}
		for c := range 2 {
			halves(func(i int) { p.Ushll(sums[c][i].H8(), cut(V(c), i), 6) })
			halves(func(i int) { p.Ushll(V(20+2*c+i).H8(), cut(V(2+c), i), 6) })
		}
		for c := range 2 {
			halves(func(i int) { p.Sub(sums[c][i].H8(), sums[c][i].H8(), center.H8()) })
			halves(func(i int) { p.Add(sums[c][i].H8(), sums[c][i].H8(), V(20+2*c+i).H8()) })
		}
		for c := range 2 {
			halves(func(i int) { p.Sqrdmulh(V(24+i).H8(), sums[0][i].H8(), factors.H(2*c)) })
			halves(func(i int) { p.Sqrdmulh(V(26+i).H8(), sums[1][i].H8(), factors.H(2*c+1)) })
			halves(func(i int) { p.Add(V(24+i).H8(), V(24+i).H8(), zero.H8()) })
			halves(func(i int) { p.Add(V(24+i).H8(), V(24+i).H8(), V(26+i).H8()) })
			halves(func(i int) { p.Sqshrun(cut(V(c), i), V(24+i).H8(), 6) })
		}
		p.StN(args[0], V(0).B16(), V(1).B16())
	})
	p.Ret()
}
