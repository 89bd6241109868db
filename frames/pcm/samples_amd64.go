//go:build !noasm

package pcm

import (
	"golang.org/x/sys/cpu"

	"github.com/eiengine/eiengine/frames"
)

var hasKernels = cpu.X86.HasAVX2 && cpu.X86.HasFMA

// blocks is how many of n samples kernels convert: as many as make whole blocks. Those
// of S24LE touch four bytes behind the last one.
func blocks(n int, f frames.SampleFormat) int {
	if !hasKernels {
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

//go:noescape
func ditherTriangularKernel(samples *float32, n int, state *noise, step float32)

//go:noescape
func ditherEvenKernel(samples *float32, n int, state *noise, step float32)

//go:noescape
func levelKernel(l *laneLevels, samples *float32, n int)
