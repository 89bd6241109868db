//go:build !noasm

package pixel

func init() { apartRow, floatRow, byteRow = apartFast, floatFast, byteFast }

// apartFast does the last pixels again that do not fill a block.
func apartFast(a, b, c, src []byte) {
	n := len(a)
	if n < window {
		apartReference(a, b, c, src)
		return
	}
	_, _, _ = b[n-1], c[n-1], src[3*n-1]
	apartNEON(&a[0], &b[0], &c[0], &src[0], n)
}

func floatFast(dst []float32, src []byte, n *tensorNorm) {
	if done := len(dst) / 24 * 24; done > 0 {
		_ = src[done-1]
		floatNEON(&dst[0], &src[0], done, &n.mean[0], &n.scale[0])
		dst, src = dst[done:], src[done:]
	}
	floatReference(dst, src, n)
}

func byteFast(dst, src []byte, l *tensorLevels) {
	if done := len(dst) / 24 * 24; done > 0 {
		_ = src[done-1]
		byteNEON(&dst[0], &src[0], done, &l.norm.mean[0], &l.norm.scale[0], int(l.low), int(l.high))
		dst, src = dst[done:], src[done:]
	}
	byteReference(dst, src, l)
}

// apartNEON takes n pixels of three bytes apart, 16 at least.
//
//go:noescape
func apartNEON(a, b, c, src *byte, n int)

// floatNEON normalizes n values, a multiple of 24 and not 0, by as many means and scales.
//
//go:noescape
func floatNEON(dst *float32, src *byte, n int, mean, scale *float32)

// byteNEON is the same, rounded and limited.
//
//go:noescape
func byteNEON(dst, src *byte, n int, mean, scale *float32, low, high int)
