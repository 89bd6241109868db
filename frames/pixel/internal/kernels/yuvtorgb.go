package main

// Registers of the kernels from YUV to RGB, which do 32 pixels a turn: as pairs, which
// share chroma, so that words of even ones and words of odd ones meet the same chroma.
const (
	yuvFactors = V(7) // luma, base, then of chroma 0: own, green; of chroma 2: own, green
	yuvBase    = V(6)
	yuvCenter  = V(5)
)

// Lanes of yuvFactors.
const (
	yuvLuma = iota
	yuvConstant
	yuvOwn0
	yuvGreen0
	yuvOwn2
	yuvGreen2
)

var (
	yuvEven, yuvOdd     = two{20, 21}, two{22, 23}
	yuvFirst, yuvSecond = two{24, 25}, two{26, 27} // chroma of channels 0 and 2
)

// yuvToRGB prints the kernels from YUV to RGB: for every layout of YUV those to three
// bytes and to four, of which the last or the first (X) is opaque.
func yuvToRGB(p *Program) {
	for _, from := range []struct {
		name string
		load func(p *Program, args []X)
	}{{"planar", loadPlanar}, {"paired", loadPaired}, {"packed", loadPacked}} {
		for _, to := range []struct {
			name  string
			store func(p *Program, dst X)
		}{{"3", storeRGB3}, {"4", storeRGB4}, {"X4", storeRGBX4}} {
			args := p.Func(from.name+"To"+to.name+"NEON", "dst, y, c0, c2 *byte, n int, factors *[8]int16, layout int")
			p.LdrQ(yuvFactors, args[5], 16)
			p.Dup(yuvBase.H8(), yuvFactors.H(yuvConstant))
			p.Movi(yuvCenter.B16(), 0x80)
			p.Times(args[4], 32, func() {
				from.load(p, args)
				yuvMatrix(p)
				to.store(p, args[0])
			})
			p.Ret()
		}
		args := p.Func(from.name+"ToLumaNEON", "dst, y, c0, c2 *byte, n int, factors *[8]int16, layout int")
		p.LdrQ(yuvFactors, args[5], 16)
		p.Dup(yuvBase.H8(), yuvFactors.H(yuvConstant))
		p.Movi(yuvCenter.B16(), 0x80)
		p.Times(args[4], 32, func() {
			from.load(p, args)
			yuvMiddle(p)
			p.StN(args[0], V(12).B16(), V(13).B16())
		})
		p.Ret()
	}
}

// yuvMiddle leaves channel 1 of even and odd pixels in V12 and V13.
func yuvMiddle(p *Program) {
	for _, luma := range []two{yuvEven, yuvOdd} {
		halves(func(i int) { p.Sqdmulh(luma[i].H8(), luma[i].H8(), yuvFactors.H(yuvLuma)) })
	}
	halves(func(i int) { p.Sqrdmulh(yuvFirst[i].H8(), yuvFirst[i].H8(), yuvFactors.H(yuvGreen0)) })
	halves(func(i int) { p.Sqrdmulh(yuvSecond[i].H8(), yuvSecond[i].H8(), yuvFactors.H(yuvGreen2)) })
	for _, luma := range []two{yuvEven, yuvOdd} {
		halves(func(i int) { p.Add(luma[i].H8(), luma[i].H8(), yuvBase.H8()) })
	}
	halves(func(i int) { p.Add(yuvFirst[i].H8(), yuvFirst[i].H8(), yuvSecond[i].H8()) })
	for _, luma := range []two{yuvEven, yuvOdd} {
		halves(func(i int) { p.Sqadd(luma[i].H8(), luma[i].H8(), yuvFirst[i].H8()) })
	}
	halves(func(i int) {
		p.Sqshrun(cut(12, i), yuvEven[i].H8(), 6)
		p.Sqshrun(cut(13, i), yuvOdd[i].H8(), 6)
	})
}

// Loads leave luma<<7 and (chroma-128)<<8.

func loadPlanar(p *Program, args []X) {
	p.LdN(args[1], V(16).B16(), V(17).B16())
	p.Ld1(args[2], V(18).B16())
	p.Ld1(args[3], V(19).B16())
	widenYUV(p, 16, 17, 18, 19)
}

// loadPaired has chroma of channel 2 first if layout is 1.
func loadPaired(p *Program, args []X) {
	p.LdN(args[1], V(16).B16(), V(17).B16())
	p.LdN(args[2], V(18).B16(), V(19).B16())
	p.Either(args[6], 0,
		func() { widenYUV(p, 16, 17, 18, 19) },
		func() { widenYUV(p, 16, 17, 19, 18) })
}

// loadPacked has chroma of channel 2 first if bit 0 of layout is set, and chroma before
// luma if bit 1 is.
func loadPacked(p *Program, args []X) {
	p.LdN(args[1], V(16).B16(), V(17).B16(), V(18).B16(), V(19).B16())
	p.Either(args[6], 1,
		func() {
			p.Either(args[6], 0,
				func() { widenYUV(p, 16, 18, 17, 19) },
				func() { widenYUV(p, 16, 18, 19, 17) })
		},
		func() {
			p.Either(args[6], 0,
				func() { widenYUV(p, 17, 19, 16, 18) },
				func() { widenYUV(p, 17, 19, 18, 16) })
		})
}

func widenYUV(p *Program, even, odd, chroma0, chroma2 V) {
	p.Eor(chroma0.B16(), chroma0.B16(), yuvCenter.B16())
	p.Eor(chroma2.B16(), chroma2.B16(), yuvCenter.B16())
	halves(func(i int) { p.Ushll(yuvEven[i].H8(), cut(even, i), 7) })
	halves(func(i int) { p.Ushll(yuvOdd[i].H8(), cut(odd, i), 7) })
	halves(func(i int) { p.Shll(yuvFirst[i].H8(), cut(chroma0, i)) })
	halves(func(i int) { p.Shll(yuvSecond[i].H8(), cut(chroma2, i)) })
}

// yuvMatrix leaves the channels of 16 pixels in V1 to V3 and of the next in V9 to V11.
func yuvMatrix(p *Program) {
	own0, own2, green := two{28, 29}, two{30, 31}, yuvFirst
	product := func(d, n V, lane int) { p.Sqrdmulh(d.H8(), n.H8(), yuvFactors.H(lane)) }
	for _, luma := range []two{yuvEven, yuvOdd} {
		halves(func(i int) { p.Sqdmulh(luma[i].H8(), luma[i].H8(), yuvFactors.H(yuvLuma)) })
	}
	halves(func(i int) { product(own0[i], yuvFirst[i], yuvOwn0) })
	halves(func(i int) { product(own2[i], yuvSecond[i], yuvOwn2) })
	halves(func(i int) { product(yuvFirst[i], yuvFirst[i], yuvGreen0) })
	halves(func(i int) { product(yuvSecond[i], yuvSecond[i], yuvGreen2) })
	for _, luma := range []two{yuvEven, yuvOdd} {
		halves(func(i int) { p.Add(luma[i].H8(), luma[i].H8(), yuvBase.H8()) })
	}
	halves(func(i int) { p.Add(green[i].H8(), yuvFirst[i].H8(), yuvSecond[i].H8()) })

	for c, chroma := range []two{own0, green, own2} {
		even, odd := two{16, 17}, two{18, 19}
		halves(func(i int) { p.Sqadd(even[i].H8(), yuvEven[i].H8(), chroma[i].H8()) })
		halves(func(i int) { p.Sqadd(odd[i].H8(), yuvOdd[i].H8(), chroma[i].H8()) })
		halves(func(i int) {
			p.Sqshrun(cut(12, i), even[i].H8(), 6)
			p.Sqshrun(cut(13, i), odd[i].H8(), 6)
		})
		p.Zip1(V(1+c).B16(), V(12).B16(), V(13).B16())
		p.Zip2(V(9+c).B16(), V(12).B16(), V(13).B16())
	}
}

func storeRGB3(p *Program, dst X) {
	p.StN(dst, V(1).B16(), V(2).B16(), V(3).B16())
	p.StN(dst, V(9).B16(), V(10).B16(), V(11).B16())
}

func storeRGB4(p *Program, dst X) {
	p.Movi(V(4).B16(), 255)
	p.Movi(V(12).B16(), 255)
	p.StN(dst, V(1).B16(), V(2).B16(), V(3).B16(), V(4).B16())
	p.StN(dst, V(9).B16(), V(10).B16(), V(11).B16(), V(12).B16())
}

func storeRGBX4(p *Program, dst X) {
	p.Movi(V(0).B16(), 255)
	p.Movi(V(8).B16(), 255)
	p.StN(dst, V(0).B16(), V(1).B16(), V(2).B16(), V(3).B16())
	p.StN(dst, V(8).B16(), V(9).B16(), V(10).B16(), V(11).B16())
}
