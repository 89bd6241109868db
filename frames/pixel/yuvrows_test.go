package pixel

import (
	"bytes"
	"testing"

	"github.com/eiengine/eiengine/frames"
)

// The row functions between kinds of YUV, as those of rows_test.go.

func FuzzUnpackRows(f *testing.F) {
	planar := func(f frames.PixelFormat) bool { return f.IsYUV() && f.Planes() > 1 }
	packed := func(f frames.PixelFormat) bool { return f.IsYUV() && f.Planes() == 1 }
	fuzzRows(f, func(t *testing.T, d dice, w int) {
		src := d.picture(d.format(packed), w, 2)
		got, want := twice(d.picture(d.format(planar), w, 2))
		from, to := yuvComponents[src.Format], yuvComponents[got.Format]
		var l packedLanes
		l.set(&from, &to)
		below := d.IntN(2)
		pair := func(p *frames.Picture) yuvPair {
			r := yuvRowsOf(p, &to)
			return yuvPair{r[0].row(0), r[0].row(below), r[1].row(0), r[2].row(0), 1, r[1].step}
		}
		unpackRows(pair(&got), src.Row(0, 0), src.Row(0, below), &l, w)
		unpackReference(pair(&want), src.Row(0, 0), src.Row(0, below), &l, w)
		sameBytes(t, &got, &want, src.Format)
	})
}

func FuzzYUVToLumaRow(f *testing.F) {
	fuzzRows(f, func(t *testing.T, d dice, w int) {
		src := d.picture(d.yuv(), w, 1)
		got, want := twice(d.picture(frames.GRAY8, w, 1))
		c := yuvComponents[src.Format]
		m := newToYUV(d.color(), d.color(), false, false)
		m.luma.lanes.set(&m.luma, &rgbOrder, &c)
		yuvToLumaRow(got.Row(0, 0), yuvRowAt(&src, &c, 0), w, &m.luma)
		yuvToLumaReference(want.Row(0, 0), yuvRowAt(&src, &c, 0), w, &m.luma)
		sameBytes(t, &got, &want, src.Format)
	})
}

// sameRows runs both functions on copies of memory around rows of those lengths, at any
// alignment, and compares all of it.
func sameRows(t *testing.T, d dice, lengths []int, fast, reference func(rows [][]byte)) {
	t.Helper()
	var memory, rows [2][][]byte
	for _, n := range lengths {
		all, at := d.bytes(n+80), d.IntN(40)
		for i := range memory {
			mine := bytes.Clone(all)
			memory[i], rows[i] = append(memory[i], mine), append(rows[i], mine[at:at+n:at+n])
		}
	}
	fast(rows[0])
	reference(rows[1])
	for i := range lengths {
		if !bytes.Equal(memory[0][i], memory[1][i]) {
			t.Fatalf("rows of %v bytes: row %d is not what the reference says", lengths, i)
		}
	}
}

func FuzzPairRows(f *testing.F) {
	fuzzRows(f, func(t *testing.T, d dice, n int) {
		sameRows(t, d, []int{n, n, 2 * n},
			func(r [][]byte) { splitRow(r[0], r[1], r[2], n) },
			func(r [][]byte) { splitReference(r[0], r[1], r[2], n) })
		sameRows(t, d, []int{2 * n, n, n},
			func(r [][]byte) { mergeRow(r[0], r[1], r[2], n) },
			func(r [][]byte) { mergeReference(r[0], r[1], r[2], n) })
		m := newToYUV(d.color(), d.color(), d.IntN(2) == 0, d.IntN(2) == 0).pairs
		m.lanes.set(&m)
		sameRows(t, d, []int{2 * n, 2 * n, 2 * n},
			func(r [][]byte) { mapPairsRow(r[0], r[1], r[2], n, &m) },
			func(r [][]byte) { mapPairsReference(r[0], r[1], r[2], n, &m) })
	})
}

func FuzzShuffleRow(f *testing.F) {
	packed := func(f frames.PixelFormat) bool { return f.IsYUV() && f.Planes() == 1 }
	fuzzRows(f, func(t *testing.T, d dice, n int) {
		for _, c := range []struct {
			format func() frames.PixelFormat
			each   int
		}{
			{func() frames.PixelFormat { return frames.NV21 - frames.PixelFormat(d.IntN(2)) }, 2},
			{func() frames.PixelFormat { return d.format(packed) }, 4},
		} {
			from, to := yuvComponents[c.format()], yuvComponents[c.format()]
			var l packedLanes
			l.set(&from, &to)
			sameRows(t, d, []int{c.each * n, c.each * n},
				func(r [][]byte) { shuffleRow(r[0], r[1], &l.swap) },
				func(r [][]byte) { shuffleReference(r[0], r[1], &l.swap) })
		}
	})
}
