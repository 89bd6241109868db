package onnx

import (
	"errors"
	"fmt"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
	"github.com/eiengine/eiengine/infer/backend"
)

// picture says how packed pixels become the input tensor.
type picture struct {
	width, height, channels int
	planar                  bool
	element                 elementType
	batch                   int64 // of the tensor; -1 is open

	rgb  frames.Picture
	feed *pixel.TensorFeed
}

// maxPixels bounds what a description or a model can ask for.
const maxPixels = 1 << 24

// newPicture fits the description to the model's input.
func newPicture(t tensorInfo, in *Input) (*picture, error) {
	name, known := inputTypes[t.element]
	if !known {
		return nil, fmt.Errorf("its input %q is not of float32, uint8 or int8 (type %d of ONNX Runtime): convert the model to one of these", t.name, t.element)
	}
	if in.Type != "" && in.Type != name {
		return nil, fmt.Errorf("its input %q is of %s, the description says %s (input.type)", t.name, name, in.Type)
	}
	if len(t.shape) != 4 {
		return nil, fmt.Errorf("its input %q has %d dimensions: only pictures, with 4, can be given", t.name, len(t.shape))
	}
	p := &picture{batch: t.shape[0], element: t.element}
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
	return p, p.prepare(in)
}

// inputTypes are the types that a picture can be given in.
var inputTypes = map[elementType]string{elementFloat: "float32", elementUint8: "uint8", elementInt8: "int8"}

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

// prepare makes the feed that the description asks for.
func (p *picture) prepare(in *Input) error {
	for name, list := range map[string][]float32{"mean": in.Mean, "std": in.Std} {
		if len(list) != 0 && len(list) != p.channels {
			return fmt.Errorf("input.%s has %d values, the input has %d channels", name, len(list), p.channels)
		}
	}
	t := pixel.Tensor{Width: p.width, Height: p.height, Planar: p.planar, Order: p.order(in)}
	usual := usualScales[p.element]
	scale := valueOr(in.Scale, usual.scale)
	for c := range p.channels {
		mean, std := usual.mean, float32(1)
		if len(in.Mean) > 0 {
			mean = in.Mean[c]
		}
		if len(in.Std) > 0 {
			std = in.Std[c]
		}
		t.Mean[c], t.Scale[c] = mean/scale, scale/std
	}
	var err error
	p.rgb = frames.NewPicture(frames.RGB, p.width, p.height)
	p.feed, err = pixel.NewTensorFeed(t)
	return err
}

// usualScales are the scale and the mean without others: floats from 0 to 1, bytes as
// they are, and so that they fit.
var usualScales = map[elementType]struct{ scale, mean float32 }{
	elementFloat: {scale: 1. / 255}, elementUint8: {scale: 1}, elementInt8: {scale: 1, mean: 128},
}

func (p *picture) order(in *Input) frames.PixelFormat {
	switch {
	case p.channels == 1:
		return frames.GRAY8
	case in.Colour == "bgr":
		return frames.BGR
	}
	return frames.RGB
}

func (p *picture) pixels() int { return p.width * p.height }

// values is how many one picture has.
func (p *picture) values() int { return p.pixels() * p.channels }

// fill turns packed pixels into item i of a batch.
func (p *picture) fill(dst *inputs, i int, packed []float32) error {
	if err := pixel.UnpackFeatures(&p.rgb, packed); err != nil {
		return err
	}
	begin, end := i*p.values(), (i+1)*p.values()
	var err error
	switch p.element {
	case elementUint8:
		_, err = p.feed.FillUint8(dst.uint8s[begin:end], &p.rgb, backend.ResizeSquash)
	case elementInt8:
		_, err = p.feed.FillInt8(dst.int8s[begin:end], &p.rgb, backend.ResizeSquash)
	default:
		_, err = p.feed.Fill(dst.floats[begin:end], &p.rgb, backend.ResizeSquash)
	}
	return err
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
