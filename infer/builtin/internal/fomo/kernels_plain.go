//go:build !(goexperiment.simd && amd64)

package fomo

// Without GOEXPERIMENT=simd the kernels are the plain ones.

func add2x4(d0, d1, s0, s1, s2, s3 []float32, w *[8]float32) {
	add2x4Plain(d0, d1, s0, s1, s2, s3, w)
}

func dot2x4(d0, d1, s0, s1, s2, s3 []float32, out *[8]float32) {
	dot2x4Plain(d0, d1, s0, s1, s2, s3, out)
}

func add3(d, s []float32, w0, w1, w2 float32) { add3Plain(d, s, w0, w1, w2) }

func dot3(d, s []float32) (a0, a1, a2 float32) { return dot3Plain(d, s) }

func cut(d []float32) { cutPlain(d) }

func cutLike(d, v []float32) { cutLikePlain(d, v) }
