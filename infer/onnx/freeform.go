package onnx

import (
	"slices"

	"github.com/eiengine/eiengine/infer/backend"
)

// freeform gives all outputs as they are.
type freeform struct{}

func newFreeform(*Description, int, int) decoder { return freeform{} }

func (freeform) decode(out []tensor, _ float32) (*backend.Result, error) {
	r := &backend.Result{Freeform: make([][]float32, len(out))}
	for i, t := range out {
		r.Freeform[i] = slices.Clone(t.values)
	}
	return r, nil
}
