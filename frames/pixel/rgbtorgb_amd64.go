//go:build !noasm

package pixel

import "golang.org/x/sys/cpu"

func init() {
	if cpu.X86.HasAVX2 {
		rgbToRGBRow = rgbToRGBFast
	}
}

// rgbToRGBFast does blocks as long as there are pixels behind them: kernels for three
// bytes read and write a little more than their last pixel.
func rgbToRGBFast(dst []byte, d *order, src []byte, s *order, w int, l *rgbLanes) {
	const behind = 3
	if n := (w - behind) &^ (block - 1); n > 0 {
		moveBlocks(dst, d.size, src, s.size, n, l)
		if rest := (w - behind) &^ 7; rest > n {
			from := rest - block
			moveBlocks(dst[from*d.size:], d.size, src[from*s.size:], s.size, block, l)
			n = rest
		}
		dst, src, w = dst[n*d.size:], src[n*s.size:], w-n
	}
	rgbToRGBReference(dst, d, src, s, w, l)
}

// moveBlocks moves n pixels, a multiple of block and not 0, and has three more to
// read and write.
func moveBlocks(dst []byte, dstSize int, src []byte, srcSize, n int, l *rgbLanes) {
	_, _ = dst[(n+3)*dstSize-1], src[(n+3)*srcSize-1]
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
