package pixel

import (
	"testing"

	"github.com/eiengine/eiengine/frames"
)

// size draws a picture's: mostly small ones, whose edges matter most.
func (d dice) size() (w, h int) {
	return 1 + d.IntN(1+d.IntN(300)), 1 + d.IntN(1+d.IntN(60))
}

// scaleByReference is Scale without the functions of this processor.
func scaleByReference(t *testing.T, dst, src *frames.Picture, m Method) {
	t.Helper()
	rows, row := sumRows, weighRow
	sumRows, weighRow = sumRowsReference, weighReference
	defer func() { sumRows, weighRow = rows, row }()
	if err := Scale(dst, src, m); err != nil {
		t.Fatal(err)
	}
}

func checkScaleRows(t *testing.T, seed uint64) {
	d := newDice(seed)
	f := d.format(func(frames.PixelFormat) bool { return true })
	m := Bilinear + Method(d.IntN(int(methods-Bilinear)))
	w, h := d.size()
	src := d.picture(f, w, h)
	w, h = d.size()
	got, want := twice(d.picture(f, w, h))
	if err := Scale(&got, &src, m); err != nil {
		t.Fatal(err)
	}
	scaleByReference(t, &want, &src, m)
	sameBytes(t, &got, &want, f)
	if t.Failed() {
		t.Fatalf("seed %d: %v %v %dx%d to %dx%d", seed, f, m, src.Width, src.Height, w, h)
	}
}

func TestScaleRowsAreTheReference(t *testing.T) {
	for seed := range uint64(2000) {
		checkScaleRows(t, seed)
	}
}

func FuzzScaleRows(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(checkScaleRows)
}

// Whole rows are added up at every length, count and distance, even where every
// sample is as large as can be.
func TestSumRowsOfEveryLength(t *testing.T) {
	d := newDice(3)
	for n := 1; n < 150; n++ {
		rows, stride := 1+d.IntN(9), n+d.IntN(3)
		taps := make([]int16, rows)
		for i := range taps {
			taps[i] = int16(d.IntN(2*tapOne/rows) - tapOne/rows/2)
		}
		src := d.bytes(rows * stride)
		got, want := make([]int16, n), make([]int16, n)
		sumRows(got, src, stride, taps)
		sumRowsReference(want, src, stride, taps)
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("%d rows of %d: sum %d is %d, the reference says %d", rows, n, i, got[i], want[i])
			}
		}
	}
}
