package fomo

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Whatever the build, the kernels must do what the plain ones do, at all
// lengths and up to the order of the sums.
func TestKernelsAreThePlainOnes(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	for n := range 70 {
		row := func(extra int) []float32 {
			v := make([]float32, n+extra)
			fill(r, v)
			return v
		}
		same := func(what string, got, want []float32) {
			t.Helper()
			for i := range want {
				if math.Abs(float64(got[i]-want[i])) > 1e-4 {
					t.Fatalf("%s, length %d: value %d is %v, want %v", what, n, i, got[i], want[i])
				}
			}
		}
		var w, x, y [8]float32
		fill(r, w[:])
		s := [4][]float32{row(0), row(0), row(0), row(0)}
		d0, d1, long := row(0), row(0), row(2)
		copied := func(v []float32) []float32 { return append([]float32(nil), v...) }

		a0, a1, b0, b1 := copied(d0), copied(d1), copied(d0), copied(d1)
		add2x4(a0, a1, s[0], s[1], s[2], s[3], &w)
		add2x4Plain(b0, b1, s[0], s[1], s[2], s[3], &w)
		same("add2x4", a0, b0)
		same("add2x4", a1, b1)

		dot2x4(d0, d1, s[0], s[1], s[2], s[3], &x)
		dot2x4Plain(d0, d1, s[0], s[1], s[2], s[3], &y)
		same("dot2x4", x[:], y[:])

		add3(a0, long, w[0], w[1], w[2])
		add3Plain(b0, long, w[0], w[1], w[2])
		same("add3", a0, b0)

		x[0], x[1], x[2] = dot3(d0, long)
		y[0], y[1], y[2] = dot3Plain(d0, long)
		same("dot3", x[:3], y[:3])

		cutLike(a0, d1)
		cutLikePlain(b0, d1)
		same("cutLike", a0, b0)
		cut(a1)
		cutPlain(b1)
		same("cut", a1, b1)

		sum := float32(0)
		for _, v := range d0 {
			sum += v
		}
		same("total", []float32{total(d0)}, []float32{sum})
	}
}
