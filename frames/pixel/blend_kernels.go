//go:build (amd64 || arm64) && !noasm

package pixel

func init() {
	if hasKernels {
		blendRow = blendFast
		coverRow = coverFast
		overOpaqueRow = overOpaqueFast
	}
}

func blendFast(dst, src []byte, weight int) {
	n := len(dst) &^ (block - 1)
	if n > 0 {
		_ = src[n-1]
		blendKernel(&dst[0], &src[0], n, weight)
	}
	blendReference(dst[n:], src[n:], weight)
}

func coverFast(dst, src, mask []byte) {
	n := len(dst) &^ (block - 1)
	if n > 0 {
		_, _ = src[n-1], mask[n-1]
		coverKernel(&dst[0], &src[0], &mask[0], n)
	}
	coverReference(dst[n:], src[n:], mask[n:])
}

// alphaLanes bring alpha to the colours of four pixels, by where it lies in them.
var alphaLanes = func() (all [4][16]byte) {
	for a := range all {
		for i := range all[a] {
			all[a][i] = byte(i&^3 + a)
			if i&3 == a {
				all[a][i] = 0x80 // zero: alpha stays as it is
			}
		}
	}
	return all
}()

func overOpaqueFast(dst, src []byte, a int, alpha uint32) {
	n := len(dst) &^ (block - 1)
	if n > 0 {
		_ = src[n-1]
		overOpaqueKernel(&dst[0], &src[0], n, &alphaLanes[a], int(alpha))
	}
	overOpaqueReference(dst[n:], src[n:], a, alpha)
}

// The kernels; n is a multiple of block, and not 0.

//go:noescape
func blendKernel(dst, src *byte, n, weight int)

//go:noescape
func overOpaqueKernel(dst, src *byte, n int, lanes *[16]byte, alpha int)
