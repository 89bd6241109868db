//go:build !noasm

package pixel

func init() { packRGBRow, packGrayRow = packRGBFast, packGrayFast }

// packRGBFast leaves the last pixels to the reference.
func packRGBFast(dst []float32, src []byte) {
	if n := len(dst) &^ 15; n > 0 {
		_ = src[3*n-1]
		packRGBNEON(&dst[0], &src[0], n)
		dst, src = dst[n:], src[3*n:]
	}
	packRGBReference(dst, src)
}

// packGrayFast leaves the last pixels to the reference.
func packGrayFast(dst []float32, src []byte) {
	if n := len(dst) &^ 15; n > 0 {
		_ = src[n-1]
		packGrayNEON(&dst[0], &src[0], n)
		dst, src = dst[n:], src[n:]
	}
	packGrayReference(dst, src)
}

// packRGBNEON packs n pixels, a multiple of 16 and not 0.
//
//go:noescape
func packRGBNEON(dst *float32, src *byte, n int)

// packGrayNEON packs n pixels, a multiple of 16 and not 0.
//
//go:noescape
func packGrayNEON(dst *float32, src *byte, n int)
