package pixel

import (
	"fmt"
	"math"
	"unsafe"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
)

// Tensor says what a model wants of a picture: one value for each channel of each
// pixel, (v − Mean) · Scale for v from 0 to 255, rows from the top, pixels from the
// left.
type Tensor struct {
	Width, Height int
	// Order is RGB or BGR for three channels in that order, GRAY8 for one.
	Order frames.PixelFormat
	// Planar puts all of a channel before the next one (NCHW). Otherwise the channels
	// of a pixel follow one another (NHWC).
	Planar bool
	// Mean and Scale are those of the channels as Order has them. A Scale of all
	// zeros stands for 1.
	Mean, Scale [3]float32
}

// Channels is how many values a pixel has, 1 or 3.
func (t *Tensor) Channels() int {
	if t.Order == frames.GRAY8 {
		return 1
	}
	return 3
}

// Len is how many values the tensor has.
func (t *Tensor) Len() int { return t.Width * t.Height * t.Channels() }

// maxTensor is where the values of 8 bits end that can be rounded in 32.
const maxTensor = 1 << 30

func (t *Tensor) check() error {
	if t.Width < 1 || t.Height < 1 {
		return fmt.Errorf("tensor: size %dx%d must be at least 1x1", t.Width, t.Height)
	}
	if t.Order != frames.RGB && t.Order != frames.BGR && t.Order != frames.GRAY8 {
		return fmt.Errorf("tensor: order %v: must be RGB, BGR or GRAY8", t.Order)
	}
	for c := range t.Channels() {
		for _, v := range []float32{0, 255} {
			value := float64(v-t.Mean[c]) * float64(t.Scale[c])
			if math.IsNaN(value) || math.Abs(value) > maxTensor {
				return fmt.Errorf("tensor: a mean of %v and a scale of %v make %v of %v: must be finite and below 2^30", t.Mean[c], t.Scale[c], value, v)
			}
		}
	}
	return nil
}

// TensorFeed makes tensors as [Feed] makes packed pixels: crop or letterbox, scale,
// convert and normalize, from pictures of any raw format and size, without an
// allocation while those stay the same. Letterbox bars are black before they are
// normalized. It is not safe for concurrent use.
type TensorFeed struct {
	feeder
	tensor Tensor
	out    tensorRows
}

// NewTensorFeed makes a feed for a tensor. Errors: no size, another order than RGB, BGR
// and GRAY8, values that are not finite.
func NewTensorFeed(t Tensor) (*TensorFeed, error) {
	if t.Scale == [3]float32{} {
		t.Scale = [3]float32{1, 1, 1}
	}
	if err := t.check(); err != nil {
		return nil, err
	}
	f := &TensorFeed{feeder: feeder{width: t.Width, height: t.Height, order: t.Order}, tensor: t}
	f.out.set(&t)
	return f, nil
}

// Fill writes the picture into dst, t.Len() values of it, in the way that mode says
// (unset and none mean squash). The mapping takes pixels of the tensor to pixels of the
// picture.
func (f *TensorFeed) Fill(dst []float32, src *frames.Picture, mode backend.ResizeMode) (frames.Mapping, error) {
	f.out.floats = dst
	defer func() { f.out.floats = nil }()
	return f.fill(&f.out, len(dst), f.tensor.Len(), src, mode)
}

// FillUint8 is Fill with values rounded to the nearest, to the even one of two, and
// limited to 0 to 255.
func (f *TensorFeed) FillUint8(dst []uint8, src *frames.Picture, mode backend.ResizeMode) (frames.Mapping, error) {
	f.out.bytes, f.out.levels = dst, &f.out.unsigned
	defer func() { f.out.bytes = nil }()
	return f.fill(&f.out, len(dst), f.tensor.Len(), src, mode)
}

// FillInt8 is Fill with values rounded to the nearest, to the even one of two, and
// limited to -128 to 127.
func (f *TensorFeed) FillInt8(dst []int8, src *frames.Picture, mode backend.ResizeMode) (frames.Mapping, error) {
	f.out.bytes, f.out.levels = asBytes(dst), &f.out.signed
	defer func() { f.out.bytes = nil }()
	return f.fill(&f.out, len(dst), f.tensor.Len(), src, mode)
}

// tensorRows are rows of a tensor, of floats or of bytes.
type tensorRows struct {
	floats []float32
	bytes  []uint8
	levels *[3]tensorLevels

	width, area, channels int
	planar                bool
	norm                  [3]tensorNorm
	signed, unsigned      [3]tensorLevels
	plane                 [3][]byte // rows of the channels on their own
}

// tensorNorm is what 24 values that follow one another are normalized by: those of
// eight pixels, or of one channel.
type tensorNorm struct{ mean, scale [24]float32 }

// tensorLevels are the bytes that those become.
type tensorLevels struct {
	norm      *tensorNorm
	low, high int32
	table     [3][256]uint8 // by the place of a value modulo three
}

func (r *tensorRows) set(t *Tensor) {
	r.width, r.area, r.channels, r.planar = t.Width, t.Width*t.Height, t.Channels(), t.Planar && t.Channels() > 1
	for c := range r.channels {
		for i := range r.norm[c].mean {
			from := c
			if !r.planar {
				from = i % r.channels
			}
			r.norm[c].mean[i], r.norm[c].scale[i] = t.Mean[from], t.Scale[from]
		}
		r.signed[c].set(&r.norm[c], math.MinInt8, math.MaxInt8)
		r.unsigned[c].set(&r.norm[c], 0, math.MaxUint8)
		r.plane[c] = make([]byte, bandRows*t.Width)
	}
}

func (l *tensorLevels) set(n *tensorNorm, low, high int32) {
	l.norm, l.low, l.high = n, low, high
	for place := range l.table {
		for v := range l.table[place] {
			value := math.RoundToEven(float64((float32(v) - n.mean[place]) * n.scale[place]))
			l.table[place][v] = uint8(int32(min(max(value, float64(low)), float64(high))))
		}
	}
}

// rows implements rowWriter.
func (r *tensorRows) rows(y, n int, lines []byte) {
	begin, count := y*r.width, n*r.width
	if !r.planar {
		r.write(begin*r.channels, lines, 0)
		return
	}
	apartRow(r.plane[0][:count], r.plane[1][:count], r.plane[2][:count], lines)
	for c := range r.channels {
		r.write(c*r.area+begin, r.plane[c][:count], c)
	}
}

// write normalizes values for the tensor from place at on.
func (r *tensorRows) write(at int, values []byte, channel int) {
	if r.bytes == nil {
		floatRow(r.floats[at:at+len(values)], values, &r.norm[channel])
		return
	}
	byteRow(r.bytes[at:at+len(values)], values, &r.levels[channel])
}

// asBytes is the same memory, seen as bytes.
func asBytes(s []int8) []uint8 {
	return unsafe.Slice((*uint8)(unsafe.Pointer(unsafe.SliceData(s))), len(s))
}
