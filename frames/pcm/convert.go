package pcm

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/eiengine/eiengine/frames"
)

// Convert writes the samples of src, in format from, to dst in format to, and
// returns how many: as many whole samples as both hold. dst and src may be the
// same memory if the formats have the same size. Errors: unknown format.
func Convert(dst []byte, to frames.SampleFormat, src []byte, from frames.SampleFormat) (int, error) {
	if err := known(to, from); err != nil {
		return 0, err
	}
	n := min(len(dst)/to.Bytes(), len(src)/from.Bytes())
	if from == to {
		copy(dst, src[:n*from.Bytes()])
		return n, nil
	}
	// float64 holds every code of every format exactly.
	var block [256]float64
	for done := 0; done < n; {
		part := block[:min(len(block), n-done)]
		decode(part, src[done*from.Bytes():], from)
		encode(dst[done*to.Bytes():], part, to)
		done += len(part)
	}
	return n, nil
}

// Decode writes samples as floats and returns how many: as many as both hold.
// S32LE and F64LE are rounded to float32. Errors: unknown format.
func Decode[T float32 | float64](dst []T, src []byte, from frames.SampleFormat) (int, error) {
	if err := known(from); err != nil {
		return 0, err
	}
	n := min(len(dst), len(src)/from.Bytes())
	decode(dst[:n], src, from)
	return n, nil
}

// Encode writes floats as samples and returns how many: as many as both hold.
// Values outside -1..1 are clipped for integer formats and kept for floats.
// Errors: unknown format.
func Encode[T float32 | float64](dst []byte, src []T, to frames.SampleFormat) (int, error) {
	if err := known(to); err != nil {
		return 0, err
	}
	n := min(len(dst)/to.Bytes(), len(src))
	encode(dst, src[:n], to)
	return n, nil
}

func known(formats ...frames.SampleFormat) error {
	for _, f := range formats {
		if f == frames.SampleUnknown || f.String() == frames.SampleUnknown.String() {
			return fmt.Errorf("convert samples: unknown sample format %d", f)
		}
	}
	return nil
}

// decode is the reference for one run of samples.
func decode[T float32 | float64](dst []T, src []byte, f frames.SampleFormat) {
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

// encode is the reference for one run of samples.
func encode[T float32 | float64](dst []byte, src []T, f frames.SampleFormat) {
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
