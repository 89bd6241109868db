//go:build goexperiment.simd && amd64

package fomo

import "simd/archsimd"

// With GOEXPERIMENT=simd the kernels take eight pixels at once, which makes
// training several times faster. Sums come in another order, so results differ
// from those of the plain kernels in the last digits.

var vectors = archsimd.X86.AVX2() && archsimd.X86.FMA()

const lanes = 8

type vector = archsimd.Float32x8

func add2x4(d0, d1, s0, s1, s2, s3 []float32, w *[8]float32) {
	n, i := len(d0), 0
	if vectors {
		a0, a1, a2, a3 := all(w[0]), all(w[1]), all(w[2]), all(w[3])
		b0, b1, b2, b3 := all(w[4]), all(w[5]), all(w[6]), all(w[7])
		for ; i+lanes <= n; i += lanes {
			x0, x1, x2, x3 := load(s0, i), load(s1, i), load(s2, i), load(s3, i)
			x := x3.MulAdd(a3, x2.MulAdd(a2, x1.MulAdd(a1, x0.MulAdd(a0, load(d0, i)))))
			y := x3.MulAdd(b3, x2.MulAdd(b2, x1.MulAdd(b1, x0.MulAdd(b0, load(d1, i)))))
			store(d0, i, x)
			store(d1, i, y)
		}
	}
	add2x4Plain(d0[i:], d1[i:n], s0[i:n], s1[i:n], s2[i:n], s3[i:n], w)
}

func dot2x4(d0, d1, s0, s1, s2, s3 []float32, out *[8]float32) {
	n, i := len(d0), 0
	if vectors {
		var a0, a1, a2, a3, b0, b1, b2, b3 vector
		for ; i+lanes <= n; i += lanes {
			x, y := load(d0, i), load(d1, i)
			v := load(s0, i)
			a0, b0 = v.MulAdd(x, a0), v.MulAdd(y, b0)
			v = load(s1, i)
			a1, b1 = v.MulAdd(x, a1), v.MulAdd(y, b1)
			v = load(s2, i)
			a2, b2 = v.MulAdd(x, a2), v.MulAdd(y, b2)
			v = load(s3, i)
			a3, b3 = v.MulAdd(x, a3), v.MulAdd(y, b3)
		}
		for k, v := range [8]vector{a0, a1, a2, a3, b0, b1, b2, b3} {
			out[k] += sum(v)
		}
	}
	dot2x4Plain(d0[i:], d1[i:n], s0[i:n], s1[i:n], s2[i:n], s3[i:n], out)
}

func add3(d, s []float32, w0, w1, w2 float32) {
	n, i := len(d), 0
	if vectors {
		a, b, c := all(w0), all(w1), all(w2)
		for ; i+lanes <= n; i += lanes {
			x := load(s, i).MulAdd(a, load(s, i+1).MulAdd(b, load(s, i+2).MulAdd(c, load(d, i))))
			store(d, i, x)
		}
	}
	add3Plain(d[i:], s[i:n+2], w0, w1, w2)
}

func dot3(d, s []float32) (a0, a1, a2 float32) {
	n, i := len(d), 0
	var v0, v1, v2 vector
	if vectors {
		for ; i+lanes <= n; i += lanes {
			x := load(d, i)
			v0 = x.MulAdd(load(s, i), v0)
			v1 = x.MulAdd(load(s, i+1), v1)
			v2 = x.MulAdd(load(s, i+2), v2)
		}
	}
	a0, a1, a2 = dot3Plain(d[i:], s[i:n+2])
	if vectors {
		a0, a1, a2 = a0+sum(v0), a1+sum(v1), a2+sum(v2)
	}
	return a0, a1, a2
}

func cut(d []float32) {
	i := 0
	if vectors {
		var zero vector
		for ; i+lanes <= len(d); i += lanes {
			store(d, i, load(d, i).Max(zero))
		}
	}
	cutPlain(d[i:])
}

func cutLike(d, v []float32) {
	i := 0
	if vectors {
		var zero vector
		for ; i+lanes <= len(d); i += lanes {
			store(d, i, load(d, i).Masked(load(v, i).Greater(zero)))
		}
	}
	cutLikePlain(d[i:], v[i:len(d)])
}

func all(v float32) vector { return archsimd.BroadcastFloat32x8(v) }

func load(s []float32, i int) vector { return archsimd.LoadFloat32x8((*[lanes]float32)(s[i:])) }

func store(s []float32, i int, v vector) { v.Store((*[lanes]float32)(s[i:])) }

func sum(v vector) float32 {
	var t [lanes]float32
	v.Store(&t)
	return ((t[0] + t[4]) + (t[1] + t[5])) + ((t[2] + t[6]) + (t[3] + t[7]))
}
