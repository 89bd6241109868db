//go:build !noasm

package pixel

import "golang.org/x/sys/cpu"

func init() {
	if cpu.X86.HasAVX2 {
		packRGBRow, packGrayRow = packRGBFast, packGrayFast
	}
}

// packRGBFast leaves the last pixels to the reference: eight are read as 28 bytes,
// four more than they have.
func packRGBFast(dst []float32, src []byte) {
	if n := (len(dst) - 2) &^ 7; n > 0 {
		_ = src[3*n+3]
		packRGBAVX2(&dst[0], &src[0], n)
		dst, src = dst[n:], src[3*n:]
	}
	packRGBReference(dst, src)
}

// packRGBAVX2 packs n pixels, a multiple of eight and not 0.
//
//go:noescape
func packRGBAVX2(dst *float32, src *byte, n int)

func packGrayFast(dst []float32, src []byte) {
	if n := len(dst) &^ 7; n > 0 {
		_ = src[n-1]
		packGrayAVX2(&dst[0], &src[0], n)
		dst, src = dst[n:], src[n:]
	}
	packGrayReference(dst, src)
}

// packGrayAVX2 packs n pixels, a multiple of eight and not 0.
//
//go:noescape
func packGrayAVX2(dst *float32, src *byte, n int)
