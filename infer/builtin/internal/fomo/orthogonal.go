package fomo

import "math"

// Orthogonalizer replaces matrices by the nearest ones whose rows are
// orthogonal and of length 1, roughly. The zero value is ready; it keeps its
// working memory.
type Orthogonalizer struct{ square, poly, next []float32 }

// Apply works on m, [rows][columns] with rows at most columns, in place. It
// takes five steps of the Newton-Schulz iteration with the coefficients of the
// Muon optimiser (Jordan et al. 2024, kellerjordan.github.io/posts/muon), which
// bring all singular values near 1 quickly and never exactly.
func (o *Orthogonalizer) Apply(m []float32, rows, columns int) {
	const a, b, c = 3.4445, -4.7750, 2.0315
	squares := 0.0
	for _, v := range m {
		squares += float64(v) * float64(v)
	}
	scale := float32(1 / (math.Sqrt(squares) + 1e-12))
	for i := range m {
		m[i] *= scale
	}
	if len(o.square) < rows*rows {
		o.square, o.poly = make([]float32, rows*rows), make([]float32, rows*rows)
	}
	if len(o.next) < len(m) {
		o.next = make([]float32, len(m))
	}
	square, poly, next := o.square[:rows*rows], o.poly[:rows*rows], o.next[:len(m)]
	for range 5 {
		clear(square)
		multiplyTransposed(square, m, m, rows, rows, columns)
		clear(poly)
		multiply(poly, square, square, rows, rows, rows)
		for i := range poly {
			poly[i] = c*poly[i] + b*square[i]
		}
		for i, v := range m {
			next[i] = a * v
		}
		multiply(next, poly, m, rows, rows, columns)
		copy(m, next)
	}
}
