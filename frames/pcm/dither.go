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
type Dither[T float32 | float64] struct {
	state noise
	last  []T // of each channel, for TriangularHF
}

// noise is the state of a generator, by Marsaglia's xorshift, for each lane of a
// register.
type noise [lanes]uint32

// seed is eight numbers without anything in common, of the digits of pi.
var seed = noise{0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344, 0xA4093822, 0x299F31D0, 0x082EFA98, 0xEC4E6C89}

// of is the noise of a lane, in units of noiseUnit of a step.
func (n *noise) of(lane int, m DitherMethod) int32 {
	if m == Triangular {
		return int32(n[lane]>>16) - int32(n[lane]&0xFFFF)
	}
	return int32(n[lane]) >> 8
}

// noiseUnit is how many units make a step.
func noiseUnit(m DitherMethod) float64 {
	if m == Triangular {
		return 1 << 16
	}
	return 1 << 24
}

// Add adds noise of the steps of an integer format to samples of several channels.
// Formats of floats get none.
func (d *Dither[T]) Add(samples []T, channels int, to frames.SampleFormat, m DitherMethod) {
	if m == NoDither || to == frames.F32LE || to == frames.F64LE {
		return
	}
	if d.state == (noise{}) {
		d.state = seed
	}
	step := T(2.0 / float64(uint64(1)<<(8*to.Bytes())) / noiseUnit(m))
	if m == TriangularHF {
		d.addDifferences(samples, channels, step)
		return
	}
	if single, ok := any(samples).([]float32); ok {
		ditherRow(single, &d.state, float32(step), m)
		return
	}
	ditherReference(samples, &d.state, step, m)
}

// addDifferences adds what the even noise of a channel changes by from sample to sample.
func (d *Dither[T]) addDifferences(samples []T, channels int, step T) {
	if len(d.last) != channels {
		d.last = make([]T, channels)
	}
	var fresh [lanes]T
	for done := 0; done < len(samples); done += lanes {
		clear(fresh[:])
		ditherReference(fresh[:], &d.state, step, Rectangular)
		for i := range samples[done:min(done+lanes, len(samples))] {
			last := &d.last[(done+i)%channels]
			samples[done+i] += fresh[i] - *last
			*last = fresh[i]
		}
	}
}
