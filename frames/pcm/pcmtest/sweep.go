package pcmtest

import (
	"math"
	"math/cmplx"
	"sync"
)

// Sweep is a tone that rises, by the same factor in every second.
type Sweep struct {
	Rate      int // samples a second
	From, To  float64
	Seconds   float64
	Amplitude float64
}

// Samples is the sweep, one channel.
func (s Sweep) Samples() []float64 {
	out := make([]float64, int(s.Seconds*float64(s.Rate)))
	k := math.Log(s.To / s.From)
	for i := range out {
		at := float64(i) / float64(s.Rate)
		phase := 2 * math.Pi * s.From * s.Seconds / k * (math.Exp(at/s.Seconds*k) - 1)
		out[i] = s.Amplitude * math.Sin(phase)
	}
	return out
}

// Hz is the frequency at a moment.
func (s Sweep) Hz(at float64) float64 {
	return s.From * math.Pow(s.To/s.From, at/s.Seconds)
}

// SpectrumSamples is how many samples a spectrum covers: so many that a sweep hardly
// moves.
const SpectrumSamples = 2048

// Aliases is how loud everything but the sweep is where it is loudest, in relation to
// it: what lies above half the rate and comes back, and images of what lies below. Up to
// passes there is the sweep itself; from stops on nothing is to be heard.
func (s Sweep) Aliases(out []float64, rate int, passes, stops float64) float64 {
	var worst float64
	for at := 0; at+SpectrumSamples <= len(out); at += SpectrumSamples / 4 {
		begin, end := s.Hz(float64(at)/float64(rate)), s.Hz(float64(at+SpectrumSamples)/float64(rate))
		if end > passes && begin < stops {
			continue
		}
		var sum float64
		for bin, level := range Spectrum(out[at : at+SpectrumSamples]) {
			hz := float64(bin) * float64(rate) / SpectrumSamples
			width := 16 * float64(rate) / SpectrumSamples
			if end <= passes && hz > begin-width && hz < end+width {
				continue
			}
			sum += level * level
		}
		worst = max(worst, math.Sqrt(sum/bandwidth())/s.Amplitude)
	}
	return worst
}

// window is Kaiser's, of a sum of 2. It leaves 150 dB between a tone and what is 16
// places from it.
var window = sync.OnceValue(func() (w [SpectrumSamples]float64) {
	const beta = 20
	var sum float64
	for i := range w {
		at := 2*(float64(i)+0.5)/SpectrumSamples - 1
		w[i] = bessel0(beta * math.Sqrt(1-at*at))
		sum += w[i]
	}
	for i := range w {
		w[i] *= 2 / sum
	}
	return w
})

// bandwidth is how many places of a spectrum a tone fills.
func bandwidth() float64 {
	var sum float64
	for _, w := range window() {
		sum += w * w
	}
	return sum * SpectrumSamples / 4
}

// Spectrum is the amplitude of the tones in SpectrumSamples samples, from 0 to half
// their rate.
func Spectrum(samples []float64) []float64 {
	w := window()
	x := make([]complex128, SpectrumSamples)
	for i, v := range samples {
		x[i] = complex(v*w[i], 0)
	}
	transform(x)
	out := make([]float64, SpectrumSamples/2)
	for i := range out {
		out[i] = cmplx.Abs(x[i])
	}
	return out
}

// bessel0 is the modified Bessel function of the first kind, order 0.
func bessel0(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > 1e-14*sum; k++ {
		term *= x * x / (4 * k * k)
		sum += term
	}
	return sum
}

// transform is Fourier's, in place.
func transform(x []complex128) {
	n := len(x)
	if n == 1 {
		return
	}
	even, odd := make([]complex128, n/2), make([]complex128, n/2)
	for i := range even {
		even[i], odd[i] = x[2*i], x[2*i+1]
	}
	transform(even)
	transform(odd)
	for i := range even {
		t := cmplx.Rect(1, -2*math.Pi*float64(i)/float64(n)) * odd[i]
		x[i], x[i+n/2] = even[i]+t, even[i]-t
	}
}
