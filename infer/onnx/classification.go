package onnx

import (
	"fmt"

	"github.com/eiengine/eiengine/infer/backend"
)

// classification reads one score a label from the first output.
type classification struct {
	labels  []string
	softmax bool
}

func newClassification(d *Description, _, _ int) decoder {
	return &classification{labels: d.Labels, softmax: d.Output.Softmax}
}

func (c *classification) decode(out []tensor, _ float32) (*backend.Result, error) {
	scores := out[0].values
	if len(scores) != len(c.labels) {
		return nil, fmt.Errorf("the model gives %d scores %v, the description has %d labels", len(scores), out[0].shape, len(c.labels))
	}
	if c.softmax {
		softmax(scores)
	}
	r := &backend.Result{Classification: make([]backend.Score, len(scores))}
	for i, s := range scores {
		r.Classification[i] = backend.Score{Label: c.labels[i], Value: float64(s)}
	}
	return r, nil
}
