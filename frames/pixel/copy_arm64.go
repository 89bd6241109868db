//go:build !noasm

package pixel

// hasKernels says whether this processor runs those in files named after kernels.
const hasKernels = true

// unpackKernel separates the luma and chroma of n pixels of two rows.
func unpackKernel(dst *yuvPair, first, second, top, bottom *byte, n int, l *packedLanes) {
	layout := 0
	if !l.lumaFirst {
		layout = 1
	}
	if dst.cs == 2 {
		layout |= 2
	}
	if l.swapped {
		layout |= 4
	}
	unpackNEON(&dst.y0[0], &dst.y1[0], first, second, top, bottom, n, layout)
}

// gatherKernel takes n samples, a multiple of 32 and not 0, each shift bits up in its
// word of two bytes.
func gatherKernel(dst, src *byte, n, shift int) { gatherDown(dst, src, n, -shift) }

// gatherDown shifts by so many bits, which is down if they are negative.
//
//go:noescape
func gatherDown(dst, src *byte, n, shift int)

// unpackNEON: bit 0 of layout says that chroma comes before luma, bit 1 that first is to
// have both components, in pairs, bit 2 that these go in the other order.
//
//go:noescape
func unpackNEON(y0, y1, first, second, top, bottom *byte, n, layout int)
