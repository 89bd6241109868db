//go:build !noasm

package pixel

import "golang.org/x/sys/cpu"

func init() {
	if cpu.X86.HasAVX2 {
		blendRow = blendFast
		coverRow = coverFast
	}
}

func blendFast(dst, src []byte, weight int) {
	n := len(dst) &^ (block - 1)
	if n > 0 {
		_ = src[n-1]
		blendAVX2(&dst[0], &src[0], n, weight)
	}
	blendReference(dst[n:], src[n:], weight)
}

func coverFast(dst, src, mask []byte) {
	n := len(dst) &^ (block - 1)
	if n > 0 {
		_, _ = src[n-1], mask[n-1]
		coverAVX2(&dst[0], &src[0], &mask[0], n)
	}
	coverReference(dst[n:], src[n:], mask[n:])
}

// The kernels; n is a multiple of block, and not 0.

//go:noescape
func blendAVX2(dst, src *byte, n, weight int)

//go:noescape
func coverAVX2(dst, src, mask *byte, n int)
