package onnx

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/eiengine/eiengine/infer/backend"
)

// decoder turns the outputs for one picture into a result.
type decoder interface {
	decode(out []tensor, threshold float32) (*backend.Result, error)
}

// decoders are what Output.Decoder may name.
var decoders = map[string]struct {
	answers backend.ModelType
	make    func(d *Description, width, height int) decoder
}{
	"classification": {backend.Classification, newClassification},
	"fomo":           {backend.FOMO, newFOMO},
	"yolov5":         {backend.ObjectDetection, newYOLOv5},
	"yolov8":         {backend.ObjectDetection, newYOLOv8},
	"freeform":       {backend.Freeform, newFreeform},
}

func decoderNames() []string { return slices.Sorted(maps.Keys(decoders)) }

func newDecoder(d *Description, width, height int) (decoder, error) {
	kind := decoders[d.decoder()]
	if kind.answers != backend.Freeform && len(d.Labels) == 0 {
		return nil, fmt.Errorf("the description has no labels, which decoder %s needs", d.decoder())
	}
	return kind.make(d, width, height), nil
}

// softmax turns logits into probabilities.
func softmax(v []float32) {
	highest := slices.Max(v)
	var sum float32
	for i := range v {
		v[i] = float32(math.Exp(float64(v[i] - highest)))
		sum += v[i]
	}
	for i := range v {
		v[i] /= sum
	}
}
