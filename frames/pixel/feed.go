package pixel

import (
	"fmt"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
)

// Feed makes the input of a picture model from pictures of any raw format and
// size: crop or letterbox, scale, convert, pack. Only what is cropped is read, and
// colours are converted at the model's size, not at the frame's, so that a converter
// before a model costs more than it saves. It keeps its buffers while format, size
// and mode stay the same, and allocates nothing then. It is not safe for concurrent
// use.
type Feed struct {
	width, height int // of the model

	key     feedKey
	crop    frames.Rect // of the frame
	toFrame frames.Mapping
	method  Method
	forced  bool

	scaled frames.Picture // the crop at its size in the input, in the frame's format
	place  frames.Picture // where that goes: a part of input
	input  frames.Picture // RGB or GRAY8, of the model's size

	scaler    Scaler
	converter Converter
}

type feedKey struct {
	format        frames.PixelFormat
	color         frames.Colorimetry
	width, height int
	mode          backend.ResizeMode
}

// NewFeed makes a feed for a model whose input is width x height pixels.
func NewFeed(width, height int) *Feed { return &Feed{width: width, height: height} }

// SetMethod has all pictures scaled by m. Without it those that become smaller are
// scaled by Area, so that every pixel of theirs counts, and others by Bilinear.
func (f *Feed) SetMethod(m Method) { f.method, f.forced = m, true }

// Fill writes the picture into dst, one value a pixel, width*height of them, in the
// way that mode says (unset and none mean squash). The mapping takes pixels of the
// model's input to pixels of the picture.
func (f *Feed) Fill(dst []float32, src *frames.Picture, mode backend.ResizeMode) (frames.Mapping, error) {
	key := feedKey{src.Format, src.Color, src.Width, src.Height, mode}
	if key != f.key {
		f.prepare(key)
	}
	if len(dst) != f.width*f.height {
		return f.toFrame, fmt.Errorf("the input has %d values, a picture of %dx%d needs %d", len(dst), f.width, f.height, f.width*f.height)
	}
	part := src.Crop(f.crop)
	if f.direct() && part.Width == f.width && part.Height == f.height {
		return f.toFrame, PackFeatures(dst, &part)
	}
	target := &f.scaled
	if f.direct() {
		target = &f.place
	}
	if err := f.scaler.Scale(target, &part, f.method); err != nil {
		return f.toFrame, err
	}
	if !f.direct() {
		if err := f.converter.Convert(&f.place, &f.scaled); err != nil {
			return f.toFrame, err
		}
	}
	return f.toFrame, PackFeatures(dst, &f.input)
}

// direct reports whether frames are scaled straight into the input.
func (f *Feed) direct() bool {
	return f.key.format == f.input.Format && f.key.color.Range != frames.LimitedRange
}

func (f *Feed) prepare(key feedKey) {
	f.key = key
	crop, place := Fit(key.width, key.height, f.width, f.height, key.mode)
	if key.format.IsYUV() {
		// Subsampled pictures can be cut only where a chroma sample begins.
		crop.X, crop.Y = crop.X&^1, crop.Y&^1
	}
	f.crop, f.toFrame = crop, frames.RectMapping(place, crop)
	if !f.forced {
		f.method = Bilinear
		if crop.W > place.W || crop.H > place.H {
			f.method = Area
		}
	}
	f.input = frames.NewPicture(frames.RGB, f.width, f.height)
	if key.format == frames.GRAY8 {
		f.input = frames.NewPicture(frames.GRAY8, f.width, f.height)
	}
	FillBlack(&f.input) // the bars of a letterbox stay so
	f.place = f.input.Crop(place)
	f.scaled = frames.Picture{}
	if f.direct() {
		return
	}
	f.scaled = frames.NewPicture(key.format, place.W, place.H)
	// The defaults depend on the size of the frame, not on that of the input.
	f.scaled.Color = key.color.Resolve(key.format, key.height)
}
