//go:build !noasm

package pcm

import (
	"math"

	"github.com/eiengine/eiengine/frames"
)

const hasKernels = true

// blocks is how many of n samples kernels convert: as many as make whole blocks of 16.
func blocks(n int, f frames.SampleFormat) int {
	if f == frames.F32LE || f == frames.F64LE {
		return 0
	}
	return n &^ 15
}

func ditherTriangularKernel(samples *float32, n int, state *noise, step float32) {
	ditherTriangularBits(samples, n, state, int(math.Float32bits(step)))
}

func ditherEvenKernel(samples *float32, n int, state *noise, step float32) {
	ditherEvenBits(samples, n, state, int(math.Float32bits(step)))
}

func levelKernel(l *laneLevels, samples *float32, n int) {
	levelLanes(&l.squares[0], &l.peak[0], samples, n)
}

//go:noescape
func ditherTriangularBits(samples *float32, n int, state *noise, step int)

//go:noescape
func ditherEvenBits(samples *float32, n int, state *noise, step int)

//go:noescape
func levelLanes(squares *float64, peak, samples *float32, n int)
