package onnx

import (
	"errors"
	"fmt"

	"github.com/eiengine/eiengine/infer/backend"
)

// picture says how packed pixels become the input tensor.
type picture struct {
	width, height, channels int
	planar                  bool
	swap                    bool // blue first
	// value[c][v] is what 8-bit value v of channel c becomes.
	value [3][256]float32
	batch int64 // of the tensor; -1 is open
}

// maxPixels bounds what a description or a model can ask for.
const maxPixels = 1 << 24

// newPicture fits the description to the model's input.
func newPicture(t tensorInfo, in *Input) (*picture, error) {
	if t.element != elementFloat {
		return nil, fmt.Errorf("its input %q is not of float32 (type %d of ONNX Runtime): convert the model to float32 inputs", t.name, t.element)
	}
	if len(t.shape) != 4 {
		return nil, fmt.Errorf("its input %q has %d dimensions: only pictures, with 4, can be given", t.name, len(t.shape))
	}
	p := &picture{batch: t.shape[0]}
	first, last := colours(t.shape[1]), colours(t.shape[3])
	if in.Layout == "" && first && last {
		return nil, fmt.Errorf("its input of shape %v may be planes or interleaved: set input.layout to nchw or nhwc", t.shape)
	}
	p.planar = in.Layout == "nchw" || in.Layout == "" && !last
	h, w, c := t.shape[1], t.shape[2], t.shape[3]
	if p.planar {
		c, h, w = t.shape[1], t.shape[2], t.shape[3]
	}
	if err := p.size(w, h, in); err != nil {
		return nil, err
	}
	if !colours(c) {
		return nil, fmt.Errorf("its input of shape %v has %d channels: must be 1 or 3; see input.layout", t.shape, c)
	}
	p.channels = int(c)
	if (in.Colour == "gray") != (c == 1) && in.Colour != "" {
		return nil, fmt.Errorf("its input has %d channels, which is not %s (input.colour)", c, in.Colour)
	}
	p.swap = in.Colour == "bgr"
	return p, p.fillTable(in)
}

func colours(n int64) bool { return n == 1 || n == 3 }

func (p *picture) size(w, h int64, in *Input) error {
	for _, side := range []struct {
		name   string
		tensor *int64
		given  int
	}{{"width", &w, in.Width}, {"height", &h, in.Height}} {
		switch {
		case *side.tensor > 0 && side.given > 0 && int64(side.given) != *side.tensor:
			return fmt.Errorf("its input has a %s of %d, the description says %d", side.name, *side.tensor, side.given)
		case *side.tensor <= 0 && side.given <= 0:
			return fmt.Errorf("it leaves the %[1]s of its input open: set input.%[1]s in the description", side.name)
		case *side.tensor <= 0:
			*side.tensor = int64(side.given)
		}
	}
	if w > maxPixels || h > maxPixels || w*h > maxPixels {
		return fmt.Errorf("its input of %dx%d pixels is too large", w, h)
	}
	p.width, p.height = int(w), int(h)
	return nil
}

func (p *picture) fillTable(in *Input) error {
	scale := valueOr(in.Scale, float32(defaultScale))
	for name, list := range map[string][]float32{"mean": in.Mean, "std": in.Std} {
		if len(list) != 0 && len(list) != p.channels {
			return fmt.Errorf("input.%s has %d values, the input has %d channels", name, len(list), p.channels)
		}
	}
	for c := range p.channels {
		mean, std := float32(0), float32(1)
		if len(in.Mean) > 0 {
			mean = in.Mean[c]
		}
		if len(in.Std) > 0 {
			std = in.Std[c]
		}
		for v := range p.value[c] {
			p.value[c][v] = (float32(v)*scale - mean) / std
		}
	}
	return nil
}

func (p *picture) pixels() int { return p.width * p.height }

// fill turns packed pixels into one item of the tensor, which has channels
// values a pixel.
func (p *picture) fill(dst, packed []float32) {
	area, step, next := p.pixels(), p.channels, 1
	if p.planar {
		step, next = 1, area
	}
	for i, v := range packed[:area] {
		r, g, b := backend.UnpackPixel(v)
		if p.channels == 1 {
			dst[i] = p.value[0][luma(r, g, b)]
			continue
		}
		if p.swap {
			r, b = b, r
		}
		o := i * step
		dst[o], dst[o+next], dst[o+2*next] = p.value[0][r], p.value[1][g], p.value[2][b]
	}
}

// luma weighs the colours as ITU-R BT.601 does; gray pixels stay what they are.
func luma(r, g, b uint8) uint8 {
	return uint8((299*int(r) + 587*int(g) + 114*int(b) + 500) / 1000)
}

// batchOf is the most pictures of one request.
func (p *picture) batchOf(o Options, in *Input) (int, error) {
	if p.batch > maxBatch {
		return 0, errors.New("the batch of its input is too large")
	}
	if p.batch > 0 {
		return int(p.batch), nil
	}
	return min(o.maxBatch(in), maxBatch), nil
}

// maxBatch bounds the memory of inputs.
const maxBatch = 256
