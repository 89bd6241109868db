//go:build !noasm

package pixel

import "golang.org/x/sys/cpu"

// hasKernels says whether this processor runs those in files named after kernels.
var hasKernels = cpu.X86.HasAVX2

// unpackKernel separates the luma and chroma of n pixels of two rows.
func unpackKernel(dst *yuvPair, first, second, top, bottom *byte, n int, l *packedLanes) {
	y0, y1 := &dst.y0[0], &dst.y1[0]
	switch {
	case dst.cs == 1 && l.lumaFirst:
		unpackLumaPlanarAVX2(y0, y1, first, second, top, bottom, n, &l.swap)
	case dst.cs == 1:
		unpackChromaPlanarAVX2(y0, y1, first, second, top, bottom, n, &l.swap)
	case l.lumaFirst:
		unpackLumaPairedAVX2(y0, y1, first, second, top, bottom, n, &l.swap)
	default:
		unpackChromaPairedAVX2(y0, y1, first, second, top, bottom, n, &l.swap)
	}
}

// gatherKernel takes n samples, a multiple of 32 and not 0, each shift bits up in its
// word of two bytes.
//
//go:noescape
func gatherKernel(dst, src *byte, n, shift int)

// Those that unpack are named after what comes first in the pixels; the paired ones write
// both components to first, in the order swap.

//go:noescape
func unpackLumaPlanarAVX2(y0, y1, first, second, top, bottom *byte, n int, swap *pattern)

//go:noescape
func unpackLumaPairedAVX2(y0, y1, first, second, top, bottom *byte, n int, swap *pattern)

//go:noescape
func unpackChromaPlanarAVX2(y0, y1, first, second, top, bottom *byte, n int, swap *pattern)

//go:noescape
func unpackChromaPairedAVX2(y0, y1, first, second, top, bottom *byte, n int, swap *pattern)
