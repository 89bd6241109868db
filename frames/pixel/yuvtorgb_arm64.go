//go:build !noasm

package pixel

func init() { yuvToRGBRow = yuvToRGBFast }

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
	l := &m.lanes
	_, _, _, _ = dst[n*o.size-1], s.y[(n-1)*s.ys], s.u[(n/2-1)*s.cs], s.v[(n/2-1)*s.cs]
	d, y, u, v := &dst[0], &s.y[0], &s.u[0], &s.v[0]
	swapped := 0 // whether the chroma of channel 0 comes second in memory
	if l.redFirst != l.vFirst {
		swapped = 1
	}
	switch s.ys<<4 | s.cs {
	case 1<<4 | 1:
		c0, c2 := u, v
		if l.redFirst {
			c0, c2 = v, u
		}
		planarToRGB(d, y, c0, c2, n, o, f)
	case 1<<4 | 2:
		pairs := u
		if l.vFirst {
			pairs = v
		}
		pairedToRGB(d, y, pairs, n, o, f, swapped)
	case 2<<4 | 4:
		switch {
		case l.lumaFirst:
			packedToRGB(d, y, n, o, f, swapped)
		case l.vFirst:
			packedToRGB(d, v, n, o, f, swapped|2)
		default:
			packedToRGB(d, u, n, o, f, swapped|2)
		}
	default:
		yuvToRGBReference(dst, o, *s, n, m)
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
