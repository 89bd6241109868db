//go:build !noasm

package pixel

func init() {
	rgbToLumaRow = rgbToLumaFast
	rgbToChromaRow = rgbToChromaFast
	rgbToYUVRows = rgbToYUVFast
}

// lumaBlock is how many pixels the kernels from RGB to YUV do at a time.
const lumaBlock = 16

// rgbToLumaFast does blocks as yuvToRGBFast does. Luma among chroma, and RGB of
// limited range, are left to the reference.
func rgbToLumaFast(dst []byte, step int, src []byte, o *order, w int, m *fromRGB) {
	n := w &^ (lumaBlock - 1)
	if n == 0 || step != 1 || !m.lanes.narrow {
		rgbToLumaReference(dst, step, src, o, w, m)
		return
	}
	f := m.factors(o)
	lumaBlocks(dst, src, o, n, &f)
	if w > n {
		lumaBlocks(dst[w-lumaBlock:], src[(w-lumaBlock)*o.size:], o, lumaBlock, &f)
	}
}

// factors are what the kernels multiply with, channels as they lie in memory: those of
// luma, that of green 32768 less, which brings it into 16 bits; the constants of luma
// and chroma; from 8 on those of the first component of chroma and of the second.
func (m *fromRGB) factors(o *order) [16]int16 {
	first, second := [3]int32{m.ur, m.ug, m.ub}, [3]int32{m.vr, m.vg, m.vb}
	if m.lanes.vFirst {
		first, second = second, first
	}
	var f [16]int16
	red, blue := 0, 2
	if o.r > o.b {
		red, blue = 2, 0
	}
	f[red], f[1], f[blue] = int16(m.yr), int16(m.yg-1<<15), int16(m.yb)
	f[3], f[4] = int16(m.y0), chromaZero
	f[8+red], f[9], f[8+blue] = int16(first[0]), int16(first[1]), int16(first[2])
	f[11+red], f[12], f[11+blue] = int16(second[0]), int16(second[1]), int16(second[2])
	return f
}

// lumaBlocks converts n pixels, a multiple of lumaBlock and not 0.
func lumaBlocks(dst, src []byte, o *order, n int, f *[16]int16) {
	_, _ = dst[n-1], src[n*o.size-1]
	switch d, s := &dst[0], &src[0]; {
	case o.size == 3:
		lumaOf3NEON(d, s, n, f)
	case o.a == 0:
		lumaOfX4NEON(d, s, n, f)
	default:
		lumaOf4NEON(d, s, n, f)
	}
}

// rgbToChromaFast does blocks as well. Chroma among luma is left to the reference.
func rgbToChromaFast(u, v []byte, step int, top, bottom []byte, o *order, w int, m *fromRGB) {
	n := w &^ (lumaBlock - 1)
	if n == 0 || step > 2 {
		rgbToChromaReference(u, v, step, top, bottom, o, w, m)
		return
	}
	f := m.factors(o)
	chromaBlocks(u, v, step, top, bottom, o, n, m.lanes.vFirst, &f)
	if even := w &^ 1; even > n {
		x := even - lumaBlock
		chromaBlocks(u[x/2*step:], v[x/2*step:], step, top[x*o.size:], bottom[x*o.size:], o, lumaBlock, m.lanes.vFirst, &f)
	}
	if w&1 == 1 {
		x := w - 1
		rgbToChromaReference(u[x/2*step:], v[x/2*step:], step, top[x*o.size:], bottom[x*o.size:], o, 1, m)
	}
}

// chromaBlocks converts n columns of pixels, a multiple of lumaBlock and not 0.
func chromaBlocks(u, v []byte, step int, top, bottom []byte, o *order, n int, vFirst bool, f *[16]int16) {
	_, _, _, _ = u[(n/2-1)*step], v[(n/2-1)*step], top[n*o.size-1], bottom[n*o.size-1]
	first, second := &u[0], &v[0]
	if vFirst {
		first, second = second, first
	}
	switch a, b, paired := &top[0], &bottom[0], step-1; {
	case o.size == 3:
		chromaOf3NEON(a, b, n, f, first, second, paired)
	case o.a == 0:
		chromaOfX4NEON(a, b, n, f, first, second, paired)
	default:
		chromaOf4NEON(a, b, n, f, first, second, paired)
	}
}

// rgbToYUVFast does blocks of luma and chroma at once, which reads RGB once.
func rgbToYUVFast(dst yuvPair, src rgbPair, o *order, w int, m *fromRGB) {
	n := w &^ (lumaBlock - 1)
	if n == 0 || !m.lanes.narrow || dst.ys != 1 || dst.cs > 2 {
		rgbToYUVReference(dst, src, o, w, m)
		return
	}
	f := m.factors(o)
	yuvBlocks(&dst, &src, o, 0, n, m, &f)
	if even := w &^ 1; even > n {
		yuvBlocks(&dst, &src, o, even-lumaBlock, lumaBlock, m, &f)
	}
	if w&1 == 1 {
		d, s := dst.from(w-1), src.from(w-1, o)
		rgbToYUVReference(d, s, o, 1, m)
	}
}

// yuvBlocks converts n columns of pixels from x on, an even number; n is a multiple of
// lumaBlock and not 0.
func yuvBlocks(dst *yuvPair, src *rgbPair, o *order, x, n int, m *fromRGB, f *[16]int16) {
	d, s := dst.from(x), src.from(x, o)
	_, _, _, _ = s.top[n*o.size-1], s.bottom[n*o.size-1], d.y0[n-1], d.y1[n-1]
	_, _ = d.u[(n/2-1)*d.cs], d.v[(n/2-1)*d.cs]
	first, second := &d.u[0], &d.v[0]
	if m.lanes.vFirst {
		first, second = second, first
	}
	paired := d.cs - 1
	switch a, b, y0, y1 := &s.top[0], &s.bottom[0], &d.y0[0], &d.y1[0]; {
	case o.size == 3:
		yuvOf3NEON(a, b, n, f, first, second, y0, y1, paired)
	case o.a == 0:
		yuvOfX4NEON(a, b, n, f, first, second, y0, y1, paired)
	default:
		yuvOf4NEON(a, b, n, f, first, second, y0, y1, paired)
	}
}

// The kernels. In formats of X4 the byte without colour comes first. Both components of
// chroma go to first if paired is 1.

//go:noescape
func lumaOf3NEON(dst, src *byte, n int, factors *[16]int16)

//go:noescape
func lumaOf4NEON(dst, src *byte, n int, factors *[16]int16)

//go:noescape
func lumaOfX4NEON(dst, src *byte, n int, factors *[16]int16)

//go:noescape
func chromaOf3NEON(top, bottom *byte, n int, factors *[16]int16, first, second *byte, paired int)

//go:noescape
func chromaOf4NEON(top, bottom *byte, n int, factors *[16]int16, first, second *byte, paired int)

//go:noescape
func chromaOfX4NEON(top, bottom *byte, n int, factors *[16]int16, first, second *byte, paired int)

//go:noescape
func yuvOf3NEON(top, bottom *byte, n int, factors *[16]int16, first, second, y0, y1 *byte, paired int)

//go:noescape
func yuvOf4NEON(top, bottom *byte, n int, factors *[16]int16, first, second, y0, y1 *byte, paired int)

//go:noescape
func yuvOfX4NEON(top, bottom *byte, n int, factors *[16]int16, first, second, y0, y1 *byte, paired int)
