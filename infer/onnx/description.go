package onnx

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/eiengine/eiengine/infer/backend"
)

// Description says what the tensors of a model mean. Fields that are absent
// have the defaults named here.
type Description struct {
	// Name is told as the project's name; default: the file's name.
	Name string `json:"name,omitempty"`
	// Labels are the classes in the order of the model's outputs.
	Labels []string `json:"labels,omitempty"`
	Input  Input    `json:"input"`
	Output Output   `json:"output"`
	// Threshold is the lowest score of a detection, 0 to 1; default 0.5.
	Threshold *float64 `json:"threshold,omitempty"`
	// Overlap is the intersection over union above which the less certain of two
	// boxes of a label is dropped, 0 to 1; default 0.45. Decoders of grids do not
	// use it.
	Overlap *float64 `json:"overlap,omitempty"`
}

// Input says how a picture becomes the input tensor. The value of a channel is
// (v·Scale − Mean) / Std for v from 0 to 255, rounded and limited to what the type of
// the tensor holds.
type Input struct {
	// Type is "float32", "uint8" or "int8", which the model must agree to; default: the
	// model's.
	Type string `json:"type,omitempty"`
	// Layout is "nchw" or "nhwc"; default: by where the tensor has 1 or 3.
	Layout string `json:"layout,omitempty"`
	// Colour is "rgb", "bgr" or "gray"; default: rgb, or gray for one channel.
	Colour string `json:"colour,omitempty"`
	// Scale is the factor of the 8-bit values, not 0; default 1/255, and 1 where the
	// tensor has bytes.
	Scale *float32 `json:"scale,omitempty"`
	// Mean and Std have one value a channel; default 0 (128 for int8) and 1.
	Mean []float32 `json:"mean,omitempty"`
	Std  []float32 `json:"std,omitempty"`
	// Width and Height are needed where the tensor leaves them open.
	Width  int `json:"width,omitempty"`
	Height int `json:"height,omitempty"`
	// Batch is the most pictures that are answered in one run, where the model
	// leaves that open; default DefaultMaxBatch. Options.MaxBatch goes before it.
	Batch int `json:"batch,omitempty"`
	// Resize is the .eim protocol's resize mode; default: unset, so that the
	// element's setting decides.
	Resize backend.ResizeMode `json:"resize,omitempty"`
}

// Output says how to read what the model answers.
type Output struct {
	// Decoder is one of:
	//
	//   - "classification": one score a label.
	//   - "fomo": a grid of scores [classes, H, W] or [H, W, classes], class 0 is
	//     the background; neighbouring cells become one box.
	//   - "yolov5": rows of [x, y, w, h, objectness, score of each label].
	//   - "yolov8": columns of [x, y, w, h, score of each label].
	//   - "freeform": the numbers as they are.
	//
	// Default: freeform without labels, else classification.
	Decoder string `json:"decoder,omitempty"`
	// Softmax: the outputs are logits and become probabilities (classification,
	// fomo).
	Softmax bool `json:"softmax,omitempty"`
	// Normalized: coordinates go from 0 to 1, not to the input's size in pixels
	// (yolov5, yolov8).
	Normalized bool `json:"normalized,omitempty"`
}

// Defaults of a Description.
const (
	defaultThreshold = 0.5
	defaultOverlap   = 0.45
)

// maxDescription bounds the size of a description file.
const maxDescription = 1 << 20

// descriptionFile is where the description of a model lies.
func descriptionFile(model string) string {
	return strings.TrimSuffix(model, ".onnx") + ".json"
}

// readDescription reads the file beside a model.
func readDescription(model string) (*Description, error) {
	file := descriptionFile(model)
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s has no description: write %s with its labels and outputs, as docs/05-models.md shows", model, file)
	}
	if err != nil {
		return nil, err
	}
	if info.Size() > maxDescription {
		return nil, fmt.Errorf("%s is no description of a model: it has %d bytes", file, info.Size())
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	d, err := ParseDescription(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return d, nil
}

// ParseDescription reads a description and refuses fields and values that it
// does not know.
func ParseDescription(data []byte) (*Description, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	d := &Description{}
	if err := dec.Decode(d); err != nil {
		return nil, err
	}
	if dec.More() {
		return nil, errors.New("has more than one JSON value")
	}
	return d, d.check()
}

func (d *Description) check() error {
	if err := oneOf("input.layout", d.Input.Layout, "", "nchw", "nhwc"); err != nil {
		return err
	}
	if err := oneOf("input.colour", d.Input.Colour, "", "rgb", "bgr", "gray"); err != nil {
		return err
	}
	err := oneOf("input.resize", string(d.Input.Resize), "", string(backend.ResizeSquash), string(backend.ResizeFitShortest), string(backend.ResizeFitLongest))
	if err != nil {
		return err
	}
	if err := oneOf("output.decoder", d.Output.Decoder, append([]string{""}, decoderNames()...)...); err != nil {
		return err
	}
	if d.Input.Batch < 0 || d.Input.Batch > maxBatch {
		return fmt.Errorf("input.batch is %d: must be from 1 to %d", d.Input.Batch, maxBatch)
	}
	if err := oneOf("input.type", d.Input.Type, "", "float32", "uint8", "int8"); err != nil {
		return err
	}
	if d.Input.Scale != nil && *d.Input.Scale == 0 {
		return errors.New("input.scale is 0: no picture would be left")
	}
	for _, s := range d.Input.Std {
		if s == 0 {
			return errors.New("input.std has a 0: nothing can be divided by it")
		}
	}
	for name, v := range map[string]*float64{"threshold": d.Threshold, "overlap": d.Overlap} {
		if v != nil && (*v < 0 || *v > 1) {
			return fmt.Errorf("%s is %v: must be from 0 to 1", name, *v)
		}
	}
	return nil
}

func oneOf(name, value string, allowed ...string) error {
	for _, a := range allowed {
		if value == a {
			return nil
		}
	}
	return fmt.Errorf("%s is %q: must be one of %s", name, value, strings.Join(allowed[1:], ", "))
}

// decoder is the name of the decoder with the default filled in.
func (d *Description) decoder() string {
	if d.Output.Decoder != "" {
		return d.Output.Decoder
	}
	if len(d.Labels) == 0 {
		return "freeform"
	}
	return "classification"
}

func valueOr[T any](p *T, usual T) T {
	if p == nil {
		return usual
	}
	return *p
}
