package pcm

import (
	"bytes"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
	"unsafe"

	"github.com/eiengine/eiengine/frames"
)

// What the functions of this processor give is what the reference gives, bit for bit
// but for sums of products, at every length and alignment, and nothing beside changes.

// dice draws what a fuzz target varies from one seed, in memory that place gives.
type dice struct {
	*rand.Rand
	place func(n, align int) []byte
}

func newDice(seed uint64) dice {
	d := dice{Rand: rand.New(rand.NewPCG(seed, 9))}
	d.place = func(n, align int) []byte {
		at := d.IntN(40) / align * align
		return make([]byte, n+80)[at : at+n : at+n]
	}
	return d
}

func (d dice) bytes(n int) []byte {
	b := d.place(n, 1)
	for i := range b {
		b[i] = byte(d.Uint32())
	}
	return b
}

// hard are the floats that conversions go wrong at.
var hard = []float64{
	0, math.Copysign(0, -1), 1, -1, math.Nextafter(1, 0), 2, -2, 1e30, -1e30, 1e-42, math.Inf(1), math.Inf(-1), math.NaN(),
	0.5 / 32768, 1.5 / 32768, -2.5 / 32768, 0.5 / 128, 127.5 / 128, 32767.5 / 32768, 32766.5 / 32768,
}

func (d dice) floats(n int) []float32 {
	f := d.plain(n)
	for i := range f {
		if d.IntN(6) == 0 {
			f[i] = float32(hard[d.IntN(len(hard))])
		}
	}
	return f
}

// plain are floats of -1..1.
func (d dice) plain(n int) []float32 {
	f := unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(d.place(4*n, 4)))), n)
	for i := range f {
		f[i] = 2*d.Float32() - 1
	}
	return f
}

// widened are the same floats of twice the size.
func (d dice) widened(f []float32) []float64 {
	w := unsafe.Slice((*float64)(unsafe.Pointer(unsafe.SliceData(d.place(8*len(f), 8)))), len(f))
	for i, v := range f {
		w[i] = float64(v)
	}
	return w
}

func (d dice) copies(f []float32) []float32 {
	c := d.plain(len(f))
	copy(c, f)
	return c
}

func sameFloats(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i := range want {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) && !(got[i] != got[i] && want[i] != want[i]) {
			t.Fatalf("%s of %d: sample %d is %v, the reference says %v", what, len(want), i, got[i], want[i])
		}
	}
}

// checkKernels tries every kernel on n samples.
func checkKernels(t *testing.T, d dice, n int) {
	for _, f := range frames.SampleFormats() {
		codes := d.bytes(n * f.Bytes())
		got, want := d.floats(n), make([]float32, n)
		decodeRow(got, codes, f)
		decodeReference(want, codes, f)
		sameFloats(t, "decode "+f.String(), got, want)

		in := d.floats(n)
		encoded, expected := d.bytes(n*f.Bytes()), make([]byte, n*f.Bytes())
		encodeRow(encoded, in, f)
		encodeReference(expected, in, f)
		if f == frames.F32LE || f == frames.F64LE {
			continue // the same bits, but for those of what is no number
		}
		if !bytes.Equal(encoded, expected) {
			t.Fatalf("encode %d of %s: %v is %v, the reference says %v", n, f, in, encoded, expected)
		}
	}
	checkChannels(t, d, n)
	checkDither(t, d, n)
	checkLevel(t, d, n)
	checkDot(t, d, n)
}

func checkChannels(t *testing.T, d dice, n int) {
	both := d.floats(2 * n)
	left, right, mean := d.floats(n), d.floats(n), d.floats(n)
	wantLeft, wantRight, wantMean := make([]float32, n), make([]float32, n), make([]float32, n)
	splitRow(left, right, both)
	splitReference(wantLeft, wantRight, both)
	sameFloats(t, "left", left, wantLeft)
	sameFloats(t, "right", right, wantRight)
	meanRow(mean, both)
	meanReference(wantMean, both)
	sameFloats(t, "mean", mean, wantMean)
	again := d.floats(2 * n)
	joinRow(again, left, right)
	sameFloats(t, "joined", again, both)
}

func checkDither(t *testing.T, d dice, n int) {
	for _, m := range []DitherMethod{Rectangular, Triangular} {
		got := d.floats(n)
		want := d.copies(got)
		a, b := seed, seed
		ditherRow(got, &a, 1.0/(1<<31), m)
		ditherReference(want, &b, 1.0/(1<<31), m)
		sameFloats(t, "dither", got, want)
		if a != b {
			t.Fatalf("dither of %d: the state is %x, the reference says %x", n, a, b)
		}
	}
}

func checkLevel(t *testing.T, d dice, n int) {
	got := laneLevels{peak: [lanes]float32{0.25, 0.5}, squares: [lanes]float64{3}}
	want := got
	in := d.floats(n)
	levelRow(&got, in)
	levelReference(&want, in)
	for i := range lanes {
		if got.peak[i] != want.peak[i] || got.squares[i] != want.squares[i] && got.squares[i] == got.squares[i] {
			t.Fatalf("level of %d: %+v, the reference says %+v", n, got, want)
		}
	}
}

// checkDot allows what the order of additions is worth.
func checkDot(t *testing.T, d dice, n int) {
	n = n / 4 / lanes * lanes
	src, taps := d.plain(n), d.plain(group*n)
	var got, want [group]float32
	var got64, want64 [group]float64
	dot4F32(&got, src, taps)
	dot4Reference(&want, src, taps)
	wide, wideTaps := d.widened(src), d.widened(taps)
	dot4F64(&got64, wide, wideTaps)
	dot4Reference(&want64, wide, wideTaps)
	for j := range group {
		// Each of n products and sums is at most n times a rounding off.
		if tolerance := float64(n*n) / (1 << 24); math.Abs(float64(got[j]-want[j])) > tolerance || math.Abs(float64(got[j])-want64[j]) > tolerance {
			t.Fatalf("filter of %d: sum %d is %v, the reference says %v, float64 %v", n, j, got[j], want[j], want64[j])
		}
		if tolerance := float64(n*n) / (1 << 53); math.Abs(got64[j]-want64[j]) > tolerance {
			t.Fatalf("filter of %d float64: sum %d is %v, the reference says %v", n, j, got64[j], want64[j])
		}
	}
}

func TestKernelsAreTheReference(t *testing.T) {
	for n := range 150 {
		checkKernels(t, newDice(uint64(n)), n)
	}
	checkKernels(t, newDice(1000), 5000)
}

func FuzzKernels(f *testing.F) {
	f.Add(uint64(1), uint16(100))
	if runtime.GOARCH == "arm64" { // which runs under emulation, where nothing can be fuzzed
		d := newDice(9)
		for range 300 {
			f.Add(d.Uint64(), uint16(d.Uint32()))
		}
	}
	f.Fuzz(func(t *testing.T, seed uint64, n uint16) {
		checkKernels(t, newDice(seed), int(n)%1200)
	})
}
