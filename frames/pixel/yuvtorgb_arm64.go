//go:build !noasm

package pixel

func init() {
	yuvToRGBRow = yuvToRGBFast
	yuvToLumaRow = yuvToLumaFast
}

// block is how many pixels a kernel does at a time.
const block = 32

// yuvToRGBFast converts blocks of pixels by a kernel, the last block of a row once
// more over pixels that are done already, and the rest by the reference.
func yuvToRGBFast(dst []byte, o *order, s yuvRow, w int, m *toRGB) {
	n := w &^ (block - 1)
	if n == 0 {
		yuvToRGBReference(dst, o, s, w, m)
		return
	}
	factors := m.factors()
	yuvToRGBBlocks(dst, o, &s, n, m, &factors)
	if even := w &^ 1; even > n {
		last := s.from(even - block)
		yuvToRGBBlocks(dst[(even-block)*o.size:], o, &last, block, m, &factors)
	}
	if w&1 == 1 {
		yuvToRGBReference(dst[(w-1)*o.size:], o, s.from(w-1), 1, m)
	}
}

// factors are what the kernels multiply with: luma, base, and for the chroma of
// channels 0 and 2 their own factor and that in channel 1.
func (m *toRGB) factors() [8]int16 {
	f := [8]int32{m.y, m.y0, m.rv, m.gv, m.bu, m.gu}
	if !m.lanes.redFirst {
		f[2], f[3], f[4], f[5] = f[4], f[5], f[2], f[3]
	}
	var words [8]int16
	for i, v := range f {
		words[i] = int16(v)
	}
	return words
}

// yuvToRGBBlocks converts n pixels, a multiple of block and not 0.
func yuvToRGBBlocks(dst []byte, o *order, s *yuvRow, n int, m *toRGB, f *[8]int16) {
	_ = dst[n*o.size-1]
	d := &dst[0]
	y, c0, c2, layout := s.sources(n, &m.lanes)
	switch s.cs {
	case 1:
		planarToRGB(d, y, c0, c2, n, o, f)
	case 2:
		pairedToRGB(d, y, c0, n, o, f, layout)
	default:
		packedToRGB(d, y, n, o, f, layout)
	}
}

// sources are what kernels read for n pixels: luma and the chroma of channels 0 and 2,
// or luma and the pairs in c0, or all of a packed format in y; and how it is laid out.
func (s *yuvRow) sources(n int, l *toRGBLanes) (y, c0, c2 *byte, layout int) {
	_, _, _ = s.y[(n-1)*s.ys], s.u[(n/2-1)*s.cs], s.v[(n/2-1)*s.cs]
	y, u, v := &s.y[0], &s.u[0], &s.v[0]
	if l.redFirst != l.vFirst {
		layout = 1 // the chroma of channel 0 comes second in memory
	}
	switch {
	case s.cs == 1 && l.redFirst:
		return y, v, u, 0
	case s.cs == 1:
		return y, u, v, 0
	case s.cs == 2 && l.vFirst:
		return y, v, nil, layout
	case s.cs == 2:
		return y, u, nil, layout
	case l.lumaFirst:
		return y, nil, nil, layout
	case l.vFirst:
		return v, nil, nil, layout | 2
	}
	return u, nil, nil, layout | 2
}

// yuvToLumaFast does blocks as yuvToRGBFast does.
func yuvToLumaFast(dst []byte, s yuvRow, w int, m *toRGB) {
	n := w &^ (block - 1)
	if n == 0 {
		yuvToLumaReference(dst, s, w, m)
		return
	}
	factors := m.factors()
	yuvToLumaBlocks(dst, &s, n, m, &factors)
	if even := w &^ 1; even > n {
		last := s.from(even - block)
		yuvToLumaBlocks(dst[even-block:], &last, block, m, &factors)
	}
	if w&1 == 1 {
		yuvToLumaReference(dst[w-1:], s.from(w-1), 1, m)
	}
}

// yuvToLumaBlocks converts n pixels, a multiple of block and not 0.
func yuvToLumaBlocks(dst []byte, s *yuvRow, n int, m *toRGB, f *[8]int16) {
	_ = dst[n-1]
	y, c0, c2, layout := s.sources(n, &m.lanes)
	switch s.cs {
	case 1:
		planarToLumaNEON(&dst[0], y, c0, c2, n, f, layout)
	case 2:
		pairedToLumaNEON(&dst[0], y, c0, c2, n, f, layout)
	default:
		packedToLumaNEON(&dst[0], y, c0, c2, n, f, layout)
	}
}

func planarToRGB(d, y, c0, c2 *byte, n int, o *order, f *[8]int16) {
	switch {
	case o.size == 3:
		planarTo3NEON(d, y, c0, c2, n, f, 0)
	case o.a == 0:
		planarToX4NEON(d, y, c0, c2, n, f, 0)
	default:
		planarTo4NEON(d, y, c0, c2, n, f, 0)
	}
}

func pairedToRGB(d, y, pairs *byte, n int, o *order, f *[8]int16, swapped int) {
	switch {
	case o.size == 3:
		pairedTo3NEON(d, y, pairs, nil, n, f, swapped)
	case o.a == 0:
		pairedToX4NEON(d, y, pairs, nil, n, f, swapped)
	default:
		pairedTo4NEON(d, y, pairs, nil, n, f, swapped)
	}
}

func packedToRGB(d, first *byte, n int, o *order, f *[8]int16, layout int) {
	switch {
	case o.size == 3:
		packedTo3NEON(d, first, nil, nil, n, f, layout)
	case o.a == 0:
		packedToX4NEON(d, first, nil, nil, n, f, layout)
	default:
		packedTo4NEON(d, first, nil, nil, n, f, layout)
	}
}

// The kernels. c0 and c2 are the chroma of channels 0 and 2; paired ones have both in
// c0, packed ones all in y. Bit 0 of layout says that the chroma of channel 2 comes
// first, bit 1 that chroma comes before luma.

//go:noescape
func planarTo3NEON(dst, y, c0, c2 *byte, n int, factors *[8]int16, layout int)

//go:noescape
func planarTo4NEON(dst, y, c0, c2 *byte, n int, factors *[8]int16, layout int)

//go:noescape
func planarToX4NEON(dst, y, c0, c2 *byte, n int, factors *[8]int16, layout int)

//go:noescape
func pairedTo3NEON(dst, y, c0, c2 *byte, n int, factors *[8]int16, layout int)

//go:noescape
func pairedTo4NEON(dst, y, c0, c2 *byte, n int, factors *[8]int16, layout int)

//go:noescape
func pairedToX4NEON(dst, y, c0, c2 *byte, n int, factors *[8]int16, layout int)

//go:noescape
func packedTo3NEON(dst, y, c0, c2 *byte, n int, factors *[8]int16, layout int)

//go:noescape
func packedTo4NEON(dst, y, c0, c2 *byte, n int, factors *[8]int16, layout int)

//go:noescape
func packedToX4NEON(dst, y, c0, c2 *byte, n int, factors *[8]int16, layout int)

//go:noescape
func planarToLumaNEON(dst, y, c0, c2 *byte, n int, factors *[8]int16, layout int)

//go:noescape
func pairedToLumaNEON(dst, y, c0, c2 *byte, n int, factors *[8]int16, layout int)

//go:noescape
func packedToLumaNEON(dst, y, c0, c2 *byte, n int, factors *[8]int16, layout int)
