package pixel

import (
	"image"
	"image/color"

	"github.com/eiengine/eiengine/frames"
)

// View shows pictures as image.Image without copying or allocating: what Image returns is
// part of the View and shows the picture of its last call. The zero value is ready; not
// safe for concurrent use.
type View struct {
	gray  image.Gray
	nrgba image.NRGBA
	ycbcr image.YCbCr
	other Image
}

// Image shows p, which must pass Check, for as long as its bytes are valid:
//
//	GRAY8 in full range                 *image.Gray
//	RGBA                                *image.NRGBA
//	I420, YV12 in full-range BT.601     *image.YCbCr
//	everything else                     *pixel.Image
//
// The types of package image have no other colours than these, which are those of JPEG.
func (v *View) Image(p *frames.Picture) image.Image {
	r := image.Rect(0, 0, p.Width, p.Height)
	switch {
	case !Standard(p):
		v.other.show(p)
		return &v.other
	case p.Format == frames.GRAY8:
		v.gray = image.Gray{Pix: p.Data[0], Stride: p.Stride[0], Rect: r}
		return &v.gray
	case p.Format == frames.RGBA:
		v.nrgba = image.NRGBA{Pix: p.Data[0], Stride: p.Stride[0], Rect: r}
		return &v.nrgba
	}
	c := yuvComponents[p.Format]
	v.ycbcr = image.YCbCr{
		Y: p.Data[0], Cb: p.Data[c[1].plane], Cr: p.Data[c[2].plane], YStride: p.Stride[0], CStride: p.Stride[1],
		SubsampleRatio: image.YCbCrSubsampleRatio420, Rect: r,
	}
	return &v.ycbcr
}

// Standard reports whether a type of package image shows the picture as it lies, with
// the right colours.
func Standard(p *frames.Picture) bool {
	c := p.Color.Resolve(p.Format, p.Height)
	switch p.Format {
	case frames.GRAY8, frames.RGBA:
		return c.Range == frames.FullRange
	case frames.I420, frames.YV12:
		return c == frames.Colorimetry{Matrix: frames.BT601, Range: frames.FullRange} && p.Stride[1] == p.Stride[2]
	}
	return false
}

// Image is a picture of any format as an image.Image; make one by View. It computes the
// colour of each pixel that is asked for. That is quick for RGB in any order; to go over all
// pixels of the formats of luma and chroma, Convert them first, to RGBA or full-range
// BT.601 I420. Package image/draw reads it by RGBA64At, without allocating.
type Image struct {
	rect    image.Rectangle
	picture frames.Picture

	key    conversion // what the rest was computed for
	order  order
	yuv    [3]component
	toRGB  toRGB
	levels [256]uint8 // of gray and RGB
}

func (m *Image) show(p *frames.Picture) {
	m.rect, m.picture = image.Rect(0, 0, p.Width, p.Height), *p
	k := conversion{srcFormat: p.Format, srcColor: p.Color.Resolve(p.Format, p.Height)}
	if k == m.key {
		return
	}
	m.key = k
	m.order, m.yuv = rgbOrders[p.Format], yuvComponents[p.Format]
	m.toRGB = newToRGB(k.srcColor, frames.Colorimetry{Range: frames.FullRange})
	levelTable(&m.levels, k.srcColor.Range, frames.FullRange)
}

// ColorModel implements image.Image.
func (m *Image) ColorModel() color.Model { return color.NRGBAModel }

// Bounds implements image.Image.
func (m *Image) Bounds() image.Rectangle { return m.rect }

// Opaque reports whether all pixels are: whether the format has no alpha.
func (m *Image) Opaque() bool { return !m.picture.Format.HasAlpha() }

// At implements image.Image. The colour is a color.NRGBA.
func (m *Image) At(x, y int) color.Color { return m.pixel(x, y) }

// RGBA64At implements image.RGBA64Image.
func (m *Image) RGBA64At(x, y int) color.RGBA64 {
	c := m.pixel(x, y)
	a := uint32(c.A) * 0x101
	premultiplied := func(v uint8) uint16 { return uint16(uint32(v) * 0x101 * a / 0xffff) }
	return color.RGBA64{R: premultiplied(c.R), G: premultiplied(c.G), B: premultiplied(c.B), A: uint16(a)}
}

// SubImage is the part inside r, which shares the bytes.
func (m *Image) SubImage(r image.Rectangle) image.Image {
	part := *m
	part.rect = r.Intersect(m.rect)
	return &part
}

func (m *Image) pixel(x, y int) color.NRGBA {
	if !image.Pt(x, y).In(m.rect) {
		return color.NRGBA{}
	}
	switch kindOf(m.picture.Format) {
	case kindGray:
		v := m.levels[m.picture.Row(0, y)[x]]
		return color.NRGBA{R: v, G: v, B: v, A: 255}
	case kindRGB:
		return m.rgb(m.picture.Row(0, y)[x*m.order.size:])
	}
	luma := m.toRGB.luma(m.sample(0, x, y))
	r, g, b := m.toRGB.chroma(m.sample(1, x, y), m.sample(2, x, y))
	return color.NRGBA{R: clamp6(luma + r), G: clamp6(luma + g), B: clamp6(luma + b), A: 255}
}

func (m *Image) rgb(p []byte) color.NRGBA {
	c := color.NRGBA{R: m.levels[p[m.order.r]], G: m.levels[p[m.order.g]], B: m.levels[p[m.order.b]], A: 255}
	if m.order.alpha {
		c.A = p[m.order.a]
	}
	return c
}

// sample is that of a component of luma and chroma at a pixel.
func (m *Image) sample(component, x, y int) uint8 {
	c := &m.yuv[component]
	return c.row(&m.picture, y)[x>>c.subX*c.step]
}
