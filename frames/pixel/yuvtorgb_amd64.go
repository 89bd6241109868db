//go:build !noasm

package pixel

import "golang.org/x/sys/cpu"

func init() {
	if cpu.X86.HasAVX2 {
		yuvToRGBRow = yuvToRGBFast
		yuvToLumaRow = yuvToLumaFast
	}
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
	yuvToRGBBlocks(dst, o, &s, n, m)
	if even := w &^ 1; even > n {
		last := s.from(even - block)
		yuvToRGBBlocks(dst[(even-block)*o.size:], o, &last, block, m)
	}
	if w&1 == 1 {
		yuvToRGBReference(dst[(w-1)*o.size:], o, s.from(w-1), 1, m)
	}
}

// yuvToRGBBlocks converts n pixels, a multiple of block and not 0.
func yuvToRGBBlocks(dst []byte, o *order, s *yuvRow, n int, m *toRGB) {
	l := &m.lanes
	if o.size == 3 {
		done := yuvToRGBWide(dst, s, n, l)
		if done == n {
			return
		}
		rest := s.from(done)
		dst, s, n = dst[3*done:], &rest, n-done
	}
	_ = dst[n*o.size-1]
	d := &dst[0]
	y, c0, c2 := s.sources(n, l)
	switch s.cs {
	case 1:
		planarToRGB(d, y, c0, c2, n, o, l)
	case 2:
		pairedToRGB(d, y, c0, n, o, l)
	default:
		packedToRGB(d, y, n, o, l)
	}
}

// sources are what kernels read for n pixels: luma and the chroma of channels 0 and 2,
// or luma and the pairs in c0, or all of a packed format in y.
func (s *yuvRow) sources(n int, l *toRGBLanes) (y, c0, c2 *byte) {
	_, _, _ = s.y[(n-1)*s.ys], s.u[(n/2-1)*s.cs], s.v[(n/2-1)*s.cs]
	y, u, v := &s.y[0], &s.u[0], &s.v[0]
	switch {
	case s.cs == 1 && l.redFirst:
		return y, v, u
	case s.cs == 1:
		return y, u, v
	case s.cs == 2 && l.vFirst:
		return y, v, nil
	case s.cs == 2:
		return y, u, nil
	case l.lumaFirst:
		return y, nil, nil
	case l.vFirst:
		return v, nil, nil
	}
	return u, nil, nil
}

// yuvToLumaFast does blocks as yuvToRGBFast does.
func yuvToLumaFast(dst []byte, s yuvRow, w int, m *toRGB) {
	n := w &^ (block - 1)
	if n == 0 {
		yuvToLumaReference(dst, s, w, m)
		return
	}
	yuvToLumaBlocks(dst, &s, n, m)
	if even := w &^ 1; even > n {
		last := s.from(even - block)
		yuvToLumaBlocks(dst[even-block:], &last, block, m)
	}
	if w&1 == 1 {
		yuvToLumaReference(dst[w-1:], s.from(w-1), 1, m)
	}
}

// yuvToLumaBlocks converts n pixels, a multiple of block and not 0.
func yuvToLumaBlocks(dst []byte, s *yuvRow, n int, m *toRGB) {
	_ = dst[n-1]
	y, c0, c2 := s.sources(n, &m.lanes)
	switch s.cs {
	case 1:
		planarToLumaAVX2(&dst[0], y, c0, c2, n, &m.lanes)
	case 2:
		pairedToLumaAVX2(&dst[0], y, c0, c2, n, &m.lanes)
	default:
		packedToLumaAVX2(&dst[0], y, c0, c2, n, &m.lanes)
	}
}

func planarToRGB(d, y, c0, c2 *byte, n int, o *order, l *toRGBLanes) {
	switch {
	case o.size == 3:
		planarTo3AVX2(d, y, c0, c2, n, l)
	case o.a == 0:
		planarToX4AVX2(d, y, c0, c2, n, l)
	default:
		planarTo4AVX2(d, y, c0, c2, n, l)
	}
}

func pairedToRGB(d, y, pairs *byte, n int, o *order, l *toRGBLanes) {
	switch {
	case o.size == 3:
		pairedTo3AVX2(d, y, pairs, nil, n, l)
	case o.a == 0:
		pairedToX4AVX2(d, y, pairs, nil, n, l)
	default:
		pairedTo4AVX2(d, y, pairs, nil, n, l)
	}
}

func packedToRGB(d, first *byte, n int, o *order, l *toRGBLanes) {
	switch {
	case o.size == 3:
		packedTo3AVX2(d, first, nil, nil, n, l)
	case o.a == 0:
		packedToX4AVX2(d, first, nil, nil, n, l)
	default:
		packedTo4AVX2(d, first, nil, nil, n, l)
	}
}

// The kernels. c0 and c2 are the chroma of channels 0 and 2; paired ones have both in
// c0, packed ones all in y.

//go:noescape
func planarTo3AVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)

//go:noescape
func planarTo4AVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)

//go:noescape
func planarToX4AVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)

//go:noescape
func pairedTo3AVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)

//go:noescape
func pairedTo4AVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)

//go:noescape
func pairedToX4AVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)

//go:noescape
func packedTo3AVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)

//go:noescape
func packedTo4AVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)

//go:noescape
func packedToX4AVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)

//go:noescape
func planarToLumaAVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)

//go:noescape
func pairedToLumaAVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)

//go:noescape
func packedToLumaAVX2(dst, y, c0, c2 *byte, n int, lanes *toRGBLanes)
