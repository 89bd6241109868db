//go:build !noasm

package pixel

func init() { mapPairsRow = mapPairsFast }

// mapPairsFast does 16 pairs at a time, the last ones once more.
func mapPairsFast(dst, a, b []byte, n int, m *pairsMap) {
	const block = 16
	done := n &^ (block - 1)
	if done == 0 {
		mapPairsReference(dst, a, b, n, m)
		return
	}
	_, _, _ = dst[2*n-1], a[2*n-1], b[2*n-1]
	f := [8]int16{
		int16(m.first.fromFirst), int16(m.first.fromSecond),
		int16(m.second.fromFirst), int16(m.second.fromSecond), chromaZero, 256 << 6,
	}
	mapPairsNEON(&dst[0], &a[0], &b[0], done, &f)
	if last := 2 * (n - block); n > done {
		mapPairsNEON(&dst[last], &a[last], &b[last], block, &f)
	}
}

// mapPairsNEON maps n pairs, a multiple of 16 and not 0.
//
//go:noescape
func mapPairsNEON(dst, a, b *byte, n int, factors *[8]int16)
