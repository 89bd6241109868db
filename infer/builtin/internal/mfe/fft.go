package mfe

import (
	"math"
	"math/bits"
	"math/cmplx"
)

// fft is the discrete Fourier transform of a length that is a power of two, by
// the algorithm of Cooley and Tukey (Math. Comp. 19, 1965), in place.
type fft struct {
	turns    []complex128 // exp(-2πik/n) for k below n/2
	reversed []int        // each index with its bits in reverse order
}

func newFFT(n int) *fft {
	f := &fft{turns: make([]complex128, n/2), reversed: make([]int, n)}
	for k := range f.turns {
		f.turns[k] = cmplx.Rect(1, -2*math.Pi*float64(k)/float64(n))
	}
	shift := 64 - bits.TrailingZeros(uint(n))
	for i := range f.reversed {
		f.reversed[i] = int(bits.Reverse64(uint64(i)) >> shift)
	}
	return f
}

func (f *fft) transform(x []complex128) {
	for i, j := range f.reversed {
		if i < j {
			x[i], x[j] = x[j], x[i]
		}
	}
	n := len(x)
	for half := 1; half < n; half *= 2 {
		step := n / (2 * half)
		for start := 0; start < n; start += 2 * half {
			low, high := x[start:start+half], x[start+half:start+2*half]
			for k := range low {
				t := f.turns[k*step] * high[k]
				low[k], high[k] = low[k]+t, low[k]-t
			}
		}
	}
}

// spectrum is the power of real samples at each frequency: two samples travel as
// one complex number, which halves the work.
type spectrum struct {
	half  *fft
	turns []complex128 // exp(-2πik/n)
	work  []complex128
}

// newSpectrum prepares for n samples, a power of two and at least 4.
func newSpectrum(n int) *spectrum {
	s := &spectrum{half: newFFT(n / 2), turns: make([]complex128, n/2+1), work: make([]complex128, n/2)}
	for k := range s.turns {
		s.turns[k] = cmplx.Rect(1, -2*math.Pi*float64(k)/float64(n))
	}
	return s
}

// power writes |X(k)|² for k from 0 to n/2 into dst.
func (s *spectrum) power(dst, samples []float64) {
	m := len(s.work)
	for i := range s.work {
		s.work[i] = complex(samples[2*i], samples[2*i+1])
	}
	s.half.transform(s.work)
	for k := range dst {
		a, b := s.work[k%m], cmplx.Conj(s.work[(m-k)%m])
		even, odd := (a+b)/2, (a-b)*complex(0, -0.5)
		x := even + s.turns[k]*odd
		dst[k] = real(x)*real(x) + imag(x)*imag(x)
	}
}
