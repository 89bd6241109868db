package pixel

import (
	"encoding/binary"
	"fmt"

	"github.com/eiengine/eiengine/frames"
)

// Operator says how a picture is laid on another.
type Operator uint8

// The operators. Formats without alpha have no use for Add, which is Over there.
const (
	// Over mixes by alpha: that of the pixels, if they have one, times that of
	// the whole picture.
	Over Operator = iota
	// Source replaces what is there. Of formats with alpha, that of the whole
	// picture is multiplied in; of others it has no effect.
	Source
	// Add mixes like Over, but what is there keeps its alpha beneath.
	Add
)

// opaque is the weight of a picture that hides what is below it; weights have 8 bits
// below the point.
const opaque = 256

// Place is where a picture of w x h whose top left corner is laid at x, y comes to
// lie in dst, and which part of it that is; ok is false if none of it shows. Where
// pixels share chroma the corner moves right and down to the next pixel at which a
// sample begins, as in GStreamer.
func Place(dst *frames.Picture, x, y, w, h int) (in, of frames.Rect, ok bool) {
	columns, rows := dst.Format.Subsampling()
	x, y = upTo(x, columns), upTo(y, rows)
	in, ok = clip(frames.Rect{X: x, Y: y, W: w, H: h}, dst.Width, dst.Height)
	return in, frames.Rect{X: in.X - x, Y: in.Y - y, W: in.W, H: in.H}, ok
}

// upTo is the next multiple of n, a power of two, from v on.
func upTo(v, n int) int { return (min(max(v, -far), far) + n - 1) &^ (n - 1) }

// far is beyond every picture, and sums of a few do not overflow.
const far = 1 << 29

// Blend lays src on dst with its top left corner at x, y (see [Place]); what leaves
// dst is cut off. Both have the same format. alpha, 0 to 1, is that of the whole
// picture. Colorimetry is not looked at. Errors: formats differ, planes too short.
func Blend(dst, src *frames.Picture, x, y int, op Operator, alpha float64) error {
	if err := check("source", src); err != nil {
		return fmt.Errorf("blend: %w", err)
	}
	if err := check("destination", dst); err != nil {
		return fmt.Errorf("blend: %w", err)
	}
	if dst.Format != src.Format {
		return fmt.Errorf("blend: source is %v and destination %v: convert first", src.Format, dst.Format)
	}
	in, of, ok := Place(dst, x, y, src.Width, src.Height)
	if !ok {
		return nil
	}
	d, s := dst.Crop(in), src.Crop(of)
	o := rgbOrders[dst.Format]
	switch a := min(max(alpha, 0), 1); {
	case o.alpha:
		blendAlpha(&d, &s, &o, op, uint32(a*255))
	case a == 1 || op == Source:
		blendPlanes(&d, &s, opaque, in.X+in.W < dst.Width)
	case a > 0:
		blendPlanes(&d, &s, int(a*255), in.X+in.W < dst.Width)
	}
	return nil
}

// blendPlanes mixes pictures of the same size by weight. followed says that there is
// a pixel to the right of them in dst.
func blendPlanes(dst, src *frames.Picture, weight int, followed bool) {
	half := -1 // the byte of a row that belongs to that pixel
	if c := yuvComponents[dst.Format][0]; followed && c.step == 2 && dst.Width&1 == 1 {
		half = 2*dst.Width + c.offset
	}
	for plane := range dst.Format.Planes() {
		n, rows := dst.Format.PlaneSize(plane, dst.Width, dst.Height)
		to, from := dst.Data[plane], src.Data[plane]
		for y := range rows {
			d, s := to[y*dst.Stride[plane]:][:n:n], from[y*src.Stride[plane]:][:n:n]
			var kept byte
			if half >= 0 {
				kept = d[half]
			}
			if weight == opaque {
				copy(d, s)
			} else {
				blendRow(d, s, weight)
			}
			if half >= 0 {
				d[half] = kept
			}
		}
	}
}

// blendAlpha lays pixels that have an alpha each on others that have.
func blendAlpha(dst, src *frames.Picture, o *order, op Operator, alpha uint32) {
	if op != Source && alpha == 0 {
		return
	}
	for y := range dst.Height {
		d, s := dst.Row(0, y), src.Row(0, y)
		if op == Source {
			sourceRow(d, s, o.a, alpha)
			continue
		}
		overRow(d, s, o.a, op, alpha)
	}
}

// sourceRow copies pixels and multiplies their alpha.
func sourceRow(dst, src []byte, a int, alpha uint32) {
	copy(dst, src)
	if alpha == 255 {
		return
	}
	for x := a; x < len(dst); x += 4 {
		dst[x] = part255(uint32(dst[x]) * alpha)
	}
}

// overRow lays pixels over others. Where those below are opaque, and stay so, it is a
// mixture of colours alone.
func overRow(dst, src []byte, a int, op Operator, alpha uint32) {
	if allOpaque(dst, a) {
		overOpaqueRow(dst, src, a, alpha)
		return
	}
	for x := 0; x < len(dst); x += 4 {
		overPixel((*[4]byte)(dst[x:]), (*[4]byte)(src[x:]), a, op, alpha)
	}
}

// allOpaque reports whether every pixel of a row is.
func allOpaque(row []byte, a int) bool {
	alphas := uint64(0x000000ff_000000ff) << (8 * a)
	for ; len(row) >= 8; row = row[8:] {
		if binary.LittleEndian.Uint64(row)&alphas != alphas {
			return false
		}
	}
	return len(row) == 0 || row[a] == 255
}

// overPixel lays a pixel over one that is itself transparent in part: colours count
// by how much of the result they make up.
func overPixel(dst, src *[4]byte, a int, op Operator, alpha uint32) {
	above := uint32(part255(uint32(src[a]) * alpha))
	was := uint32(dst[a])
	under := was * (255 - above) // of 255*255, as what follows
	sum := 255*above + under
	if above == 0 {
		return
	}
	for i := range dst {
		dst[i] = uint8((uint32(src[i])*255*above + uint32(dst[i])*under + sum/2) / sum)
	}
	dst[a] = uint8((sum + 127) / 255)
	if op == Add {
		dst[a] = uint8(min(above+was, 255))
	}
}

// part255 is v/255, rounded, for v up to 255*255.
func part255(v uint32) uint8 {
	v += 128
	return uint8((v + v>>8) >> 8)
}
