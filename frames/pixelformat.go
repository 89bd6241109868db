package frames

import "fmt"

// PixelFormat names the arrangement of the samples of a picture. The names are
// those of GStreamer's video/x-raw caps.
type PixelFormat uint8

// The pixel formats that the engine knows. PixelUnknown is the zero value.
const (
	PixelUnknown PixelFormat = iota
	I420                     // planar Y, U, V; chroma halved both ways
	YV12                     // planar Y, V, U; chroma halved both ways
	NV12                     // planar Y, interleaved UV; chroma halved both ways
	NV21                     // planar Y, interleaved VU; chroma halved both ways
	YUY2                     // packed Y0 U Y1 V
	UYVY                     // packed U Y0 V Y1
	YVYU                     // packed Y0 V Y1 U
	RGB                      // packed, 3 bytes a pixel
	BGR
	RGBA // packed, 4 bytes a pixel, alpha not premultiplied
	BGRA
	ARGB
	ABGR
	RGBx // like RGBA, the fourth byte is padding
	BGRx
	XRGB
	XBGR
	GRAY8 // one byte a pixel
	pixelFormats
)

// pixelLayout is what differs between formats: bytes of one pixel (or of one
// chroma sample pair) in each plane, and how far a plane is subsampled.
type pixelLayout struct {
	name   string
	planes int
	// bytes per horizontal sample position of each plane
	bytes [3]int
	// log2 of horizontal and vertical subsampling of planes 1 and 2
	subX, subY int
	// packedPair: two pixels share four bytes (YUY2 and its kin)
	packedPair bool
}

var pixelLayouts = [pixelFormats]pixelLayout{
	I420:  {name: "I420", planes: 3, bytes: [3]int{1, 1, 1}, subX: 1, subY: 1},
	YV12:  {name: "YV12", planes: 3, bytes: [3]int{1, 1, 1}, subX: 1, subY: 1},
	NV12:  {name: "NV12", planes: 2, bytes: [3]int{1, 2}, subX: 1, subY: 1},
	NV21:  {name: "NV21", planes: 2, bytes: [3]int{1, 2}, subX: 1, subY: 1},
	YUY2:  {name: "YUY2", planes: 1, bytes: [3]int{2}, packedPair: true},
	UYVY:  {name: "UYVY", planes: 1, bytes: [3]int{2}, packedPair: true},
	YVYU:  {name: "YVYU", planes: 1, bytes: [3]int{2}, packedPair: true},
	RGB:   {name: "RGB", planes: 1, bytes: [3]int{3}},
	BGR:   {name: "BGR", planes: 1, bytes: [3]int{3}},
	RGBA:  {name: "RGBA", planes: 1, bytes: [3]int{4}},
	BGRA:  {name: "BGRA", planes: 1, bytes: [3]int{4}},
	ARGB:  {name: "ARGB", planes: 1, bytes: [3]int{4}},
	ABGR:  {name: "ABGR", planes: 1, bytes: [3]int{4}},
	RGBx:  {name: "RGBx", planes: 1, bytes: [3]int{4}},
	BGRx:  {name: "BGRx", planes: 1, bytes: [3]int{4}},
	XRGB:  {name: "xRGB", planes: 1, bytes: [3]int{4}},
	XBGR:  {name: "xBGR", planes: 1, bytes: [3]int{4}},
	GRAY8: {name: "GRAY8", planes: 1, bytes: [3]int{1}},
}

// PixelFormats lists every known format, the one that holds most first: the order
// in which GStreamer's converters and test sources name them.
func PixelFormats() []PixelFormat {
	return []PixelFormat{
		ABGR, BGRA, ARGB, RGBA, XBGR, BGRx, XRGB, RGBx, BGR, RGB,
		UYVY, YVYU, YUY2, I420, YV12, NV21, NV12, GRAY8,
	}
}

// ParsePixelFormat finds a format by its caps name, such as "I420" or "RGBx".
func ParsePixelFormat(name string) (PixelFormat, error) {
	for f := PixelUnknown + 1; f < pixelFormats; f++ {
		if pixelLayouts[f].name == name {
			return f, nil
		}
	}
	return PixelUnknown, fmt.Errorf("unknown pixel format %q", name)
}

// String is the caps name.
func (f PixelFormat) String() string {
	if f == PixelUnknown || f >= pixelFormats {
		return "UNKNOWN"
	}
	return pixelLayouts[f].name
}

// Planes is the number of planes, 1 to 3.
func (f PixelFormat) Planes() int { return pixelLayouts[f].planes }

// IsYUV reports whether the format holds luma and chroma.
func (f PixelFormat) IsYUV() bool { return f >= I420 && f <= YVYU }

// HasAlpha reports whether the fourth byte is alpha, not padding.
func (f PixelFormat) HasAlpha() bool { return f >= RGBA && f <= ABGR }

// PixelStride is the distance in bytes between neighbouring samples of plane 0.
// For YUY2, UYVY and YVYU that is 2, the mean of a pair.
func (f PixelFormat) PixelStride() int { return pixelLayouts[f].bytes[0] }

// PlaneSize is the number of meaningful bytes of a row of the plane, and its
// number of rows, in a picture of width x height pixels.
func (f PixelFormat) PlaneSize(plane, width, height int) (rowBytes, rows int) {
	l := &pixelLayouts[f]
	if l.packedPair {
		return (width + 1) / 2 * 4, height
	}
	if plane > 0 {
		width = (width + 1<<l.subX - 1) >> l.subX
		height = (height + 1<<l.subY - 1) >> l.subY
	}
	return width * l.bytes[plane], height
}

// Subsampling is how many columns and rows of pixels share one sample of chroma:
// where a picture may be cut.
func (f PixelFormat) Subsampling() (columns, rows int) {
	l := &pixelLayouts[f]
	if l.packedPair {
		return 2, 1
	}
	return 1 << l.subX, 1 << l.subY
}
