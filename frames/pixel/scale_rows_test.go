package pixel

import (
	"slices"
	"testing"

	"github.com/eiengine/eiengine/frames"
)

// size draws a picture's: mostly small ones, whose edges matter most.
func (d dice) size() (w, h int) {
	return 1 + d.IntN(1+d.IntN(300)), 1 + d.IntN(1+d.IntN(60))
}

// scaleByReference is Scale without the functions of this processor, and without the
// maps of rows: the samples of one component after the other.
func scaleByReference(t *testing.T, dst, src *frames.Picture, m Method) {
	t.Helper()
	rows, row, fetch := sumRows, weighRow, nearestRow
	sumRows, weighRow, nearestRow = sumRowsReference, weighReference, nearestReference
	defer func() { sumRows, weighRow, nearestRow = rows, row, fetch }()
	components := []component{{step: dst.Format.PixelStride()}}
	if dst.Format.IsYUV() {
		yuv := yuvComponents[dst.Format]
		components = yuv[:]
	}
	for p := range dst.Format.Planes() {
		var s Scaler
		s.prepare(dst, src, slices.DeleteFunc(slices.Clone(components), func(c component) bool { return c.plane != p }), m)
		way := wayWeigh
		if m == Nearest {
			way = wayNearest
		}
		scaleRows(s.strips, nil, way, new(lineBuffers), 0, s.strips[0].dst.h)
	}
}

func checkScaleRows(t *testing.T, seed uint64) {
	d := newDice(seed)
	f := d.format(func(frames.PixelFormat) bool { return true })
	m := Method(d.IntN(int(methods)))
	w, h := d.size()
	src := d.picture(f, w, h)
	w, h = d.size()
	if m <= Area && d.IntN(2) == 0 { // where rows are mapped at once
		w, h = 1+src.Width/(1+d.IntN(4)), 1+src.Height/(1+d.IntN(4))
	}
	if d.IntN(8) == 0 {
		w, h = 2*src.Width, 2*src.Height
	}
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

// A scaler that has done other sizes and formats before makes the same as a new one.
func TestScalersKeepNothingOfOtherPictures(t *testing.T) {
	d := newDice(4)
	var s Scaler
	for range 400 {
		f := []frames.PixelFormat{frames.GRAY8, frames.RGB, frames.NV12, frames.YUY2}[d.IntN(4)]
		src := d.picture(f, 40, 30)
		got, want := twice(d.picture(f, src.Width*(1+d.IntN(3)), 30+15*d.IntN(3)))
		m := Method(d.IntN(int(Linear) + 1))
		if err := s.Scale(&got, &src, m); err != nil {
			t.Fatal(err)
		}
		if err := new(Scaler).Scale(&want, &src, m); err != nil {
			t.Fatal(err)
		}
		sameBytes(t, &got, &want, f)
		if t.Failed() {
			t.Fatalf("%v %v %dx%d to %dx%d", f, m, src.Width, src.Height, got.Width, got.Height)
		}
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

// The maps of rows hold to the reference where their tables are laid for a processor.
func checkPicks(t *testing.T, seed uint64) {
	d := newDice(seed)
	n, from := 1+d.IntN(200), 1+d.IntN(600)
	p := picks{at: make([]int32, n), of: from}
	for i := range p.at {
		p.at[i] = int32(min((2*i+1)*from/(2*n)+d.IntN(4), from-1))
	}
	layPicks(&p)
	src, got, want := d.bytes(from), make([]byte, n), make([]byte, n)
	pickRow(got, src, &p)
	pickReference(want, src, &p)
	if !slices.Equal(got, want) {
		t.Errorf("seed %d: %d of %d bytes: picked %v, the reference says %v", seed, n, from, got, want)
	}
}

func TestPicksAreTheReference(t *testing.T) {
	for seed := range uint64(1000) {
		checkPicks(t, seed)
	}
}

func FuzzPicks(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(checkPicks)
}
