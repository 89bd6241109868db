package jpeg

import (
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// recolour converts pictures, and those from luma and chroma of other colours by strips
// of RGB: both halves of that way are kernels, and a strip stays in the cache.
type recolour struct {
	direct, toRGB, toYUV pixel.Converter
	strip                frames.Picture
}

// stripRows is even, since rows share chroma.
const stripRows = 16

func (r *recolour) convert(dst, src *frames.Picture) error {
	if !src.Format.IsYUV() || !dst.Format.IsYUV() || src.Color.Resolve(src.Format, src.Height) == dst.Color.Resolve(dst.Format, dst.Height) {
		return r.direct.Convert(dst, src)
	}
	from := *src
	from.Color = src.Color.Resolve(src.Format, src.Height) // which depends on the height
	resize(&r.strip, frames.BGRx, src.Width, min(stripRows, src.Height))
	for top := 0; top < src.Height; top += stripRows {
		area := frames.Rect{Y: top, W: src.Width, H: min(stripRows, src.Height-top)}
		part, to, strip := from.Crop(area), dst.Crop(area), r.strip.Crop(frames.Rect{W: area.W, H: area.H})
		if err := r.toRGB.Convert(&strip, &part); err != nil {
			return err
		}
		if err := r.toYUV.Convert(&to, &strip); err != nil {
			return err
		}
	}
	return nil
}
