//go:build !noasm

package pixel

import "golang.org/x/sys/cpu"

func init() {
	if cpu.X86.HasAVX2 {
		rgbToRGBRow = rgbToRGBFast
	}
}

// rgbToRGBFast does blocks, the last one of a row once more over pixels that are done
// already.
func rgbToRGBFast(dst []byte, d *order, src []byte, s *order, w int, l *rgbLanes) {
	n := w &^ (block - 1)
	if n == 0 {
		rgbToRGBReference(dst, d, src, s, w, l)
		return
	}
	moveBlocks(dst, d.size, src, s.size, n, l)
	if w > n {
		moveBlocks(dst[(w-block)*d.size:], d.size, src[(w-block)*s.size:], s.size, block, l)
	}
}

// moveBlocks moves n pixels, a multiple of block and not 0.
func moveBlocks(dst []byte, dstSize int, src []byte, srcSize, n int, l *rgbLanes) {
	_, _ = dst[n*dstSize-1], src[n*srcSize-1]
	switch d, s := &dst[0], &src[0]; {
	case dstSize == 3 && srcSize == 3:
		move3To3AVX2(d, s, n, l)
	case dstSize == 3:
		move4To3AVX2(d, s, n, l)
	case srcSize == 3:
		move3To4AVX2(d, s, n, l)
	default:
		move4To4AVX2(d, s, n, l)
	}
}

//go:noescape
func move3To3AVX2(dst, src *byte, n int, lanes *rgbLanes)

//go:noescape
func move3To4AVX2(dst, src *byte, n int, lanes *rgbLanes)

//go:noescape
func move4To3AVX2(dst, src *byte, n int, lanes *rgbLanes)

//go:noescape
func move4To4AVX2(dst, src *byte, n int, lanes *rgbLanes)
