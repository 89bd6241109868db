//go:build (amd64 || arm64) && !noasm

package pcm

import (
	"unsafe"

	"github.com/eiengine/eiengine/frames"
)

func init() {
	if hasKernels {
		splitRow, joinRow, meanRow, ditherRow = splitFast, joinFast, meanFast, ditherFast
	}
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
			decodeU8Kernel(&src[0], &dst[0], n)
		case frames.S16LE:
			decodeS16Kernel(&src[0], &dst[0], n)
		case frames.S24LE:
			decodeS24Kernel(&src[0], &dst[0], n)
		case frames.S32LE:
			decodeS32Kernel(&src[0], &dst[0], n)
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
			encodeU8Kernel(&dst[0], &src[0], n)
		case frames.S16LE:
			encodeS16Kernel(&dst[0], &src[0], n)
		case frames.S24LE:
			encodeS24Kernel(&dst[0], &src[0], n)
		case frames.S32LE:
			encodeS32Kernel(&dst[0], &src[0], n)
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
		splitKernel(&left[0], &right[0], &src[0], n)
		left, right, src = left[n:], right[n:], src[2*n:]
	}
	splitReference(left, right, src)
}

func joinFast(dst, left, right []float32) {
	if n := len(left) &^ (lanes - 1); n > 0 {
		_, _ = right[n-1], dst[2*n-1]
		joinKernel(&dst[0], &left[0], &right[0], n)
		left, right, dst = left[n:], right[n:], dst[2*n:]
	}
	joinReference(dst, left, right)
}

func meanFast(dst, src []float32) {
	if n := len(dst) &^ (lanes - 1); n > 0 {
		_ = src[2*n-1]
		meanKernel(&dst[0], &src[0], n)
		dst, src = dst[n:], src[2*n:]
	}
	meanReference(dst, src)
}

func ditherFast(samples []float32, state *noise, step float32, m DitherMethod) {
	if n := len(samples) &^ (lanes - 1); n > 0 {
		if m == Triangular {
			ditherTriangularKernel(&samples[0], n, state, step)
		} else {
			ditherEvenKernel(&samples[0], n, state, step)
		}
		samples = samples[n:]
	}
	ditherReference(samples, state, step, m)
}

func levelRow(l *laneLevels, samples []float32) {
	if n := len(samples) &^ (lanes - 1); hasKernels && n > 0 {
		levelKernel(l, &samples[0], n)
		samples = samples[n:]
	}
	levelReference(l, samples)
}

//go:noescape
func decodeU8Kernel(codes *byte, floats *float32, n int)

//go:noescape
func decodeS16Kernel(codes *byte, floats *float32, n int)

//go:noescape
func decodeS24Kernel(codes *byte, floats *float32, n int)

//go:noescape
func decodeS32Kernel(codes *byte, floats *float32, n int)

//go:noescape
func encodeU8Kernel(codes *byte, floats *float32, n int)

//go:noescape
func encodeS16Kernel(codes *byte, floats *float32, n int)

//go:noescape
func encodeS24Kernel(codes *byte, floats *float32, n int)

//go:noescape
func encodeS32Kernel(codes *byte, floats *float32, n int)

//go:noescape
func splitKernel(left, right, src *float32, n int)

//go:noescape
func joinKernel(dst, left, right *float32, n int)

//go:noescape
func meanKernel(dst, src *float32, n int)
