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
	feeder
	packed featureRows
}

// NewFeed makes a feed for a model whose input is width x height pixels.
func NewFeed(width, height int) *Feed {
	return &Feed{feeder: feeder{width: width, height: height}}
}

// Fill writes the picture into dst, one value a pixel, width*height of them, in the
// way that mode says (unset and none mean squash). The mapping takes pixels of the
// model's input to pixels of the picture.
func (f *Feed) Fill(dst []float32, src *frames.Picture, mode backend.ResizeMode) (frames.Mapping, error) {
	f.packed.dst, f.packed.width = dst, f.width
	f.order = frames.RGB
	f.packed.pack = packRGBRow
	if src.Format == frames.GRAY8 {
		f.order, f.packed.pack = frames.GRAY8, packGrayRow
	}
	defer func() { f.packed.dst = nil }()
	return f.fill(&f.packed, len(dst), f.width*f.height, src, mode)
}

// featureRows are rows of packed pixels.
type featureRows struct {
	dst   []float32
	width int
	pack  func([]float32, []byte)
}

func (p *featureRows) rows(y, n int, lines []byte) { p.pack(p.dst[y*p.width:(y+n)*p.width], lines) }

// rowWriter writes n rows of an input from row y on, which follow one another in lines.
// It is given each row once.
type rowWriter interface{ rows(y, n int, lines []byte) }

// feeder brings pictures to the size and the order of channels of an input, and gives
// them to a writer.
type feeder struct {
	width, height int // of the model
	order         frames.PixelFormat

	key     feedKey
	crop    frames.Rect // of the frame
	at      frames.Rect // where that goes
	toFrame frames.Mapping
	method  Method
	forced  bool

	scaled frames.Picture // the crop at its size in the input, in the frame's format
	band   frames.Picture // some rows of the input, black beside the picture
	place  frames.Picture // the part of them that the picture has
	black  []byte

	scaler    Scaler
	converter Converter
	lines     lines
}

type feedKey struct {
	format, order frames.PixelFormat
	color         frames.Colorimetry
	width, height int
	mode          backend.ResizeMode
}

// bandRows is how many rows are converted at a time: as many as stay near the
// processor, and a number that chroma can be cut at.
const bandRows = 8

// SetMethod has all pictures scaled by m. Without it those that become smaller are
// scaled by Area, so that every pixel of theirs counts, and others by Bilinear.
func (f *feeder) SetMethod(m Method) { f.method, f.forced = m, true }

func (f *feeder) fill(out rowWriter, values, want int, src *frames.Picture, mode backend.ResizeMode) (frames.Mapping, error) {
	key := feedKey{src.Format, f.order, src.Color, src.Width, src.Height, mode}
	if key != f.key {
		if err := check("source", src); err != nil {
			return frames.Mapping{}, err
		}
		f.prepare(key)
	}
	if values != want {
		return f.toFrame, fmt.Errorf("the input has %d values, a picture of %dx%d needs %d", values, f.width, f.height, want)
	}
	part := src.Crop(f.crop)
	small := &part
	if part.Width != f.at.W || part.Height != f.at.H {
		if err := f.scaler.Scale(&f.scaled, &part, f.method); err != nil {
			return f.toFrame, err
		}
		small = &f.scaled
	} else if err := check("source", src); err != nil {
		return f.toFrame, err
	}
	f.write(out, small)
	return f.toFrame, nil
}

// write gives the rows of a picture that has its size in the input to out, and black
// ones above and below.
func (f *feeder) write(out rowWriter, small *frames.Picture) {
	for y := range f.at.Y {
		out.rows(y, 1, f.black)
	}
	for y := f.at.Y + f.at.H; y < f.height; y++ {
		out.rows(y, 1, f.black)
	}
	if f.direct() && f.at.W == f.width {
		for y := range f.at.H {
			out.rows(f.at.Y+y, 1, small.Row(0, y))
		}
		return
	}
	for y := 0; y < f.at.H; y += bandRows {
		rows := frames.Rect{Y: y, W: f.at.W, H: min(bandRows, f.at.H-y)}
		from, to := small.Crop(rows), f.place.Crop(frames.Rect{W: rows.W, H: rows.H})
		if f.direct() {
			copyPlanes(&to, &from)
		} else {
			f.converter.rows(&to, &from, &f.lines)
		}
		out.rows(f.at.Y+y, rows.H, f.band.Data[0][:rows.H*f.band.Stride[0]])
	}
}

// direct reports whether frames have the order of the input.
func (f *feeder) direct() bool {
	return f.key.format == f.order && f.key.color.Range != frames.LimitedRange
}

func (f *feeder) prepare(key feedKey) {
	f.key = key
	f.crop, f.at = Fit(key.width, key.height, f.width, f.height, key.mode)
	if key.format.IsYUV() {
		// Subsampled pictures can be cut only where a chroma sample begins.
		f.crop.X, f.crop.Y = f.crop.X&^1, f.crop.Y&^1
	}
	f.toFrame = frames.RectMapping(f.at, f.crop)
	if !f.forced {
		f.method = Bilinear
		if f.crop.W > f.at.W || f.crop.H > f.at.H {
			f.method = Area
		}
	}
	f.band = frames.Picture{Format: f.order, Width: f.width, Height: bandRows}
	f.band.Stride[0] = f.width * f.order.PixelStride() // rows follow one another
	f.band.Data[0] = make([]byte, bandRows*f.band.Stride[0])
	FillBlack(&f.band)
	f.black = append(f.black[:0], f.band.Row(0, 0)...)
	f.place = f.band.Crop(frames.Rect{X: f.at.X, W: f.at.W, H: bandRows})
	f.scaled = frames.NewPicture(key.format, f.at.W, f.at.H)
	// The defaults depend on the size of the frame, not on that of the input.
	f.scaled.Color = key.color.Resolve(key.format, key.height)
	f.converter.prepare(&f.place, &f.scaled)
}
