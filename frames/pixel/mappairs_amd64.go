//go:build !noasm

package pixel

import "golang.org/x/sys/cpu"

func init() {
	if cpu.X86.HasAVX2 {
		mapPairsRow = mapPairsFast
	}
}

// mapPairsFast does 16 pairs at a time, the last ones once more.
func mapPairsFast(dst, a, b []byte, n int, m *pairsMap) {
	const block = 16
	done := n &^ (block - 1)
	if done == 0 {
		mapPairsReference(dst, a, b, n, m)
		return
	}
	_, _, _ = dst[2*n-1], a[2*n-1], b[2*n-1]
	mapPairsAVX2(&dst[0], &a[0], &b[0], done, &m.lanes)
	if last := 2 * (n - block); n > done {
		mapPairsAVX2(&dst[last], &a[last], &b[last], block, &m.lanes)
	}
}

// mapPairsAVX2 maps n pairs, a multiple of 16 and not 0.
//
//go:noescape
func mapPairsAVX2(dst, a, b *byte, n int, lanes *pairsLanes)
