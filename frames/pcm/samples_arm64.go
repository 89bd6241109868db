//go:build !noasm

package pcm

import (
	"math"
	"unsafe"

	"github.com/eiengine/eiengine/frames"
)

func init() { splitRow, joinRow, meanRow, ditherRow = splitFast, joinFast, meanFast, ditherFast }

// block is how many samples kernels convert at a time.
const block = 16

// blocks is how many of n samples kernels convert: as many as make whole blocks.
func blocks(n int, f frames.SampleFormat) int {
	if f == frames.F32LE || f == frames.F64LE {
		return 0
	}
	return n &^ (block - 1)
}

func decodeRow(dst []float32, src []byte, f frames.SampleFormat) {
	if f == frames.F32LE {
		copy(bytesOf(dst), src[:4*len(dst)])
		return
	}
	if n := blocks(len(dst), f); n > 0 {
		_ = src[len(dst)*f.Bytes()-1]
		switch f {
		case frames.U8:
			decodeU8NEON(&src[0], &dst[0], n)
		case frames.S16LE:
			decodeS16NEON(&src[0], &dst[0], n)
		case frames.S24LE:
			decodeS24NEON(&src[0], &dst[0], n)
		case frames.S32LE:
			decodeS32NEON(&src[0], &dst[0], n)
		}
		dst, src = dst[n:], src[n*f.Bytes():]
	}
	decodeReference(dst, src, f)
}

func encodeRow(dst []byte, src []float32, f frames.SampleFormat) {
	if f == frames.F32LE {
		copy(dst[:4*len(src)], bytesOf(src))
		return
	}
	if n := blocks(len(src), f); n > 0 {
		_ = dst[len(src)*f.Bytes()-1]
		switch f {
		case frames.U8:
			encodeU8NEON(&dst[0], &src[0], n)
		case frames.S16LE:
			encodeS16NEON(&dst[0], &src[0], n)
		case frames.S24LE:
			encodeS24NEON(&dst[0], &src[0], n)
		case frames.S32LE:
			encodeS32NEON(&dst[0], &src[0], n)
		}
		dst, src = dst[n*f.Bytes():], src[n:]
	}
	encodeReference(dst, src, f)
}

// bytesOf is the memory of floats.
func bytesOf(s []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), 4*len(s))
}

func splitFast(left, right, src []float32) {
	if n := len(left) &^ (lanes - 1); n > 0 {
		_, _ = right[n-1], src[2*n-1]
		splitNEON(&left[0], &right[0], &src[0], n)
		left, right, src = left[n:], right[n:], src[2*n:]
	}
	splitReference(left, right, src)
}

func joinFast(dst, left, right []float32) {
	if n := len(left) &^ (lanes - 1); n > 0 {
		_, _ = right[n-1], dst[2*n-1]
		joinNEON(&dst[0], &left[0], &right[0], n)
		left, right, dst = left[n:], right[n:], dst[2*n:]
	}
	joinReference(dst, left, right)
}

func meanFast(dst, src []float32) {
	if n := len(dst) &^ (lanes - 1); n > 0 {
		_ = src[2*n-1]
		meanNEON(&dst[0], &src[0], n)
		dst, src = dst[n:], src[2*n:]
	}
	meanReference(dst, src)
}

func ditherFast(samples []float32, state *noise, step float32, m DitherMethod) {
	if n := len(samples) &^ (lanes - 1); n > 0 {
		if m == Triangular {
			ditherTriangularNEON(&samples[0], n, state, int(math.Float32bits(step)))
		} else {
			ditherEvenNEON(&samples[0], n, state, int(math.Float32bits(step)))
		}
		samples = samples[n:]
	}
	ditherReference(samples, state, step, m)
}

func levelRow(l *laneLevels, samples []float32) {
	if n := len(samples) &^ (lanes - 1); n > 0 {
		levelNEON(&l.squares[0], &l.peak[0], &samples[0], n)
		samples = samples[n:]
	}
	levelReference(l, samples)
}

//go:noescape
func decodeU8NEON(codes *byte, floats *float32, n int)

//go:noescape
func decodeS16NEON(codes *byte, floats *float32, n int)

//go:noescape
func decodeS24NEON(codes *byte, floats *float32, n int)

//go:noescape
func decodeS32NEON(codes *byte, floats *float32, n int)

//go:noescape
func encodeU8NEON(codes *byte, floats *float32, n int)

//go:noescape
func encodeS16NEON(codes *byte, floats *float32, n int)

//go:noescape
func encodeS24NEON(codes *byte, floats *float32, n int)

//go:noescape
func encodeS32NEON(codes *byte, floats *float32, n int)

//go:noescape
func splitNEON(left, right, src *float32, n int)

//go:noescape
func joinNEON(dst, left, right *float32, n int)

//go:noescape
func meanNEON(dst, src *float32, n int)

// The step is the bits of a float32.
//
//go:noescape
func ditherTriangularNEON(samples *float32, n int, state *noise, step int)

//go:noescape
func ditherEvenNEON(samples *float32, n int, state *noise, step int)

//go:noescape
func levelNEON(squares *float64, peak, samples *float32, n int)
