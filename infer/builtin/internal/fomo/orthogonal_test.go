package fomo

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestOrthogonalRows(t *testing.T) {
	const rows, columns = 7, 31
	m := make([]float32, rows*columns)
	fill(rand.New(rand.NewPCG(6, 6)), m)
	var o Orthogonalizer
	o.Apply(m, rows, columns)
	for i := range rows {
		for j := range rows {
			got := float64(dot(m[i*columns:(i+1)*columns], m[j*columns:(j+1)*columns]))
			want := 0.0
			if i == j {
				want = 1
			}
			if math.Abs(got-want) > 0.6 { // singular values end between 0.65 and 1.25
				t.Errorf("rows %d and %d: %v", i, j, got)
			}
		}
	}
}
