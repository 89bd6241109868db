//go:build !noasm

package pixel

import "golang.org/x/sys/cpu"

func init() {
	if cpu.X86.HasAVX2 {
		rgbToLumaRow = rgbToLumaFast
		rgbToChromaRow = rgbToChromaFast
		rgbToYUVRows = rgbToYUVFast
	}
}

// rgbToLumaFast does blocks as yuvToRGBFast does. Luma among chroma, and RGB of
// limited range, are left to the reference.
func rgbToLumaFast(dst []byte, step int, src []byte, o *order, w int, m *fromRGB) {
	n := w &^ (block - 1)
	if n == 0 || step != 1 || !m.lanes.narrow {
		rgbToLumaReference(dst, step, src, o, w, m)
		return
	}
	lumaBlocks(dst, src, o, n, m)
	if w > n {
		lumaBlocks(dst[w-block:], src[(w-block)*o.size:], o, block, m)
	}
}

// lumaBlocks converts n pixels, a multiple of block and not 0.
func lumaBlocks(dst, src []byte, o *order, n int, m *fromRGB) {
	_, _ = dst[n-1], src[n*o.size-1]
	if o.size == 3 {
		lumaOf3AVX2(&dst[0], &src[0], n, &m.lanes)
		return
	}
	lumaOf4AVX2(&dst[0], &src[0], n, &m.lanes)
}

// rgbToChromaFast does blocks as well. Chroma among luma is left to the reference.
func rgbToChromaFast(u, v []byte, step int, top, bottom []byte, o *order, w int, m *fromRGB) {
	n := w &^ (block - 1)
	if n == 0 || step > 2 {
		rgbToChromaReference(u, v, step, top, bottom, o, w, m)
		return
	}
	chromaBlocks(u, v, step, top, bottom, o, n, m)
	if even := w &^ 1; even > n {
		x := even - block
		chromaBlocks(u[x/2*step:], v[x/2*step:], step, top[x*o.size:], bottom[x*o.size:], o, block, m)
	}
	if w&1 == 1 {
		x := w - 1
		rgbToChromaReference(u[x/2*step:], v[x/2*step:], step, top[x*o.size:], bottom[x*o.size:], o, 1, m)
	}
}

// chromaBlocks converts n columns of pixels, a multiple of block and not 0.
func chromaBlocks(u, v []byte, step int, top, bottom []byte, o *order, n int, m *fromRGB) {
	_, _, _, _ = u[(n/2-1)*step], v[(n/2-1)*step], top[n*o.size-1], bottom[n*o.size-1]
	first, second := &u[0], &v[0]
	if m.lanes.vFirst {
		first, second = second, first
	}
	a, b := &top[0], &bottom[0]
	switch {
	case step == 1 && o.size == 3:
		chromaOf3PlanarAVX2(a, b, n, &m.lanes, first, second)
	case step == 1:
		chromaOf4PlanarAVX2(a, b, n, &m.lanes, first, second)
	case o.size == 3:
		chromaOf3PairedAVX2(a, b, n, &m.lanes, first, second)
	default:
		chromaOf4PairedAVX2(a, b, n, &m.lanes, first, second)
	}
}

// rgbToYUVFast does blocks of luma and chroma at once, which reads RGB once.
func rgbToYUVFast(dst yuvPair, src rgbPair, o *order, w int, m *fromRGB) {
	n := w &^ (block - 1)
	if n == 0 || !m.lanes.narrow || dst.ys != 1 || dst.cs > 2 {
		rgbToYUVReference(dst, src, o, w, m)
		return
	}
	yuvBlocks(&dst, &src, o, 0, n, m)
	if even := w &^ 1; even > n {
		yuvBlocks(&dst, &src, o, even-block, block, m)
	}
	if w&1 == 1 {
		d, s := dst.from(w-1), src.from(w-1, o)
		rgbToYUVReference(d, s, o, 1, m)
	}
}

// yuvBlocks converts n columns of pixels from x on, an even number; n is a multiple of
// block and not 0.
func yuvBlocks(dst *yuvPair, src *rgbPair, o *order, x, n int, m *fromRGB) {
	d, s := dst.from(x), src.from(x, o)
	_, _, _, _ = s.top[n*o.size-1], s.bottom[n*o.size-1], d.y0[n-1], d.y1[n-1]
	_, _ = d.u[(n/2-1)*d.cs], d.v[(n/2-1)*d.cs]
	first, second := &d.u[0], &d.v[0]
	if m.lanes.vFirst {
		first, second = second, first
	}
	a, b, y0, y1 := &s.top[0], &s.bottom[0], &d.y0[0], &d.y1[0]
	switch {
	case d.cs == 1 && o.size == 3:
		bothOf3PlanarAVX2(a, b, n, &m.lanes, first, second, y0, y1)
	case d.cs == 1:
		bothOf4PlanarAVX2(a, b, n, &m.lanes, first, second, y0, y1)
	case o.size == 3:
		bothOf3PairedAVX2(a, b, n, &m.lanes, first, second, y0, y1)
	default:
		bothOf4PairedAVX2(a, b, n, &m.lanes, first, second, y0, y1)
	}
}

// The kernels. The paired ones write both components to first.

//go:noescape
func lumaOf3AVX2(dst, src *byte, n int, lanes *fromRGBLanes)

//go:noescape
func lumaOf4AVX2(dst, src *byte, n int, lanes *fromRGBLanes)

//go:noescape
func chromaOf3PlanarAVX2(top, bottom *byte, n int, lanes *fromRGBLanes, first, second *byte)

//go:noescape
func chromaOf3PairedAVX2(top, bottom *byte, n int, lanes *fromRGBLanes, first, second *byte)

//go:noescape
func chromaOf4PlanarAVX2(top, bottom *byte, n int, lanes *fromRGBLanes, first, second *byte)

//go:noescape
func chromaOf4PairedAVX2(top, bottom *byte, n int, lanes *fromRGBLanes, first, second *byte)

//go:noescape
func bothOf3PlanarAVX2(top, bottom *byte, n int, lanes *fromRGBLanes, first, second, y0, y1 *byte)

//go:noescape
func bothOf3PairedAVX2(top, bottom *byte, n int, lanes *fromRGBLanes, first, second, y0, y1 *byte)

//go:noescape
func bothOf4PlanarAVX2(top, bottom *byte, n int, lanes *fromRGBLanes, first, second, y0, y1 *byte)

//go:noescape
func bothOf4PairedAVX2(top, bottom *byte, n int, lanes *fromRGBLanes, first, second, y0, y1 *byte)
