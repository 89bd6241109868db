package frames

// ColorMatrix says how luma and chroma were made from red, green and blue.
type ColorMatrix uint8

// The matrices that the engine knows.
const (
	// MatrixDefault: BT.601 up to 576 rows, BT.709 above, as GStreamer assumes.
	MatrixDefault ColorMatrix = iota
	BT601
	BT709
	FCC
	SMPTE240M
	BT2020 // of non-constant luminance, as all usual streams
)

// ColorRange says which code values are used.
type ColorRange uint8

// The ranges that the engine knows.
const (
	// RangeDefault: limited for luma and chroma, full for RGB and gray.
	RangeDefault ColorRange = iota
	LimitedRange            // luma 16..235, chroma 16..240
	FullRange               // 0..255
)

// Colorimetry describes the colours of a picture.
type Colorimetry struct {
	Matrix ColorMatrix
	Range  ColorRange
}

// Resolve replaces the defaults by what they mean for a picture.
func (c Colorimetry) Resolve(f PixelFormat, height int) Colorimetry {
	if c.Matrix == MatrixDefault {
		c.Matrix = BT601
		if height > 576 {
			c.Matrix = BT709
		}
	}
	if c.Range == RangeDefault {
		c.Range = FullRange
		if f.IsYUV() {
			c.Range = LimitedRange
		}
	}
	return c
}

// MaxPlanes is the largest number of planes of any format.
const MaxPlanes = 3

// VideoInfo describes raw video.
type VideoInfo struct {
	Format        PixelFormat
	Width, Height int
	// FPS is frames per second; 0/1 means a variable rate.
	FPS Fraction
	// PAR is the shape of a pixel, width over height; the zero value is 1/1.
	PAR   Fraction
	Color Colorimetry
}

// Layout says where the planes of a picture lie in a block of memory.
type Layout struct {
	Offset [MaxPlanes]int
	Stride [MaxPlanes]int
	// Size is the number of bytes from the first to behind the last plane.
	Size int
}

// DefaultLayout is GStreamer's: rows rounded up to a multiple of four bytes,
// planes one after the other, chroma sized for an even number of rows.
func (v VideoInfo) DefaultLayout() Layout {
	var l Layout
	l0 := &pixelLayouts[v.Format]
	for p := range v.Format.Planes() {
		rowBytes, rows := v.Format.PlaneSize(p, v.Width, v.Height)
		if p == 0 && l0.subY > 0 {
			rows += rows & 1
		}
		l.Offset[p] = l.Size
		l.Stride[p] = (rowBytes + 3) &^ 3
		l.Size += l.Stride[p] * rows
	}
	return l
}

// Picture is a view of the pixels of a frame: planes with strides. Plane i
// starts at Data[i][0]; its rows are Stride[i] bytes apart, and the last row may
// end right behind its last sample.
type Picture struct {
	Format        PixelFormat
	Width, Height int
	Data          [MaxPlanes][]byte
	Stride        [MaxPlanes]int
	Color         Colorimetry
}

// NewPicture allocates a black-or-zero picture of its own, with the default
// layout; for programs and tests that have pixels without a stream.
func NewPicture(f PixelFormat, width, height int) Picture {
	v := VideoInfo{Format: f, Width: width, Height: height}
	l := v.DefaultLayout()
	return v.Picture(make([]byte, l.Size), l)
}

// Picture makes the view of a picture that lies in data as the layout says.
func (v VideoInfo) Picture(data []byte, l Layout) Picture {
	p := Picture{Format: v.Format, Width: v.Width, Height: v.Height, Stride: l.Stride, Color: v.Color}
	for i := range v.Format.Planes() {
		rowBytes, rows := v.Format.PlaneSize(i, v.Width, v.Height)
		if rows == 0 {
			continue
		}
		end := l.Offset[i] + (rows-1)*l.Stride[i] + rowBytes
		// Rows of even padding belong to the plane where they exist.
		if full := l.Offset[i] + rows*l.Stride[i]; full <= len(data) {
			end = full
		}
		p.Data[i] = data[l.Offset[i]:end:end]
	}
	return p
}

// Row is row y of the plane, meaningful bytes only.
func (p *Picture) Row(plane, y int) []byte {
	n, _ := p.Format.PlaneSize(plane, p.Width, p.Height)
	o := y * p.Stride[plane]
	return p.Data[plane][o : o+n : o+n]
}

// Rect is an area in pixels, origin at the top left.
type Rect struct{ X, Y, W, H int }

// Crop is the view of a part of the picture, sharing its bytes. x and y must be
// multiples of the format's chroma subsampling and the area must lie inside.
func (p Picture) Crop(r Rect) Picture {
	l := &pixelLayouts[p.Format]
	out := p
	out.Width, out.Height = r.W, r.H
	for i := range p.Format.Planes() {
		x, y := r.X, r.Y
		if i > 0 {
			x, y = x>>l.subX, y>>l.subY
		}
		out.Data[i] = p.Data[i][y*p.Stride[i]+x*l.bytes[i]:]
	}
	return out
}
