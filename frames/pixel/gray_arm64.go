//go:build !noasm

package pixel

func init() {
	levelsRow = levelsFast
	grayToRGBRow = grayToRGBFast
}

// levelsFast does blocks; samples that are apart are first brought together.
func levelsFast(dst []byte, dstStep int, src []byte, srcStep, w int, l *levelMap) {
	if dstStep == 1 && srcStep > 1 {
		copyRow(dst, 1, src, srcStep, w)
		src, srcStep = dst, 1
	}
	if n := w &^ (block - 1); n > 0 && dstStep == 1 {
		_, _ = dst[n-1], src[n-1]
		levelsNEON(&dst[0], &src[0], n, int(l.factor[0]), int(l.base[0]))
		dst, src, w = dst[n:], src[n:], w-n
	}
	levelsReference(dst, dstStep, src, srcStep, w, l)
}

// grayToRGBFast does blocks, the last one of a row once more over pixels that are done
// already.
func grayToRGBFast(dst []byte, o *order, src []byte, w int, l *levelMap) {
	n := w &^ (block - 1)
	if n == 0 {
		grayToRGBReference(dst, o, src, w, l)
		return
	}
	grayBlocks(dst, o, src, n, l)
	if w > n {
		grayBlocks(dst[(w-block)*o.size:], o, src[w-block:], block, l)
	}
}

// grayBlocks converts n pixels, a multiple of block and not 0.
func grayBlocks(dst []byte, o *order, src []byte, n int, l *levelMap) {
	_, _ = dst[n*o.size-1], src[n-1]
	d, s, factor, base := &dst[0], &src[0], int(l.factor[0]), int(l.base[0])
	switch {
	case o.size == 3:
		grayTo3NEON(d, s, n, factor, base)
	case o.a == 0:
		grayToX4NEON(d, s, n, factor, base)
	default:
		grayTo4NEON(d, s, n, factor, base)
	}
}

// The kernels: levels only, and in RGB of three bytes, of four, and of four whose first
// is opaque. Results are (sample * factor >> 8 + base) >> 6.

//go:noescape
func levelsNEON(dst, src *byte, n, factor, base int)

//go:noescape
func grayTo3NEON(dst, src *byte, n, factor, base int)

//go:noescape
func grayTo4NEON(dst, src *byte, n, factor, base int)

//go:noescape
func grayToX4NEON(dst, src *byte, n, factor, base int)
