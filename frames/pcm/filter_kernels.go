//go:build (amd64 || arm64) && !noasm

package pcm

func init() {
	if hasKernels {
		dot4F32, dot4F64 = dot4F32Fast, dot4F64Fast
	}
}

func dot4F32Fast(dst *[group]float32, src, taps []float32) {
	n := len(src) / lanes
	if n == 0 {
		*dst = [group]float32{}
		return
	}
	_ = taps[n*group*lanes-1]
	dot4F32Kernel(dst, &src[0], &taps[0], n)
}

func dot4F64Fast(dst *[group]float64, src, taps []float64) {
	n := len(src) / lanes
	if n == 0 {
		*dst = [group]float64{}
		return
	}
	_ = taps[n*group*lanes-1]
	dot4F64Kernel(dst, &src[0], &taps[0], n)
}

// dot4F32Kernel is dot4Reference for n times eight samples.
//
//go:noescape
func dot4F32Kernel(dst *[group]float32, src, taps *float32, n int)

// dot4F64Kernel is dot4Reference for n times eight samples.
//
//go:noescape
func dot4F64Kernel(dst *[group]float64, src, taps *float64, n int)
