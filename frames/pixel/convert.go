package pixel

import (
	"fmt"
	"sync"

	"github.com/eiengine/eiengine/frames"
)

// Converter converts between pixel formats and keeps the coefficients of the last
// pair. The zero value is ready; not safe for concurrent use.
type Converter struct {
	// Threads is how many goroutines may share the rows of a large picture; all
	// have ended when Convert returns. 0 and 1 stand for none but the caller's.
	Threads int

	key   conversion
	ready bool

	toRGB   toRGB
	fromRGB fromRGB
	toYUV   toYUV
	moves   rgbLanes
	levels  levelMap

	// where the channels or components of each side lie
	srcOrder, dstOrder order
	srcYUV, dstYUV     [3]component
	src, dst           packedLanes

	lines []lines // one set for each goroutine
	crew  crew
	// what the crew converts
	to, from frames.Picture
}

// conversion is all that the coefficients depend on, defaults resolved.
type conversion struct {
	srcFormat, dstFormat frames.PixelFormat
	srcColor, dstColor   frames.Colorimetry
}

var converters = sync.Pool{New: func() any { return new(Converter) }}

// Convert writes the picture src into dst, which has the same size and may have
// another format and colorimetry. The two must not overlap. It is
// [Converter.Convert] on a recycled converter, safe for concurrent use.
func Convert(dst, src *frames.Picture) error {
	c := converters.Get().(*Converter)
	defer converters.Put(c)
	return c.Convert(dst, src)
}

// Convert writes the picture src into dst, which has the same size and may have
// another format and colorimetry. The two must not overlap. Bytes between rows
// are neither read nor written. Errors: sizes differ, planes too short, unknown
// format.
func (c *Converter) Convert(dst, src *frames.Picture) error {
	if err := check("source", src); err != nil {
		return fmt.Errorf("convert: %w", err)
	}
	if err := check("destination", dst); err != nil {
		return fmt.Errorf("convert: %w", err)
	}
	if dst.Width != src.Width || dst.Height != src.Height {
		return fmt.Errorf("convert: source is %dx%d and destination %dx%d: scale first",
			src.Width, src.Height, dst.Width, dst.Height)
	}
	c.prepare(dst, src)
	k := c.key
	if k.srcFormat == k.dstFormat && k.srcColor == k.dstColor {
		copyPlanes(dst, src)
		return nil
	}
	n := threadsFor(c.Threads, dst.Width*dst.Format.PixelStride(), dst.Height)
	for len(c.lines) < n {
		c.lines = append(c.lines, lines{})
	}
	if n == 1 {
		c.rows(dst, src, &c.lines[0])
		return nil
	}
	c.shared(*dst, *src, n)
	return nil
}

// shared converts with n goroutines. It keeps copies, so that pictures of callers
// without them stay off the heap.
func (c *Converter) shared(dst, src frames.Picture, n int) {
	c.to, c.from = dst, src
	defer func() { c.to, c.from = frames.Picture{}, frames.Picture{} }()
	c.crew.do(c, n)
}

// part implements parts. Rows of chroma belong to two of luma: it is cut at even ones.
func (c *Converter) part(goroutine, i, n int) {
	begin, end := i*c.to.Height/n&^1, (i+1)*c.to.Height/n&^1
	if i == n-1 {
		end = c.to.Height
	}
	rows := frames.Rect{Y: begin, W: c.to.Width, H: end - begin}
	d, s := c.to.Crop(rows), c.from.Crop(rows)
	c.rows(&d, &s, &c.lines[goroutine])
}

// rows converts a picture, or rows of it, with what prepare computed.
func (c *Converter) rows(dst, src *frames.Picture, l *lines) {
	if oneRow(dst) && oneRow(src) && !c.needsLines() {
		d, s := *dst, *src
		d.Width, d.Height = d.Width*d.Height, 1
		s.Width, s.Height = d.Width, 1
		dst, src = &d, &s
	}
	k := c.key
	switch kindOf(k.srcFormat)<<2 | kindOf(k.dstFormat) {
	case kindYUV<<2 | kindYUV:
		c.yuvToYUV(dst, src, l)
	case kindYUV<<2 | kindRGB:
		c.yuvToRGB(dst, src)
	case kindYUV<<2 | kindGray:
		c.yuvToGray(dst, src)
	case kindRGB<<2 | kindYUV:
		c.rgbToYUV(dst, src, l)
	case kindRGB<<2 | kindRGB:
		c.rgbToRGB(dst, src)
	case kindRGB<<2 | kindGray:
		c.rgbToGray(dst, src)
	case kindGray<<2 | kindYUV:
		c.grayToYUV(dst, src, l)
	case kindGray<<2 | kindRGB:
		c.grayToRGB(dst, src)
	case kindGray<<2 | kindGray:
		c.grayToGray(dst, src)
	}
}

// needsLines reports whether rows are put together from lines, which should not be
// longer than they have to.
func (c *Converter) needsLines() bool {
	return c.key.dstFormat.IsYUV() && (!c.key.srcFormat.IsYUV() || c.key.srcColor != c.key.dstColor)
}

// oneRow reports whether all pixels follow one another, as if they were one row.
func oneRow(p *frames.Picture) bool {
	n, _ := p.Format.PlaneSize(0, p.Width, p.Height)
	alone, _ := p.Format.PlaneSize(0, 1, 1)
	each, _ := p.Format.PlaneSize(0, 2, 1)
	return p.Format.Planes() == 1 && p.Stride[0] == n && (alone < each || p.Width%2 == 0)
}

type kind int

const (
	kindYUV kind = iota
	kindRGB
	kindGray
)

func kindOf(f frames.PixelFormat) kind {
	switch {
	case f.IsYUV():
		return kindYUV
	case f == frames.GRAY8:
		return kindGray
	}
	return kindRGB
}

// prepare computes the coefficients unless they are those of the last call.
func (c *Converter) prepare(dst, src *frames.Picture) {
	k := conversion{
		srcFormat: src.Format, dstFormat: dst.Format,
		srcColor: src.Color.Resolve(src.Format, src.Height),
		dstColor: dst.Color.Resolve(dst.Format, dst.Height),
	}
	settleMatrix(&k, src.Color.Matrix, dst.Color.Matrix)
	if c.ready && k == c.key {
		return
	}
	c.key, c.ready = k, true
	c.srcOrder, c.srcYUV = rgbOrders[k.srcFormat], yuvComponents[k.srcFormat]
	c.dstOrder, c.dstYUV = rgbOrders[k.dstFormat], yuvComponents[k.dstFormat]
	c.toRGB = newToRGB(k.srcColor, k.dstColor)
	c.toRGB.lanes.set(&c.toRGB, &c.dstOrder, &c.srcYUV)
	c.fromRGB = newFromRGB(k.srcColor, k.dstColor)
	c.fromRGB.lanes.set(&c.fromRGB, &c.srcOrder, &c.dstYUV)
	c.moves.set(&c.dstOrder, &c.srcOrder)
	c.src.set(&c.srcYUV, &c.dstYUV)
	c.dst.set(&c.dstYUV, &c.srcYUV)
	c.toYUV = newToYUV(k.srcColor, k.dstColor, c.src.vFirst, c.dst.vFirst)
	c.toYUV.luma.lanes.set(&c.toYUV.luma, &rgbOrder, &c.srcYUV)
	c.toYUV.pairs.lanes.set(&c.toYUV.pairs)
	c.levels.set(k.srcColor.Range, k.dstColor.Range, &c.dstOrder)
}

// settleMatrix removes differences of matrix that mean nothing: RGB has none,
// and gray that names none takes its neighbour's, or BT.601 beside RGB.
func settleMatrix(k *conversion, src, dst frames.ColorMatrix) {
	if kindOf(k.srcFormat) == kindGray && src == frames.MatrixDefault {
		k.srcColor.Matrix = k.dstColor.Matrix
	}
	if kindOf(k.dstFormat) == kindGray && dst == frames.MatrixDefault {
		k.dstColor.Matrix = k.srcColor.Matrix
		if kindOf(k.srcFormat) == kindRGB {
			k.dstColor.Matrix = frames.BT601
		}
	}
	if kindOf(k.srcFormat) == kindRGB {
		k.srcColor.Matrix = k.dstColor.Matrix
	}
	if kindOf(k.dstFormat) == kindRGB {
		k.dstColor.Matrix = k.srcColor.Matrix
	}
}
