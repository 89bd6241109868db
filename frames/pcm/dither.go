package pcm

import "github.com/eiengine/eiengine/frames"

// DitherMethod is a kind of noise that is added before samples become coarser, so
// that what rounding adds does not follow the sound.
type DitherMethod int

// The methods.
const (
	NoDither     DitherMethod = iota
	Rectangular               // even, one step wide
	Triangular                // the sum of two of these
	TriangularHF              // the difference of two that follow each other
)

// Dither makes noise. The zero value is ready; the same calls give the same noise.
// Not safe for concurrent use.
type Dither struct {
	state uint64
	last  []float64 // of each channel, for TriangularHF
}

// Add adds noise of the steps of an integer format to samples of several channels.
// Formats of floats get none.
func (d *Dither) Add(samples []float64, channels int, to frames.SampleFormat, m DitherMethod) {
	if m == NoDither || to == frames.F32LE || to == frames.F64LE {
		return
	}
	step := 2.0 / float64(uint64(1)<<(8*to.Bytes()))
	if len(d.last) != channels {
		d.last = make([]float64, channels)
	}
	for i := range samples {
		noise := d.next()
		switch m {
		case Triangular:
			noise += d.next()
		case TriangularHF:
			noise, d.last[i%channels] = noise-d.last[i%channels], noise
		}
		samples[i] += noise * step
	}
}

// next is even between -0.5 and 0.5, by Marsaglia's xorshift64.
func (d *Dither) next() float64 {
	if d.state == 0 {
		d.state = 0x9E3779B97F4A7C15
	}
	d.state ^= d.state << 13
	d.state ^= d.state >> 7
	d.state ^= d.state << 17
	return float64(d.state>>11)/(1<<53) - 0.5
}
