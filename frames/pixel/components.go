package pixel

import (
	"fmt"

	"github.com/eiengine/eiengine/frames"
)

// component says where the samples of one luma or chroma component lie: the
// first at offset in the row, the next step bytes on, subsampled as log2.
type component struct {
	plane, offset, step int
	subX, subY          int
}

// yuvComponents are Y, U and V of each YUV format.
var yuvComponents = map[frames.PixelFormat][3]component{
	frames.I420: {{0, 0, 1, 0, 0}, {1, 0, 1, 1, 1}, {2, 0, 1, 1, 1}},
	frames.YV12: {{0, 0, 1, 0, 0}, {2, 0, 1, 1, 1}, {1, 0, 1, 1, 1}},
	frames.NV12: {{0, 0, 1, 0, 0}, {1, 0, 2, 1, 1}, {1, 1, 2, 1, 1}},
	frames.NV21: {{0, 0, 1, 0, 0}, {1, 1, 2, 1, 1}, {1, 0, 2, 1, 1}},
	frames.YUY2: {{0, 0, 2, 0, 0}, {0, 1, 4, 1, 0}, {0, 3, 4, 1, 0}},
	frames.UYVY: {{0, 1, 2, 0, 0}, {0, 0, 4, 1, 0}, {0, 2, 4, 1, 0}},
	frames.YVYU: {{0, 0, 2, 0, 0}, {0, 3, 4, 1, 0}, {0, 1, 4, 1, 0}},
}

// row is the part of the picture's row y (in luma rows) that holds the
// component, starting with its first sample.
func (c component) row(p *frames.Picture, y int) []byte {
	return p.Row(c.plane, y>>c.subY)[c.offset:]
}

// rows are where those of a component lie in a picture, asked for by rows of luma.
type rows struct {
	data         []byte // from the first sample on
	stride, size int
	step         int
	subY         uint
}

// of finds the rows of a component; the loops over pictures ask for none but these.
func (c component) of(p *frames.Picture) rows {
	n, _ := p.Format.PlaneSize(c.plane, p.Width, p.Height)
	return rows{p.Data[c.plane][c.offset:], p.Stride[c.plane], n - c.offset, c.step, uint(c.subY)}
}

func (r *rows) row(y int) []byte {
	o := y >> (r.subY & 1) * r.stride
	return r.data[o : o+r.size : o+r.size]
}

// packedRows are the rows of a picture of one plane.
func packedRows(p *frames.Picture) rows { return component{}.of(p) }

// yuvRows are the rows of luma and chroma.
type yuvRows [3]rows

func yuvRowsOf(p *frames.Picture, c *[3]component) yuvRows {
	return yuvRows{c[0].of(p), c[1].of(p), c[2].of(p)}
}

func (r *yuvRows) at(y int) yuvRow {
	return yuvRow{y: r[0].row(y), u: r[1].row(y), v: r[2].row(y), ys: r[0].step, cs: r[1].step}
}

// yuvRow is one row of luma with the chroma that belongs to it.
type yuvRow struct {
	y, u, v []byte
	ys, cs  int // steps of luma and chroma
}

// from is the row from pixel x on, an even one.
func (s yuvRow) from(x int) yuvRow {
	s.y, s.u, s.v = s.y[x*s.ys:], s.u[x/2*s.cs:], s.v[x/2*s.cs:]
	return s
}

// yuvPair are two rows of luma with the chroma that they share.
type yuvPair struct {
	y0, y1, u, v []byte
	ys, cs       int // steps of luma and chroma
}

// from are the rows from pixel x on, an even one.
func (p *yuvPair) from(x int) yuvPair {
	return yuvPair{p.y0[x*p.ys:], p.y1[x*p.ys:], p.u[x/2*p.cs:], p.v[x/2*p.cs:], p.ys, p.cs}
}

// rgbPair are two rows of RGB.
type rgbPair struct{ top, bottom []byte }

// from are the rows from pixel x on.
func (p *rgbPair) from(x int, o *order) rgbPair {
	return rgbPair{p.top[x*o.size:], p.bottom[x*o.size:]}
}

// order says where the channels of an RGB format lie within a pixel. a is the
// alpha or padding byte, -1 without one.
type order struct {
	size       int
	r, g, b, a int
	alpha      bool // a is alpha, not padding
}

// rgbOrder is that of RGB.
var rgbOrder = order{3, 0, 1, 2, -1, false}

var rgbOrders = map[frames.PixelFormat]order{
	frames.RGB:  rgbOrder,
	frames.BGR:  {3, 2, 1, 0, -1, false},
	frames.RGBA: {4, 0, 1, 2, 3, true},
	frames.BGRA: {4, 2, 1, 0, 3, true},
	frames.ARGB: {4, 1, 2, 3, 0, true},
	frames.ABGR: {4, 3, 2, 1, 0, true},
	frames.RGBx: {4, 0, 1, 2, 3, false},
	frames.BGRx: {4, 2, 1, 0, 3, false},
	frames.XRGB: {4, 1, 2, 3, 0, false},
	frames.XBGR: {4, 3, 2, 1, 0, false},
}

// Check refuses pictures whose rows could not be walked safely: unknown format,
// no pixels, strides shorter than rows, planes shorter than their rows. The kernels
// call it; whoever reaches into the planes of a picture from elsewhere should too.
func Check(p *frames.Picture) error {
	if p.Format == frames.PixelUnknown || p.Format.String() == frames.PixelUnknown.String() {
		return fmt.Errorf("unknown pixel format %d", p.Format)
	}
	if p.Width <= 0 || p.Height <= 0 {
		return fmt.Errorf("size %dx%d must be at least 1x1", p.Width, p.Height)
	}
	for i := range p.Format.Planes() {
		n, rows := p.Format.PlaneSize(i, p.Width, p.Height)
		if p.Stride[i] < n && rows > 1 {
			return fmt.Errorf("stride %d of plane %d is shorter than a row of %d bytes (%v, %d pixels wide)",
				p.Stride[i], i, n, p.Format, p.Width)
		}
		if need := (rows-1)*p.Stride[i] + n; len(p.Data[i]) < need {
			return fmt.Errorf("plane %d has %d bytes, %v %dx%d with stride %d needs %d",
				i, len(p.Data[i]), p.Format, p.Width, p.Height, p.Stride[i], need)
		}
	}
	return nil
}

// check is Check that says which picture is wrong.
func check(which string, p *frames.Picture) error {
	if err := Check(p); err != nil {
		return fmt.Errorf("%s picture: %w", which, err)
	}
	return nil
}
