package pixel

import (
	"fmt"

	"github.com/eiengine/eiengine/frames"
)

// Orientation is one of the eight ways to lay a picture: first x and y are
// swapped, then each axis is mirrored. The zero value leaves it as it is.
type Orientation struct{ Transpose, MirrorX, MirrorY bool }

// Mapping takes points of a picture of width x height to where they come to lie.
func (o Orientation) Mapping(width, height int) frames.Mapping {
	m := frames.Mapping{ScaleX: 1, ScaleY: 1, Transpose: o.Transpose}
	if o.Transpose {
		width, height = height, width
	}
	if o.MirrorX {
		m.ScaleX, m.OffsetX = -1, float64(width)
	}
	if o.MirrorY {
		m.ScaleY, m.OffsetY = -1, float64(height)
	}
	return m
}

// Orienter turns and mirrors pictures and keeps its tables. The zero value is
// ready; not safe for concurrent use.
type Orienter struct{ across, down []int }

// Orient fills dst with src laid another way. The two have the same format, and
// the same size or, transposed, the swapped one; they must not overlap. Where
// chroma has fewer samples than luma, each new one is that of the nearest pixel.
// Errors: formats or sizes that do not fit, planes too short.
func (o *Orienter) Orient(dst, src *frames.Picture, way Orientation) error {
	if err := check("source", src); err != nil {
		return fmt.Errorf("orient: %w", err)
	}
	if err := check("destination", dst); err != nil {
		return fmt.Errorf("orient: %w", err)
	}
	w, h := src.Width, src.Height
	if way.Transpose {
		w, h = h, w
	}
	if dst.Format != src.Format || dst.Width != w || dst.Height != h {
		return fmt.Errorf("orient: %v %dx%d does not fit into %v %dx%d",
			src.Format, w, h, dst.Format, dst.Width, dst.Height)
	}
	if !src.Format.IsYUV() {
		n := src.Format.PixelStride()
		o.component(dst, src, component{step: n}, n, way)
		return nil
	}
	for i, c := range yuvComponents[src.Format] {
		o.component(dst, src, c, 1, way)
		if i == 0 && c.step == 2 {
			for y := range h {
				padLuma(dst.Row(c.plane, y)[c.offset:], c.step, w)
			}
		}
	}
	return nil
}

// component turns the samples of one component. Where a sample comes from is the
// sum of what its column and what its row say.
func (o *Orienter) component(dst, src *frames.Picture, c component, channels int, way Orientation) {
	d, s := grid(dst, c, channels), grid(src, c, channels)
	o.across, o.down = resize(o.across, d.w), resize(o.down, d.h)
	alongX, alongY := s.step, s.stride // what one sample further is in the source
	subX, subY := c.subX, c.subY       // of the source's axis that the new axis follows
	if way.Transpose {
		alongX, alongY, subX, subY = alongY, alongX, subY, subX
	}
	for x := range o.across {
		o.across[x] = from(x<<c.subX, dst.Width, way.MirrorX) >> subX * alongX
	}
	for y := range o.down {
		o.down[y] = from(y<<c.subY, dst.Height, way.MirrorY) >> subY * alongY
	}
	for y, base := range o.down {
		orientRow(d.row(y), s.plane[s.offset+base:], o.across, d.step, channels)
	}
}

// from is the position that comes to lie at i.
func from(i, length int, mirror bool) int {
	if mirror {
		return length - 1 - i
	}
	return i
}

func orientRow(dst, src []byte, offsets []int, step, channels int) {
	switch channels {
	case 1:
		for x, o := range offsets {
			dst[x*step] = src[o]
		}
	case 4:
		for x, o := range offsets {
			*(*[4]byte)(dst[4*x:]) = *(*[4]byte)(src[o:])
		}
	default:
		for x, o := range offsets {
			copy(dst[x*step:x*step+channels], src[o:o+channels])
		}
	}
}
