//go:build !noasm

package pcm

import (
	"unsafe"

	"golang.org/x/sys/cpu"

	"github.com/eiengine/eiengine/frames"
)

var hasAVX2 = cpu.X86.HasAVX2

func init() {
	if hasAVX2 {
		splitRow, joinRow, meanRow, ditherRow = splitFast, joinFast, meanFast, ditherFast
	}
}

// blocks is how many of n samples kernels convert: as many as make whole blocks. Those
// of S24LE touch four bytes behind the last one.
func blocks(n int, f frames.SampleFormat) int {
	if !hasAVX2 {
		return 0
	}
	switch f {
	case frames.U8:
		return n &^ 31
	case frames.S16LE:
		return n &^ 15
	case frames.S24LE:
		return max(0, n-2) &^ 7
	case frames.S32LE:
		return n &^ 7
	}
	return 0
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
			decodeU8AVX2(&src[0], &dst[0], n)
		case frames.S16LE:
			decodeS16AVX2(&src[0], &dst[0], n)
		case frames.S24LE:
			decodeS24AVX2(&src[0], &dst[0], n)
		case frames.S32LE:
			decodeS32AVX2(&src[0], &dst[0], n)
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
			encodeU8AVX2(&dst[0], &src[0], n)
		case frames.S16LE:
			encodeS16AVX2(&dst[0], &src[0], n)
		case frames.S24LE:
			encodeS24AVX2(&dst[0], &src[0], n)
		case frames.S32LE:
			encodeS32AVX2(&dst[0], &src[0], n)
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
		splitAVX2(&left[0], &right[0], &src[0], n)
		left, right, src = left[n:], right[n:], src[2*n:]
	}
	splitReference(left, right, src)
}

func joinFast(dst, left, right []float32) {
	if n := len(left) &^ (lanes - 1); n > 0 {
		_, _ = right[n-1], dst[2*n-1]
		joinAVX2(&dst[0], &left[0], &right[0], n)
		left, right, dst = left[n:], right[n:], dst[2*n:]
	}
	joinReference(dst, left, right)
}

func meanFast(dst, src []float32) {
	if n := len(dst) &^ (lanes - 1); n > 0 {
		_ = src[2*n-1]
		meanAVX2(&dst[0], &src[0], n)
		dst, src = dst[n:], src[2*n:]
	}
	meanReference(dst, src)
}

func ditherFast(samples []float32, state *noise, step float32, m DitherMethod) {
	if n := len(samples) &^ (lanes - 1); n > 0 {
		if m == Triangular {
			ditherTriangularAVX2(&samples[0], n, state, step)
		} else {
			ditherEvenAVX2(&samples[0], n, state, step)
		}
		samples = samples[n:]
	}
	ditherReference(samples, state, step, m)
}

func levelRow(l *laneLevels, samples []float32) {
	if n := len(samples) &^ (lanes - 1); hasAVX2 && n > 0 {
		levelAVX2(l, &samples[0], n)
		samples = samples[n:]
	}
	levelReference(l, samples)
}

//go:noescape
func decodeU8AVX2(codes *byte, floats *float32, n int)

//go:noescape
func decodeS16AVX2(codes *byte, floats *float32, n int)

//go:noescape
func decodeS24AVX2(codes *byte, floats *float32, n int)

//go:noescape
func decodeS32AVX2(codes *byte, floats *float32, n int)

//go:noescape
func encodeU8AVX2(codes *byte, floats *float32, n int)

//go:noescape
func encodeS16AVX2(codes *byte, floats *float32, n int)

//go:noescape
func encodeS24AVX2(codes *byte, floats *float32, n int)

//go:noescape
func encodeS32AVX2(codes *byte, floats *float32, n int)

//go:noescape
func splitAVX2(left, right, src *float32, n int)

//go:noescape
func joinAVX2(dst, left, right *float32, n int)

//go:noescape
func meanAVX2(dst, src *float32, n int)

//go:noescape
func ditherTriangularAVX2(samples *float32, n int, state *noise, step float32)

//go:noescape
func ditherEvenAVX2(samples *float32, n int, state *noise, step float32)

//go:noescape
func levelAVX2(l *laneLevels, samples *float32, n int)
