//go:build (amd64 || arm64) && !noasm

package pixel

func init() {
	if hasKernels {
		copyRow = copyFast
		shuffleRow = shuffleFast
		splitRow = splitFast
		mergeRow = mergeFast
		unpackRows = unpackFast
	}
}

// copyFast brings samples together that are two bytes apart.
func copyFast(dst []byte, dstStep int, src []byte, srcStep, n int) {
	switch {
	case dstStep == 1 && srcStep == 1:
		copy(dst[:n], src[:n])
	case dstStep == 1 && srcStep == 2 && n > block:
		gatherFast(dst, src, n)
	default:
		copyReference(dst, dstStep, src, srcStep, n)
	}
}

// gatherFast writes n samples, more than a block, which lie two bytes apart. The kernel
// reads the byte behind each sample too, which the last one may lack: the last block
// starts so much before its samples, and they are further up.
func gatherFast(dst, src []byte, n int) {
	done := (n - 1) &^ (block - 1)
	_, _ = dst[n-1], src[2*n-2]
	gatherKernel(&dst[0], &src[0], done, 0)
	last := n - block
	early := max(2*n-len(src), 0)
	gatherKernel(&dst[last], &src[2*last-early], block, 8*early)
}

// shuffleFast does 32 bytes at a time, the last ones once more over bytes that are done
// already.
func shuffleFast(dst, src []byte, p *pattern) {
	n := len(src) &^ 31
	if n == 0 {
		shuffleReference(dst, src, p)
		return
	}
	_ = dst[len(src)-1]
	shuffleKernel(&dst[0], &src[0], n, p)
	rest := len(src) &^ 3
	if rest > n {
		shuffleKernel(&dst[rest-32], &src[rest-32], 32, p)
	}
	shuffleReference(dst[rest:], src[rest:], p)
}

// splitFast does blocks as shuffleFast does.
func splitFast(first, second, pairs []byte, n int) {
	done := n &^ (block - 1)
	if done == 0 {
		splitReference(first, second, pairs, n)
		return
	}
	_, _, _ = first[n-1], second[n-1], pairs[2*n-1]
	splitKernel(&first[0], &second[0], &pairs[0], done)
	if last := n - block; n > done {
		splitKernel(&first[last], &second[last], &pairs[2*last], block)
	}
}

// mergeFast does blocks as shuffleFast does.
func mergeFast(pairs, first, second []byte, n int) {
	done := n &^ (block - 1)
	if done == 0 {
		mergeReference(pairs, first, second, n)
		return
	}
	_, _, _ = first[n-1], second[n-1], pairs[2*n-1]
	mergeKernel(&pairs[0], &first[0], &second[0], done)
	if last := n - block; n > done {
		mergeKernel(&pairs[2*last], &first[last], &second[last], block)
	}
}

// unpackFast does blocks of pixels, the last of a row once more over some that are done
// already, and an odd pixel by the reference.
func unpackFast(dst yuvPair, a, b []byte, l *packedLanes, w int) {
	n := w &^ (block - 1)
	if n == 0 {
		unpackReference(dst, a, b, l, w)
		return
	}
	unpackBlocks(&dst, a, b, l, n)
	if even := w &^ 1; even > n {
		last := dst.from(even - block)
		unpackBlocks(&last, a[2*(even-block):], b[2*(even-block):], l, block)
	}
	if w&1 == 1 {
		last := dst.from(w - 1)
		unpackReference(last, a[2*(w-1):], b[2*(w-1):], l, 1)
	}
}

// unpackBlocks separates n pixels, a multiple of block and not 0.
func unpackBlocks(dst *yuvPair, a, b []byte, l *packedLanes, n int) {
	_, _, _, _ = dst.y0[n-1], dst.y1[n-1], a[2*n-1], b[2*n-1]
	_, _ = dst.u[(n/2-1)*dst.cs], dst.v[(n/2-1)*dst.cs]
	first, second := &dst.u[0], &dst.v[0]
	if l.vFirst != (dst.cs == 2 && l.swapped) {
		first, second = second, first
	}
	unpackKernel(dst, first, second, &a[0], &b[0], n, l)
}

// The kernels of both processors. n is a multiple of 32 and not 0: bytes or pairs.

//go:noescape
func shuffleKernel(dst, src *byte, n int, p *pattern)

//go:noescape
func splitKernel(first, second, pairs *byte, n int)

//go:noescape
func mergeKernel(pairs, first, second *byte, n int)
