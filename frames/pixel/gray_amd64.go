//go:build !noasm

package pixel

import "golang.org/x/sys/cpu"

func init() {
	if cpu.X86.HasAVX2 {
		levelsRow = levelsFast
		grayToRGBRow = grayToRGBFast
	}
}

// levelsFast does blocks; samples that are apart are first brought together.
func levelsFast(dst []byte, dstStep int, src []byte, srcStep, w int, l *levelMap) {
	if dstStep == 1 && srcStep > 1 {
		copyRow(dst, 1, src, srcStep, w)
		src, srcStep = dst, 1
	}
	if n := w &^ (block - 1); n > 0 && dstStep == 1 {
		_, _ = dst[n-1], src[n-1]
		levelsAVX2(&dst[0], &src[0], n, l)
		dst, src, w = dst[n:], src[n:], w-n
	}
	levelsReference(dst, dstStep, src, srcStep, w, l)
}

// grayToRGBFast does blocks, the last one of a row once more over pixels that are done
// already.
func grayToRGBFast(dst []byte, o *order, src []byte, w int, l *levelMap) {
	n := w &^ (block - 1)
	if n == 0 {
		grayToRGBReference(dst, o, src, w, l)
		return
	}
	grayBlocks(dst, o, src, n, l)
	if w > n {
		grayBlocks(dst[(w-block)*o.size:], o, src[w-block:], block, l)
	}
}

// grayBlocks converts n pixels, a multiple of block and not 0.
func grayBlocks(dst []byte, o *order, src []byte, n int, l *levelMap) {
	_, _ = dst[n*o.size-1], src[n-1]
	if o.size == 3 {
		grayTo3AVX2(&dst[0], &src[0], n, l)
		return
	}
	grayTo4AVX2(&dst[0], &src[0], n, l)
}

//go:noescape
func levelsAVX2(dst, src *byte, n int, levels *levelMap)

//go:noescape
func grayTo3AVX2(dst, src *byte, n int, levels *levelMap)

//go:noescape
func grayTo4AVX2(dst, src *byte, n int, levels *levelMap)
