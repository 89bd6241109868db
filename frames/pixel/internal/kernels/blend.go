package main

// blend prints the kernels that mix bytes with others, 32 a turn, as words.
func blend(p *Program) {
	args := p.Func("blendKernel", "dst, src *byte, n, weight int")
	p.DupX(V(7).H8(), args[3])
	mixBytes(p, args, func(is, comes, out V) {
		halves(func(i int) { p.Usubl(V(16+i).H8(), cut(comes, i), cut(is, i)) })
		halves(func(i int) { p.Shll(V(18+i).H8(), cut(is, i)) })
		halves(func(i int) { p.Mla(V(18+i).H8(), V(16+i).H8(), V(7).H8()) }) // modulo 65536 all of it fits
		halves(func(i int) { p.Shrn(cut(out, i), V(18+i).H8(), 8) })
	})

	args = p.Func("coverBy", "dst, src *byte, n int, mask *byte")
	mixBytes(p, args, func(is, comes, out V) {
		p.Ld1(args[3], V(4).B16())
		coverBytes(p, is, comes, out)
	})

	args = p.Func("overOpaqueKernel", "dst, src *byte, n int, lanes *[16]byte, alpha int")
	p.LdrQ(6, args[3], 16)
	p.DupX(V(7).B16(), args[4])
	mixBytes(p, args, func(is, comes, out V) {
		p.Tbl(V(4).B16(), comes.B16(), V(6).B16())
		halves(func(i int) { p.Umull(V(16+i).H8(), cut(4, i), cut(7, i)) })
		part255(p, 4)
		coverBytes(p, is, comes, out)
	})
}

// coverBytes mixes 16 bytes by the mask in V4.
func coverBytes(p *Program, is, comes, out V) {
	p.Mvn(V(5).B16(), V(4).B16())
	halves(func(i int) { p.Umull(V(16+i).H8(), cut(comes, i), cut(4, i)) })
	halves(func(i int) { p.Umlal(V(16+i).H8(), cut(is, i), cut(5, i)) })
	part255(p, out)
}

// part255 makes 16 bytes of products in V16 and V17, divided by 255 and rounded.
func part255(p *Program, out V) {
	halves(func(i int) { p.Urshr(V(18+i).H8(), V(16+i).H8(), 8) })
	halves(func(i int) { p.Raddhn(cut(out, i), V(16+i).H8(), V(18+i).H8()) })
}

// mixBytes is a kernel that does 16 bytes and the next by mix, from those that are there
// and those that come.
func mixBytes(p *Program, args []X, mix func(is, comes, out V)) {
	p.Times(args[2], 32, func() {
		p.Ld1At(args[0], V(0).B16(), V(1).B16())
		p.Ld1(args[1], V(2).B16(), V(3).B16())
		for i := range V(2) {
			mix(i, 2+i, 20+i)
		}
		p.St1(args[0], V(20).B16(), V(21).B16())
	})
	p.Ret()
}
