//go:build !noasm

package pixel

func init() {
	copyRow = copyFast
	chromaRow = chromaFast
}

// copyFast brings samples together that are two or four bytes apart.
func copyFast(dst []byte, dstStep int, src []byte, srcStep, n int) {
	switch {
	case dstStep == 1 && srcStep == 1:
		copy(dst[:n], src[:n])
	case dstStep == 1 && (srcStep == 2 || srcStep == 4):
		gatherFast(dst, src, src, srcStep, n)
	default:
		copyReference(dst, dstStep, src, srcStep, n)
	}
}

// gatherFast writes n samples, each the mean of two that lie step bytes, two or four,
// from the next. A kernel reads all bytes up to the next sample, which the last one may
// lack: the last block starts so much before its samples, and they are further up.
func gatherFast(dst, a, b []byte, step, n int) {
	if n <= block {
		gatherReference(dst, a, b, step, n)
		return
	}
	done := (n - 1) &^ (block - 1)
	gatherBlocks(dst, a, b, step, done, 0)
	last := n - block
	early := max(n*step-min(len(a), len(b)), 0)
	gatherBlocks(dst[last:], a[last*step-early:], b[last*step-early:], step, block, early)
}

// gatherBlocks writes n samples, a multiple of block and not 0, which lie early bytes
// into their steps.
func gatherBlocks(dst, a, b []byte, step, n, early int) {
	_, _, _ = dst[n-1], a[n*step-1], b[n*step-1]
	if step == 2 {
		every2NEON(&dst[0], &a[0], &b[0], n, -8*early)
		return
	}
	every4NEON(&dst[0], &a[0], &b[0], n, -8*early)
}

func gatherReference(dst, a, b []byte, step, n int) {
	for i := range n {
		dst[i] = uint8((uint(a[i*step]) + uint(b[i*step]) + 1) / 2)
	}
}

// chromaFast takes chroma between planes, pairs, and packed formats, from where it may
// go to planes and pairs only.
func chromaFast(u, v []byte, step int, a, b yuvRow, n int) {
	switch {
	case step == 1 && a.cs > 1:
		gatherFast(u, a.u, b.u, a.cs, n)
		gatherFast(v, a.v, b.v, a.cs, n)
	case step == 2 && a.cs == 4 && precedes(u, v) == precedes(a.u, a.v):
		// The components alternate on both sides.
		if precedes(u, v) {
			gatherFast(u, a.u, b.u, 2, 2*n)
		} else {
			gatherFast(v, a.v, b.v, 2, 2*n)
		}
	case step == 2 && a.cs == 1 && &a.u[0] == &b.u[0]:
		mergeFast(u, v, a, n)
	default:
		chromaReference(u, v, step, a, b, n)
	}
}

// precedes reports which of two components that share a row is the first: both extend
// to its end.
func precedes(u, v []byte) bool { return len(u) > len(v) }

// mergeFast writes planes of chroma as pairs.
func mergeFast(u, v []byte, s yuvRow, n int) {
	done := n &^ (block - 1)
	if done > 0 {
		dst, first, second := u, s.u, s.v
		if !precedes(u, v) {
			dst, first, second = v, s.v, s.u
		}
		_, _, _ = dst[2*done-1], first[done-1], second[done-1]
		mergeNEON(&dst[0], &first[0], &second[0], done)
	}
	if n > done {
		rest := s.from(2 * done)
		chromaReference(u[2*done:], v[2*done:], 2, rest, rest, n-done)
	}
}

// The kernels. shift, negative, is how many bits into its word a sample lies.

//go:noescape
func every2NEON(dst, a, b *byte, n, shift int)

//go:noescape
func every4NEON(dst, a, b *byte, n, shift int)

//go:noescape
func mergeNEON(dst, first, second *byte, n int)
