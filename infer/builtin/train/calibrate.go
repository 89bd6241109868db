package main

import (
	"fmt"

	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
	"github.com/eiengine/eiengine/infer/builtin/internal/resize"
)

// validation scenes choose the calibration; the model card's are others.
var validation = trial{name: "validation", first: 5_500_000, scenes: 80, filter: resize.Area, width: 640, height: 480}

// calibrate shifts the score of "nothing here" so that a threshold of 0.5 is
// where the F1 on validation scenes is best. Training counts cells with a shape
// several times, which makes the network see too much; this takes that back.
func calibrate(net *fomo.Network) error {
	bias := net.Layers[len(net.Layers)-1].Bias
	trained := bias[0]
	best, bestF1 := float32(0), -1.0
	for _, shift := range []float32{0, 0.3, 0.6, 0.9, 1.2, 1.5, 1.8} {
		bias[0] = trained + shift
		r, err := measure(net, validation)
		if err != nil {
			return err
		}
		fmt.Printf("shift %.1f: %v\n", shift, r)
		if f1 := r.f1(); f1 > bestF1 {
			best, bestF1 = shift, f1
		}
	}
	bias[0] = trained + best
	return nil
}
