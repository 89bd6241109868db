//go:build !noasm

package pixel

func init() { rgbToRGBRow = rgbToRGBFast }

// rgbToRGBFast does blocks, the last one of a row once more over pixels that are done
// already.
func rgbToRGBFast(dst []byte, d *order, src []byte, s *order, w int, l *rgbLanes) {
	n := w &^ (block - 1)
	if n == 0 {
		rgbToRGBReference(dst, d, src, s, w, l)
		return
	}
	moveBlocks(dst, d, src, s, n, l)
	if w > n {
		moveBlocks(dst[(w-block)*d.size:], d, src[(w-block)*s.size:], s, block, l)
	}
}

// moveBlocks moves n pixels, a multiple of block and not 0.
func moveBlocks(dst []byte, to *order, src []byte, from *order, n int, l *rgbLanes) {
	_, _ = dst[n*to.size-1], src[n*from.size-1]
	d, s := &dst[0], &src[0]
	swap := 0
	if (to.r < to.b) != (from.r < from.b) {
		swap = 1
	}
	switch {
	case to.size == 4 && from.size == 4:
		move4To4NEON(d, s, n, &l.shuffle[0], &l.opaque[0])
	case to.size == 3 && from.size == 3:
		swap3NEON(d, s, n)
	case to.size == 3 && from.a == 0:
		moveX4To3NEON(d, s, n, swap)
	case to.size == 3:
		move4To3NEON(d, s, n, swap)
	case to.a == 0:
		move3ToX4NEON(d, s, n, swap)
	default:
		move3To4NEON(d, s, n, swap)
	}
}

// The kernels. In formats of X4 the byte without colour comes first. Red and blue are
// exchanged if swap is 1.

//go:noescape
func move3To4NEON(dst, src *byte, n, swap int)

//go:noescape
func move3ToX4NEON(dst, src *byte, n, swap int)

//go:noescape
func move4To3NEON(dst, src *byte, n, swap int)

//go:noescape
func moveX4To3NEON(dst, src *byte, n, swap int)

//go:noescape
func swap3NEON(dst, src *byte, n int)

// move4To4NEON takes bytes of four pixels by the 16 of shuffle, and sets bits of opaque.
//
//go:noescape
func move4To4NEON(dst, src *byte, n int, shuffle, opaque *byte)
