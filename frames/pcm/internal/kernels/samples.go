package main

import (
	"math"

	"github.com/eiengine/eiengine/frames/internal/neon"
)

// Sixteen samples lie in four registers of floats, from V16 on.
const turn = 16

func sixteen(f func(i V)) {
	for i := range V(4) {
		f(i)
	}
}

func fours(from V) (regs [4]neon.Reg) {
	for i := range regs {
		regs[i] = (from + V(i)).S4()
	}
	return regs
}

// samples prints the kernels of samples.
func samples(p *Program) {
	for _, f := range []struct {
		name        string
		read, write func(p *Program, codes X)
		bits        int
	}{
		{"U8", readU8, writeU8, 7},
		{"S16", readS16, writeS16, 15},
		{"S24", readS24, writeS24, 31}, // read into the upper bytes of 32 bits
		{"S32", readS32, writeS32, 31},
	} {
		args := p.Func("decode"+f.name+"Kernel", "codes *byte, floats *float32, n int")
		p.Movi(V(7).B16(), 0x80)
		p.Movi(V(6).B16(), 0)
		p.Times(args[2], turn, func() {
			f.read(p, args[0])
			sixteen(func(i V) { p.Scvtf((16 + i).S4(), (16 + i).S4(), f.bits) })
			all := fours(16)
			p.St1(args[1], all[:]...)
		})
		p.Ret()

		bits := f.bits
		if f.name == "S24" {
			bits = 23
		}
		args = p.Func("encode"+f.name+"Kernel", "codes *byte, floats *float32, n int")
		p.Movi(V(7).B16(), 0x80)
		p.Go("MOVD $0x%x, R3", math.Float32bits(float32(math.Ldexp(1, bits))))
		p.DupX(V(5).S4(), 3)
		p.Times(args[2], turn, func() {
			all := fours(16)
			p.Ld1(args[1], all[:]...)
			sixteen(func(i V) { p.Fmul((16 + i).S4(), (16 + i).S4(), V(5).S4()) })
			sixteen(func(i V) { p.Fcvtns((16 + i).S4(), (16 + i).S4()) })
			f.write(p, args[0])
		})
		p.Ret()
	}
	channels(p)
	dither(p, "ditherTriangularBits", func() {
		p.Ushr(V(2).S4(), V(0).S4(), 16)
		p.Ushr(V(3).S4(), V(1).S4(), 16)
		p.And(V(4).B16(), V(0).B16(), V(6).B16())
		p.And(V(5).B16(), V(1).B16(), V(6).B16())
		p.Sub(V(2).S4(), V(2).S4(), V(4).S4())
		p.Sub(V(3).S4(), V(3).S4(), V(5).S4())
	})
	dither(p, "ditherEvenBits", func() {
		p.Sshr(V(2).S4(), V(0).S4(), 8)
		p.Sshr(V(3).S4(), V(1).S4(), 8)
	})
	level(p)
}

// Reads leave codes as integers in V16 to V19; V7 is 0x80 everywhere, V6 zero. Writes
// take such integers, which may be too large.

func readU8(p *Program, codes X) {
	p.Ld1(codes, V(0).B16())
	p.Eor(V(0).B16(), V(0).B16(), V(7).B16())
	p.Sxtl(V(1).H8(), V(0).B8())
	p.Sxtl(V(2).H8(), V(0).B16())
	wider(p, 1, 2)
}

func readS16(p *Program, codes X) {
	p.Ld1(codes, V(1).H8(), V(2).H8())
	wider(p, 1, 2)
}

// wider makes 32 bits of the 16 of two registers.
func wider(p *Program, a, b V) {
	p.Sxtl(V(16).S4(), a.H4())
	p.Sxtl(V(17).S4(), a.H8())
	p.Sxtl(V(18).S4(), b.H4())
	p.Sxtl(V(19).S4(), b.H8())
}

func readS24(p *Program, codes X) {
	p.LdN(codes, V(0).B16(), V(1).B16(), V(2).B16())
	p.Zip1(V(20).B16(), V(6).B16(), V(0).B16()) // lower words, of which the lower byte is 0
	p.Zip2(V(21).B16(), V(6).B16(), V(0).B16())
	p.Zip1(V(22).B16(), V(1).B16(), V(2).B16()) // upper words
	p.Zip2(V(23).B16(), V(1).B16(), V(2).B16())
	p.Zip1(V(16).H8(), V(20).H8(), V(22).H8())
	p.Zip2(V(17).H8(), V(20).H8(), V(22).H8())
	p.Zip1(V(18).H8(), V(21).H8(), V(23).H8())
	p.Zip2(V(19).H8(), V(21).H8(), V(23).H8())
}

func readS32(p *Program, codes X) {
	all := fours(16)
	p.Ld1(codes, all[:]...)
}

// narrower saturates to 16 bits, in V0 and V1.
func narrower(p *Program) {
	p.Sqxtn(V(0).H4(), V(16).S4())
	p.Sqxtn(V(1).H4(), V(18).S4())
	p.Sqxtn(V(0).H8(), V(17).S4())
	p.Sqxtn(V(1).H8(), V(19).S4())
}

func writeU8(p *Program, codes X) {
	narrower(p)
	p.Sqxtn(V(0).B8(), V(0).H8())
	p.Sqxtn(V(0).B16(), V(1).H8())
	p.Eor(V(0).B16(), V(0).B16(), V(7).B16())
	p.St1(codes, V(0).B16())
}

func writeS16(p *Program, codes X) {
	narrower(p)
	p.St1(codes, V(0).H8(), V(1).H8())
}

func writeS24(p *Program, codes X) {
	sixteen(func(i V) { p.Sqshl((16 + i).S4(), (16 + i).S4(), 8) })
	p.Uzp1(V(20).H8(), V(16).H8(), V(17).H8()) // lower words
	p.Uzp1(V(21).H8(), V(18).H8(), V(19).H8())
	p.Uzp2(V(22).H8(), V(16).H8(), V(17).H8()) // upper words
	p.Uzp2(V(23).H8(), V(18).H8(), V(19).H8())
	p.Uzp2(V(0).B16(), V(20).B16(), V(21).B16())
	p.Uzp1(V(1).B16(), V(22).B16(), V(23).B16())
	p.Uzp2(V(2).B16(), V(22).B16(), V(23).B16())
	p.StN(codes, V(0).B16(), V(1).B16(), V(2).B16())
}

func writeS32(p *Program, codes X) {
	all := fours(16)
	p.St1(codes, all[:]...)
}

// channels prints those that take two channels apart, join them, and make one of them.
func channels(p *Program) {
	args := p.Func("splitKernel", "left, right, src *float32, n int")
	p.Times(args[3], 8, func() {
		p.LdN(args[2], V(0).S4(), V(1).S4())
		p.LdN(args[2], V(2).S4(), V(3).S4())
		p.St1(args[0], V(0).S4())
		p.St1(args[1], V(1).S4())
		p.St1(args[0], V(2).S4())
		p.St1(args[1], V(3).S4())
	})
	p.Ret()

	args = p.Func("joinKernel", "dst, left, right *float32, n int")
	p.Times(args[3], 8, func() {
		p.Ld1(args[1], V(0).S4())
		p.Ld1(args[2], V(1).S4())
		p.Ld1(args[1], V(2).S4())
		p.Ld1(args[2], V(3).S4())
		p.StN(args[0], V(0).S4(), V(1).S4())
		p.StN(args[0], V(2).S4(), V(3).S4())
	})
	p.Ret()

	args = p.Func("meanKernel", "dst, src *float32, n int")
	p.Go("MOVD $0x%x, R3", math.Float32bits(0.5))
	p.DupX(V(7).S4(), 3)
	p.Times(args[2], 8, func() {
		all := fours(0)
		p.Ld1(args[1], all[:]...)
		p.Faddp(V(0).S4(), V(0).S4(), V(1).S4())
		p.Faddp(V(1).S4(), V(2).S4(), V(3).S4())
		p.Fmul(V(0).S4(), V(0).S4(), V(7).S4())
		p.Fmul(V(1).S4(), V(1).S4(), V(7).S4())
		p.St1(args[0], V(0).S4(), V(1).S4())
	})
	p.Ret()
}

// dither prints a kernel that adds noise to samples, eight a turn, by the generator
// whose state is in V0 and V1. integers leaves those in V2 and V3; V6 is 0xFFFF.
func dither(p *Program, name string, integers func()) {
	args := p.Func(name, "samples *float32, n int, state *noise, step int")
	p.Ld1At(args[2], V(0).S4(), V(1).S4())
	p.DupX(V(7).S4(), args[3])
	p.Go("MOVD $0xffff, R4")
	p.DupX(V(6).S4(), 4)
	p.Times(args[1], 8, func() {
		for _, by := range []int{13, -17, 5} {
			for i := range V(2) {
				if by > 0 {
					p.Shl((2 + i).S4(), i.S4(), by)
				} else {
					p.Ushr((2 + i).S4(), i.S4(), -by)
				}
			}
			for i := range V(2) {
				p.Eor(i.B16(), i.B16(), (2 + i).B16())
			}
		}
		integers()
		p.Ld1At(args[0], V(16).S4(), V(17).S4())
		for i := range V(2) {
			p.ScvtfInt((2 + i).S4(), (2 + i).S4())
		}
		for i := range V(2) {
			p.Fmla((16 + i).S4(), (2 + i).S4(), V(7).S4())
		}
		p.St1(args[0], V(16).S4(), V(17).S4())
	})
	p.St1At(args[2], V(0).S4(), V(1).S4())
	p.Ret()
}

// level prints the kernel that adds squares and keeps peaks, of every eighth sample.
func level(p *Program) {
	args := p.Func("levelLanes", "squares *float64, peak, samples *float32, n int")
	p.Ld1At(args[0], V(16).D2(), V(17).D2(), V(18).D2(), V(19).D2())
	p.Ld1At(args[1], V(20).S4(), V(21).S4())
	p.Times(args[3], 8, func() {
		p.Ld1(args[2], V(0).S4(), V(1).S4())
		p.Fcvtl(V(4).D2(), V(0).S2())
		p.Fcvtl(V(5).D2(), V(0).S4())
		p.Fcvtl(V(6).D2(), V(1).S2())
		p.Fcvtl(V(7).D2(), V(1).S4())
		p.Fabs(V(0).S4(), V(0).S4())
		p.Fabs(V(1).S4(), V(1).S4())
		sixteen(func(i V) { p.Fmla((16 + i).D2(), (4 + i).D2(), (4 + i).D2()) })
		for i := range V(2) {
			p.Fcmgt((2 + i).S4(), i.S4(), (20 + i).S4())
		}
		for i := range V(2) {
			p.Bit((20 + i).B16(), i.B16(), (2 + i).B16())
		}
	})
	p.St1At(args[0], V(16).D2(), V(17).D2(), V(18).D2(), V(19).D2())
	p.St1At(args[1], V(20).S4(), V(21).S4())
	p.Ret()
}
