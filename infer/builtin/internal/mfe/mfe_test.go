package mfe

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"slices"
	"testing"
)

// The spectrum must be that of the definition, summed term by term.
func TestPowerIsTheDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{4, 8, 64, 512} {
		x := make([]float64, n)
		for i := range x {
			x[i] = r.NormFloat64()
		}
		got := make([]float64, n/2+1)
		newSpectrum(n).power(got, x)
		for k := range got {
			var sum complex128
			for i, v := range x {
				sum += complex(v, 0) * cmplx.Rect(1, -2*math.Pi*float64(i*k)/float64(n))
			}
			want := real(sum)*real(sum) + imag(sum)*imag(sum)
			if math.Abs(got[k]-want) > 1e-6*(1+want) {
				t.Fatalf("%d points: power %d is %v, want %v", n, k, got[k], want)
			}
		}
	}
}

func tone(hz, amplitude float64, n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(amplitude * 32768 * math.Sin(2*math.Pi*hz*float64(i)/Rate))
	}
	return out
}

// A tone must be loudest in the filter whose pitch it has, at its level.
func TestToneIsInItsFilter(t *testing.T) {
	e := NewExtractor()
	last := -1
	for _, hz := range []float64{200, 500, 1000, 2000, 4000, 7000} {
		features := make([]float32, Filters)
		e.Fill(features, 1, 0, tone(hz, 1, FrameLength))
		row := slices.Index(features, slices.Max(features))
		if row <= last {
			t.Errorf("%v Hz is loudest in filter %d, the tone before in %d", hz, row, last)
		}
		last = row
		if step := (mel(highest) - mel(lowest)) / (Filters + 1); math.Abs(mel(lowest)+float64(row+1)*step-mel(hz)) > step {
			t.Errorf("%v Hz is loudest in filter %d, a pitch too far", hz, row)
		}
		db := float64(features[row]-1) * 45
		if db < -4 || db > 2.5 {
			t.Errorf("%v Hz at full scale has %v dB", hz, db)
		}
		e.Fill(features, 1, 0, tone(hz, 0.01, FrameLength))
		if quiet := float64(features[row]-1) * 45; math.Abs(quiet-(db-40)) > 1 && db < -0.1 {
			t.Errorf("%v Hz: 40 dB less than %v are %v", hz, db, quiet)
		}
	}
}

func TestSilenceIsTheFloor(t *testing.T) {
	features := make([]float32, 3*Filters)
	NewExtractor().Fill(features, 3, 0, make([]float32, FrameLength+2*Stride))
	for i, v := range features {
		if v != -1 {
			t.Fatalf("value %d is %v, want -1", i, v)
		}
	}
}

// Frames that come piece by piece must be those of the whole.
func TestPiecesAreTheWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	x := make([]float32, 8000)
	for i := range x {
		x[i] = float32(r.NormFloat64() * 1000)
	}
	e := NewExtractor()
	n := Frames(len(x))
	whole, pieces := make([]float32, n*Filters), make([]float32, n*Filters)
	e.Fill(whole, n, 0, x)
	for column := range n {
		e.Fill(pieces, n, column, x[column*Stride:column*Stride+FrameLength])
	}
	if !slices.Equal(whole, pieces) {
		t.Fatal("they differ")
	}
	if Frames(FrameLength-1) != 0 || Frames(FrameLength) != 1 || Frames(16000) != 98 {
		t.Error("wrong number of frames")
	}
}

func TestFillDoesNotAllocate(t *testing.T) {
	e, x := NewExtractor(), make([]float32, 4000)
	dst := make([]float32, Frames(len(x))*Filters)
	if n := testing.AllocsPerRun(5, func() { e.Fill(dst, Frames(len(x)), 0, x) }); n != 0 {
		t.Fatalf("%v allocations", n)
	}
}

func BenchmarkWindow(b *testing.B) {
	e, x := NewExtractor(), tone(1000, 0.5, Rate)
	dst := make([]float32, Frames(len(x))*Filters)
	for b.Loop() {
		e.Fill(dst, Frames(len(x)), 0, x)
	}
}
