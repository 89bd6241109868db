package builtin

import (
	"encoding/json"
	"fmt"
)

// ONNX gives the model of that name as an .onnx file and the description that
// belongs beside it (see package infer/onnx). Models that are more than one
// network, or something else, have none and return an error.
func ONNX(name string) (model, description []byte, err error) {
	m, err := Open(name)
	if err != nil {
		return nil, nil, err
	}
	defer m.Close()
	d, ok := m.(*detector)
	if !ok {
		return nil, nil, fmt.Errorf("built-in model %s cannot be written as .onnx: shapes can", name)
	}
	if model, err = d.network.ONNX(name); err != nil {
		return nil, nil, err
	}
	half := []float32{0.5, 0.5, 0.5} // fomo.Value
	description, err = json.MarshalIndent(map[string]any{
		"name": name, "labels": d.info.Labels, "threshold": usualThreshold,
		"input":  map[string]any{"layout": "nchw", "mean": half, "std": half, "resize": d.info.Resize},
		"output": map[string]any{"decoder": "fomo", "softmax": true},
	}, "", "  ")
	return model, append(description, '\n'), err
}
