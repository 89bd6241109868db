package png

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// MaxPixels is the largest picture that is decoded, as a guard against a small
// file that unpacks to all memory.
const MaxPixels = 1 << 26

// Config tells size and best format of the picture: GRAY8, RGB, or RGBA if it has
// alpha. FPS is 0/1. Errors: not a PNG, damaged, larger than MaxPixels.
func Config(data []byte) (frames.VideoInfo, error) {
	if len(data) == 0 {
		return frames.VideoInfo{}, errNoData
	}
	if _, _, err := Frame(data); err != nil {
		return frames.VideoInfo{}, err
	}
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return frames.VideoInfo{}, fmt.Errorf("png: header after %d bytes: %w", len(data), err)
	}
	if c.Width > MaxPixels/c.Height {
		return frames.VideoInfo{}, fmt.Errorf("png: %dx%d pixels exceed the limit of %d", c.Width, c.Height, MaxPixels)
	}
	return frames.VideoInfo{
		Format: format(c.ColorModel), Width: c.Width, Height: c.Height, FPS: frames.Fraction{Num: 0, Den: 1},
	}, nil
}

// format is the pixel format that loses nothing but the low bytes of 16 bits.
func format(m color.Model) frames.PixelFormat {
	if palette, ok := m.(color.Palette); ok {
		for _, c := range palette {
			if _, _, _, a := c.RGBA(); a != 0xffff {
				return frames.RGBA
			}
		}
		return frames.RGB
	}
	switch m {
	case color.GrayModel, color.Gray16Model:
		return frames.GRAY8
	case color.RGBAModel, color.RGBA64Model: // how image/png calls opaque colour
		return frames.RGB
	}
	return frames.RGBA
}

// DecodeInto decodes the picture into dst, which has its size and any format.
// Alpha is dropped, not blended, where dst has none. Bytes behind the picture are
// ignored. Errors: not a PNG, cut off, damaged, larger than MaxPixels, of another
// size than dst.
func DecodeInto(dst *frames.Picture, data []byte) error {
	info, err := Config(data)
	if err != nil {
		return err
	}
	if info.Width != dst.Width || info.Height != dst.Height {
		return fmt.Errorf("png: picture is %dx%d, the destination %dx%d", info.Width, info.Height, dst.Width, dst.Height)
	}
	n, ok, err := Frame(data)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("png: cut off: no end after %d bytes", len(data))
	}
	img, err := png.Decode(bytes.NewReader(data[:n]))
	if err != nil {
		return fmt.Errorf("png: %w", err)
	}
	src := view(img)
	return pixel.Convert(dst, &src)
}

// view is the decoded image as a picture, without a copy where the formats agree.
func view(img image.Image) frames.Picture {
	switch m := img.(type) {
	case *image.Gray:
		return wrap(frames.GRAY8, m.Rect, m.Pix, m.Stride)
	case *image.NRGBA:
		return wrap(frames.RGBA, m.Rect, m.Pix, m.Stride)
	case *image.RGBA: // opaque, so nothing is premultiplied
		return wrap(frames.RGBA, m.Rect, m.Pix, m.Stride)
	case *image.Gray16:
		return highBytes(frames.GRAY8, 1, m.Rect, m.Pix, m.Stride)
	case *image.NRGBA64:
		return highBytes(frames.RGBA, 4, m.Rect, m.Pix, m.Stride)
	case *image.RGBA64:
		return highBytes(frames.RGBA, 4, m.Rect, m.Pix, m.Stride)
	case *image.Paletted:
		return resolve(m)
	}
	return general(img)
}

func wrap(f frames.PixelFormat, r image.Rectangle, pix []byte, stride int) frames.Picture {
	p := frames.Picture{Format: f, Width: r.Dx(), Height: r.Dy()}
	p.Data[0], p.Stride[0] = pix, stride
	return p
}

// highBytes keeps the first of the two bytes of each sample.
func highBytes(f frames.PixelFormat, channels int, r image.Rectangle, pix []byte, stride int) frames.Picture {
	p := frames.NewPicture(f, r.Dx(), r.Dy())
	for y := range p.Height {
		row := p.Row(0, y)[:p.Width*channels]
		for i := range row {
			row[i] = pix[y*stride+2*i]
		}
	}
	return p
}

// resolve looks up a palette.
func resolve(m *image.Paletted) frames.Picture {
	var table [256][4]byte
	for i, c := range m.Palette {
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		table[i] = [4]byte{n.R, n.G, n.B, n.A}
	}
	p := frames.NewPicture(frames.RGBA, m.Rect.Dx(), m.Rect.Dy())
	for y := range p.Height {
		row := p.Row(0, y)
		for x, i := range m.Pix[y*m.Stride : y*m.Stride+p.Width] {
			copy(row[4*x:], table[i][:])
		}
	}
	return p
}

// general serves image types that image/png might grow.
func general(img image.Image) frames.Picture {
	b := img.Bounds()
	p := frames.NewPicture(frames.RGBA, b.Dx(), b.Dy())
	for y := range p.Height {
		row := p.Row(0, y)
		for x := range p.Width {
			n := color.NRGBAModel.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.NRGBA)
			copy(row[4*x:], []byte{n.R, n.G, n.B, n.A})
		}
	}
	return p
}
