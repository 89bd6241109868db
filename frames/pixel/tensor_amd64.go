//go:build !noasm

package pixel

import "golang.org/x/sys/cpu"

func init() {
	if cpu.X86.HasAVX2 {
		apartRow, floatRow, byteRow = apartFast, floatFast, byteFast
	}
}

// apartFast does the last pixels again that do not fill a block.
func apartFast(a, b, c, src []byte) {
	n := len(a)
	if n < window {
		apartReference(a, b, c, src)
		return
	}
	_, _, _ = b[n-1], c[n-1], src[3*n-1]
	apartAVX2(&a[0], &b[0], &c[0], &src[0], n, &apartOrders)
}

// apartOrders are for each channel of 16 pixels where it is in each 16 bytes.
var apartOrders = func() (orders [3][3][16]uint8) {
	for c := range orders {
		for part := range orders[c] {
			for i := range orders[c][part] {
				place := 3*i + c - 16*part
				if place < 0 || place > 15 {
					place = nothing
				}
				orders[c][part][i] = uint8(place)
			}
		}
	}
	return orders
}()

func floatFast(dst []float32, src []byte, n *tensorNorm) {
	if done := len(dst) / 24 * 24; done > 0 {
		_ = src[done-1]
		floatAVX2(&dst[0], &src[0], done, n)
		dst, src = dst[done:], src[done:]
	}
	floatReference(dst, src, n)
}

func byteFast(dst, src []byte, l *tensorLevels) {
	if done := len(dst) / 24 * 24; done > 0 {
		_ = src[done-1]
		byteAVX2(&dst[0], &src[0], done, l.norm, l.low, l.high)
		dst, src = dst[done:], src[done:]
	}
	byteReference(dst, src, l)
}

// apartAVX2 takes n pixels of three bytes apart, 16 at least.
//
//go:noescape
func apartAVX2(a, b, c, src *byte, n int, orders *[3][3][16]uint8)

// floatAVX2 normalizes n values, a multiple of 24 and not 0.
//
//go:noescape
func floatAVX2(dst *float32, src *byte, n int, norm *tensorNorm)

// byteAVX2 is the same, rounded and limited.
//
//go:noescape
func byteAVX2(dst, src *byte, n int, norm *tensorNorm, low, high int32)
