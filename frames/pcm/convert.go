package pcm

import (
	"fmt"

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
	if !exactAsFloat32(to, from) {
		convert[float64](dst, to, src, from, n)
		return n, nil
	}
	convert[float32](dst, to, src, from, n)
	return n, nil
}

// exactAsFloat32 reports whether float32 holds every code of one of two formats, or
// rounds as often as a conversion has to. float64 holds all codes of all formats.
func exactAsFloat32(to, from frames.SampleFormat) bool {
	switch from {
	case frames.U8, frames.S16LE, frames.S24LE, frames.F32LE:
		return true
	case frames.S32LE:
		return to == frames.F32LE
	}
	return false
}

// convert goes through floats, in blocks that stay in the nearest cache.
func convert[T float32 | float64](dst []byte, to frames.SampleFormat, src []byte, from frames.SampleFormat, n int) {
	var block [512]T
	for done := 0; done < n; {
		part := block[:min(len(block), n-done)]
		decode(part, src[done*from.Bytes():], from)
		encode(dst[done*to.Bytes():], part, to)
		done += len(part)
	}
}

// decode fills dst.
func decode[T float32 | float64](dst []T, src []byte, f frames.SampleFormat) {
	if single, ok := any(dst).([]float32); ok {
		decodeRow(single, src, f)
		return
	}
	decodeReference(dst, src, f)
}

// encode writes all of src.
func encode[T float32 | float64](dst []byte, src []T, f frames.SampleFormat) {
	if single, ok := any(src).([]float32); ok {
		encodeRow(dst, single, f)
		return
	}
	encodeReference(dst, src, f)
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
