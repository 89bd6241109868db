package convert

import (
	"errors"
	"fmt"
	"math"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// errUntyped is what a converter says to bytes that nobody has described.
var errUntyped = errors.New("gets bytes of unknown type, not raw frames: put decodebin before it")

// maxSide bounds pictures as frames.NewFormat does.
const maxSide = 1 << 15

// pixelFormats is every pixel format as a caps value.
func pixelFormats() frames.List {
	var l frames.List
	for _, f := range frames.PixelFormats() {
		l = append(l, frames.String(f.String()))
	}
	return l
}

// rawVideo is every raw video of the engine.
func rawVideo() frames.Caps {
	side := frames.IntRange{Min: 1, Max: maxSide}
	return frames.NewCaps(frames.Structure{Media: frames.VideoRaw, Fields: []frames.Field{
		{Name: "format", Value: pixelFormats()}, {Name: "width", Value: side}, {Name: "height", Value: side},
		{Name: "framerate", Value: frames.FractionRange{Min: frames.Fraction{Num: 0, Den: 1}, Max: frames.Fraction{Num: math.MaxInt32, Den: 1}}},
	}})
}

// opened is caps of the medium with what a converter may change left open.
func opened(caps frames.Caps, media string, open func(frames.Structure) frames.Structure) frames.Caps {
	if caps.IsAny() {
		return caps
	}
	var out []frames.Structure
	for _, s := range caps.Structures() {
		if s.Media == media {
			out = append(out, open(s))
		}
	}
	return frames.NewCaps(out...)
}

// openFormat leaves the pixel format open, and what belongs to it.
func openFormat(s frames.Structure) frames.Structure {
	return s.Without("colorimetry").Without("chroma-site").With("format", pixelFormats())
}

// openSize leaves the size open, and with it the shape of the pixels.
func openSize(s frames.Structure) frames.Structure {
	side := frames.IntRange{Min: 1, Max: maxSide}
	return s.Without("pixel-aspect-ratio").With("width", side).With("height", side)
}

// video is what the three video converters do: change pixel format, size, or
// both, of pictures of one format to those of another.
type video struct {
	in, out *frames.Format
	method  pixel.Method
	alpha   alphaMode
	// alphaValue is what alpha is set to or multiplied with.
	alphaValue float64

	// retag: the bytes are alike, only the caps differ.
	retag       bool
	place       frames.Rect // where the picture lies in the output
	mapping     frames.Mapping
	convertHead bool           // convert first, then scale
	between     frames.Picture // of those that do both
	conv        pixel.Converter
	scaler      pixel.Scaler
}

// configure prepares the way from in to out.
func (v *video) configure(in, out *frames.Format, p *videoProps) error {
	if in == frames.Untyped {
		return errUntyped
	}
	v.in, v.out = in, out
	v.method, v.alpha, v.alphaValue = p.Method.kernel(), p.AlphaMode, p.AlphaValue
	v.scaler.Envelope, v.scaler.Sharpness = p.Envelope, p.Sharpness
	v.scaler.Threads, v.conv.Threads = p.threads(), p.threads()
	a, b := in.Video, out.Video
	v.place = frames.Rect{W: b.Width, H: b.Height}
	if p.AddBorders {
		v.place = placeFor(a, b)
	}
	sameColor := a.Format == b.Format && a.Color.Resolve(a.Format, a.Height) == b.Color.Resolve(b.Format, b.Height)
	sameSize := a.Width == v.place.W && a.Height == v.place.H
	v.retag = sameColor && sameSize && a.Width == b.Width && a.Height == b.Height
	v.mapping = frames.RectMapping(frames.Rect{W: a.Width, H: a.Height}, v.place)
	v.between = frames.Picture{}
	if sameColor || sameSize {
		return nil
	}
	// Both: convert where there are fewer pixels.
	mid := frames.VideoInfo{Format: a.Format, Width: v.place.W, Height: v.place.H, Color: a.Color.Resolve(a.Format, a.Height)}
	v.convertHead = a.Width*a.Height < v.place.W*v.place.H
	if v.convertHead {
		mid = frames.VideoInfo{Format: b.Format, Width: a.Width, Height: a.Height, Color: b.Color.Resolve(b.Format, b.Height)}
	}
	layout := mid.DefaultLayout()
	v.between = mid.Picture(make([]byte, layout.Size), layout)
	return nil
}

// reload prepares the same way anew after a change of properties.
func (v *video) reload(p *videoProps) error {
	if v.in == nil {
		return nil
	}
	return v.configure(v.in, v.out, p)
}

// process consumes in and pushes what became of it.
func (v *video) process(c *eiengine.Ctx, in *frames.Frame) error {
	if v.retag {
		in.Format = v.out
		return c.Push(0, in)
	}
	out, err := c.NewFrame(0)
	if err != nil {
		c.Drop(in)
		return err
	}
	src, dst := in.Picture(), out.Picture()
	if err := v.draw(&dst, &src); err != nil {
		in.Release()
		c.Drop(out)
		return fmt.Errorf("from %s to %s: %w", v.in, v.out, err)
	}
	switch v.alpha {
	case alphaSet:
		pixel.SetAlpha(&dst, uint8(v.alphaValue*255+0.5))
	case alphaMultiply:
		pixel.MultiplyAlpha(&dst, v.alphaValue)
	}
	out.CopyTimes(in)
	out.MapMetas(v.mapping, dst.Width, dst.Height)
	in.Release()
	return c.Push(0, out)
}

// draw fills dst with src.
func (v *video) draw(dst, src *frames.Picture) error {
	// The default colours depend on the height: settle them before cutting.
	src.Color = src.Color.Resolve(src.Format, src.Height)
	dst.Color = dst.Color.Resolve(dst.Format, dst.Height)
	inner := *dst
	if v.place.W != dst.Width || v.place.H != dst.Height {
		pixel.FillBorders(dst, v.place)
		inner = dst.Crop(v.place)
	}
	switch {
	case v.between.Width > 0 && v.convertHead:
		if err := v.conv.Convert(&v.between, src); err != nil {
			return err
		}
		return v.scaler.Scale(&inner, &v.between, v.method)
	case v.between.Width > 0:
		if err := v.scaler.Scale(&v.between, src, v.method); err != nil {
			return err
		}
		return v.conv.Convert(&inner, &v.between)
	case src.Width == inner.Width && src.Height == inner.Height:
		return v.conv.Convert(&inner, src)
	}
	return v.scaler.Scale(&inner, src, v.method)
}
