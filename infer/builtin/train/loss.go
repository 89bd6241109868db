package main

import (
	"math"

	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
)

// loss is the cross-entropy of the cells' distributions with the target, cells
// of things counted weight times. It writes its derivative by the scores before
// the softmax; both are divided by the number of cells, so that an untrained
// network has a loss near 1.
func loss(derivative, probabilities []float32, target []uint8, grid fomo.Shape, weight float64) float64 {
	area := grid.Area()
	scale := 1 / float64(area)
	sum := 0.0
	for p, class := range target {
		if class == fomo.Ignore {
			for c := range grid.Channels {
				derivative[c*area+p] = 0
			}
			continue
		}
		w := scale
		if class != 0 {
			w *= weight
		}
		sum -= w * math.Log(max(float64(probabilities[int(class)*area+p]), 1e-12))
		for c := range grid.Channels {
			d := probabilities[c*area+p]
			if c == int(class) {
				d--
			}
			derivative[c*area+p] = float32(w) * d
		}
	}
	return sum
}
