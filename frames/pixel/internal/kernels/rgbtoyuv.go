package main

import "github.com/eiengine/eiengine/frames/internal/neon"

// Registers of the kernels from RGB to YUV, which do 16 pixels a turn, of two rows that
// share chroma or of one. Channels go by their place in memory, green is between the
// others.
const (
	rgbLuma   = V(6)  // factors of luma, 32768 less for green; its constant; that of chroma
	rgbChroma = V(7)  // factors of the first component of chroma, then of the second
	rgbBase   = V(14) // the constants in every lane
	rgbZero   = V(15)
)

// Lanes of rgbLuma behind the factors.
const (
	rgbConstant = 3
	rgbMiddle   = 4
)

// rgbToYUV prints the kernels from RGB to luma, to chroma, and to both.
func rgbToYUV(p *Program) {
	for _, from := range layouts {
		args := p.Func("lumaOf"+from.name+"NEON", "dst, src *byte, n int, factors *[16]int16")
		loadFactors(p, args[3])
		p.Times(args[2], 16, func() {
			from.load(p, args[1], 0)
			lumaOf(p, from.channels(0), args[0])
		})
		p.Ret()
	}
	for _, from := range layouts {
		args := p.Func("chromaOf"+from.name+"NEON", "top, bottom *byte, n int, factors *[16]int16, first, second *byte, paired int")
		chromaLoop(p, args, from, args[6], nil)
	}
	for _, from := range layouts {
		args := p.Func("yuvOf"+from.name+"NEON", "top, bottom *byte, n int, factors *[16]int16, first, second, y0, y1 *byte, paired int")
		chromaLoop(p, args, from, args[8], args[6:8])
	}
}

// chromaLoop is a kernel that writes chroma, and luma of the two rows if it is told where.
func chromaLoop(p *Program, args []X, from pixels, paired X, luma []X) {
	loadFactors(p, args[3])
	p.Times(args[2], 16, func() {
		c := from.channels(0)
		for row, add := range []func(d, n neon.Reg){p.Uaddlp, p.Uadalp} {
			from.load(p, args[row], 0)
			for i := range V(3) {
				add((11 + i).H8(), (c + i).B16())
			}
			if luma != nil {
				lumaOf(p, c, luma[row])
			}
		}
		chromaOf(p)
		p.Either(paired, 0,
			func() {
				p.St1(args[4], V(0).B8())
				p.St1(args[5], V(1).B8())
			},
			func() { p.StN(args[4], V(0).B8(), V(1).B8()) })
	})
	p.Ret()
}

func loadFactors(p *Program, factors X) {
	p.LdrQ(rgbLuma, factors, 16)
	p.LdrQ(rgbChroma, factors, 16)
	p.Dup(rgbBase.H8(), rgbLuma.H(rgbConstant))
	p.Dup(rgbZero.H8(), rgbLuma.H(rgbMiddle))
}

// lumaOf stores that of the channels in registers from c on.
func lumaOf(p *Program, c V, dst X) {
	wide, terms := [3]two{{16, 17}, {18, 19}, {20, 21}}, [3]two{{22, 23}, {24, 25}, {26, 27}}
	each := func(f func(k, i int)) {
		for k := range 3 {
			halves(func(i int) { f(k, i) })
		}
	}
	each(func(k, i int) { p.Ushll(wide[k][i].H8(), cut(c+V(k), i), 7) })
	each(func(k, i int) { p.Sqdmulh(terms[k][i].H8(), wide[k][i].H8(), rgbLuma.H(k)) })
	// The 32768 that the factor of green lacks.
	halves(func(i int) { p.Add(wide[1][i].H8(), wide[1][i].H8(), rgbBase.H8()) })
	halves(func(i int) { p.Add(terms[0][i].H8(), terms[0][i].H8(), terms[1][i].H8()) })
	halves(func(i int) { p.Add(terms[2][i].H8(), terms[2][i].H8(), wide[1][i].H8()) })
	halves(func(i int) { p.Add(terms[0][i].H8(), terms[0][i].H8(), terms[2][i].H8()) })
	halves(func(i int) { p.Shrn(cut(28, i), terms[0][i].H8(), 8) })
	p.St1(dst, V(28).B16())
}

// chromaOf leaves both components in V0 and V1, of the sums of four pixels in V11 to V13.
func chromaOf(p *Program) {
	for i := range V(3) {
		p.Shl((11 + i).H8(), (11 + i).H8(), 5)
	}
	for k := range 6 {
		p.Sqrdmulh(V(16+k).H8(), V(11+k%3).H8(), rgbChroma.H(k))
	}
	for k := range V(2) {
		p.Add((16 + 3*k).H8(), (16 + 3*k).H8(), rgbZero.H8())
	}
	for k := range V(2) {
		p.Add((17 + 3*k).H8(), (17 + 3*k).H8(), (18 + 3*k).H8())
	}
	for k := range V(2) {
		p.Add((16 + 3*k).H8(), (16 + 3*k).H8(), (17 + 3*k).H8())
	}
	for k := range V(2) {
		p.Sqshrun(k.B8(), (16 + 3*k).H8(), 6)
	}
}
