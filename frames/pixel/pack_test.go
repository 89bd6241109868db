package pixel

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
)

// The row function of this processor gives what the protocol says, at every length,
// and touches nothing beside it.
func TestPackRowsOfEveryLength(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 70 {
		src := make([]byte, 3*n)
		for i := range src {
			src[i] = byte(r.Uint32())
		}
		dst := slices.Repeat([]float32{-1}, n+2)
		packRGBRow(dst[1:n+1], src)
		if dst[0] != -1 || dst[n+1] != -1 {
			t.Fatalf("%d pixels: wrote beside the row", n)
		}
		for i := range n {
			if want := backend.PackPixel(src[3*i], src[3*i+1], src[3*i+2]); dst[i+1] != want {
				t.Fatalf("%d pixels: value %d is %v, want %v", n, i, dst[i+1], want)
			}
		}
	}
}

func TestUnpackingIsTheWayBack(t *testing.T) {
	src, got := newDice(1).picture(frames.RGB, 37, 5), frames.NewPicture(frames.RGB, 37, 5)
	packed := make([]float32, 37*5)
	if err := PackFeatures(packed, &src); err != nil {
		t.Fatal(err)
	}
	if err := UnpackFeatures(&got, packed); err != nil {
		t.Fatal(err)
	}
	for y := range 5 {
		if !slices.Equal(got.Row(0, y), src.Row(0, y)) {
			t.Fatalf("row %d is %v, was %v", y, got.Row(0, y), src.Row(0, y))
		}
	}
	if UnpackFeatures(&got, packed[1:]) == nil {
		t.Error("a value too few was accepted")
	}
}

func FuzzPackRGB(f *testing.F) {
	f.Add([]byte("0123456789012345678901234567890123456789"))
	f.Fuzz(func(t *testing.T, src []byte) {
		src = src[:len(src)/3*3]
		got, want := make([]float32, len(src)/3), make([]float32, len(src)/3)
		packRGBRow(got, src)
		packRGBReference(want, src)
		if !slices.Equal(got, want) {
			t.Errorf("%v, the reference says %v", got, want)
		}
	})
}

func FuzzPackGray(f *testing.F) {
	for n := range 70 {
		f.Add(newDice(uint64(n)).bytes(n))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		got, want := make([]float32, len(src)+1), make([]float32, len(src)+1)
		packGrayRow(got[:len(src)], src)
		packGrayReference(want[:len(src)], src)
		if !slices.Equal(got, want) {
			t.Errorf("%v, the reference says %v", got, want)
		}
	})
}

func BenchmarkPackRGB(b *testing.B) {
	const n = 320 * 320
	src, dst := make([]byte, 3*n), make([]float32, n)
	for name, row := range map[string]func([]float32, []byte){"here": packRGBRow, "reference": packRGBReference} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				row(dst, src)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/pixel")
		})
	}
}
