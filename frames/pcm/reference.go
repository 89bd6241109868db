package pcm

import (
	"encoding/binary"
	"math"

	"github.com/eiengine/eiengine/frames"
)

// What the kernels do, in Go: what they are held to by tests, and what runs where
// there is none for the processor.

// decodeReference fills dst.
func decodeReference[T float32 | float64](dst []T, src []byte, f frames.SampleFormat) {
	le := binary.LittleEndian
	src = src[:len(dst)*f.Bytes()]
	switch f {
	case frames.U8:
		for i := range dst {
			dst[i] = T(int(src[i])-128) / (1 << 7)
		}
	case frames.S16LE:
		for i := range dst {
			dst[i] = T(int16(le.Uint16(src[2*i:]))) / (1 << 15)
		}
	case frames.S24LE:
		for i := range dst {
			b := src[3*i : 3*i+3 : 3*i+3]
			// At the top of 32 bits the sign comes by itself.
			v := int32(uint32(b[0])<<8|uint32(b[1])<<16|uint32(b[2])<<24) >> 8
			dst[i] = T(v) / (1 << 23)
		}
	case frames.S32LE:
		for i := range dst {
			dst[i] = T(int32(le.Uint32(src[4*i:]))) / (1 << 31)
		}
	case frames.F32LE:
		for i := range dst {
			dst[i] = T(math.Float32frombits(le.Uint32(src[4*i:])))
		}
	case frames.F64LE:
		for i := range dst {
			dst[i] = T(math.Float64frombits(le.Uint64(src[8*i:])))
		}
	}
}

// encodeReference writes all of src.
func encodeReference[T float32 | float64](dst []byte, src []T, f frames.SampleFormat) {
	le := binary.LittleEndian
	dst = dst[:len(src)*f.Bytes()]
	switch f {
	case frames.U8:
		for i, v := range src {
			dst[i] = byte(quantize(float64(v), 1<<7) + 128)
		}
	case frames.S16LE:
		for i, v := range src {
			le.PutUint16(dst[2*i:], uint16(quantize(float64(v), 1<<15)))
		}
	case frames.S24LE:
		for i, v := range src {
			q := uint32(quantize(float64(v), 1<<23))
			dst[3*i], dst[3*i+1], dst[3*i+2] = byte(q), byte(q>>8), byte(q>>16)
		}
	case frames.S32LE:
		for i, v := range src {
			le.PutUint32(dst[4*i:], uint32(quantize(float64(v), 1<<31)))
		}
	case frames.F32LE:
		for i, v := range src {
			le.PutUint32(dst[4*i:], math.Float32bits(float32(v)))
		}
	case frames.F64LE:
		for i, v := range src {
			le.PutUint64(dst[8*i:], math.Float64bits(float64(v)))
		}
	}
}

// quantize is v as a code of an integer format whose codes go from -scale to
// scale-1.
func quantize(v, scale float64) int64 {
	if v != v {
		return 0
	}
	return int64(min(max(math.RoundToEven(v*scale), -scale), scale-1))
}

// splitReference takes the two channels of src apart, joinReference puts them together.
func splitReference(left, right, src []float32) {
	for i := range left {
		left[i], right[i] = src[2*i], src[2*i+1]
	}
}

func joinReference(dst, left, right []float32) {
	for i := range left {
		dst[2*i], dst[2*i+1] = left[i], right[i]
	}
}

// meanReference is the mean of two channels.
func meanReference(dst, src []float32) {
	for i := range dst {
		dst[i] = (src[2*i] + src[2*i+1]) / 2
	}
}

// dot4Reference is the sum of src under each of the four filters of a group. The
// length of src is a multiple of lanes.
func dot4Reference[T float32 | float64](dst *[group]T, src, taps []T) {
	var a, b, c, d T
	for len(src) >= lanes && len(taps) >= group*lanes {
		s := (*[lanes]T)(src)
		a += dot8(s, (*[lanes]T)(taps))
		b += dot8(s, (*[lanes]T)(taps[lanes:]))
		c += dot8(s, (*[lanes]T)(taps[2*lanes:]))
		d += dot8(s, (*[lanes]T)(taps[3*lanes:]))
		src, taps = src[lanes:], taps[group*lanes:]
	}
	*dst = [group]T{a, b, c, d}
}

func dot8[T float32 | float64](s, t *[lanes]T) T {
	return s[0]*t[0] + s[1]*t[1] + s[2]*t[2] + s[3]*t[3] + (s[4]*t[4] + s[5]*t[5] + s[6]*t[6] + s[7]*t[7])
}

// ditherReference adds noise to samples, one lane of the state after the other. The
// state moves on for all lanes, also for the last samples that do not fill them.
func ditherReference[T float32 | float64](samples []T, state *noise, step T, m DitherMethod) {
	for len(samples) > 0 {
		n := min(lanes, len(samples))
		for i := range state {
			x := state[i]
			x ^= x << 13
			x ^= x >> 17
			x ^= x << 5
			state[i] = x
		}
		for i := range samples[:n] {
			samples[i] += T(state.of(i, m)) * step
		}
		samples = samples[n:]
	}
}

// levelReference adds the squares of samples to a lane after the other, and keeps the
// largest absolute values. What is no number has no peak.
func levelReference(l *laneLevels, samples []float32) {
	for i, v := range samples {
		l.squares[i%lanes] += float64(v) * float64(v)
		if v < 0 {
			v = -v
		}
		if v > l.peak[i%lanes] {
			l.peak[i%lanes] = v
		}
	}
}
