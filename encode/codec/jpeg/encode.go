package jpeg

import (
	"fmt"
	"image"
	"image/jpeg"
	"io"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// DefaultQuality is a good balance of size and looks.
const DefaultQuality = 85

// Encoder writes pictures and keeps its buffers between them. The zero value is
// ready; not safe for concurrent use.
type Encoder struct {
	convert pixel.Converter
	scratch frames.Picture
}

// Encode writes the picture as one JPEG. It is [Encoder.Encode] on a new encoder.
func Encode(w io.Writer, p *frames.Picture, quality int) error {
	return new(Encoder).Encode(w, p, quality)
}

// Encode writes the picture as one JPEG, quality 0 (smallest) to 100 (best). GRAY8
// becomes a gray JPEG, everything else one with halved chroma. Full-range BT.601
// I420 and full-range gray are read in place, other formats are converted first,
// and alpha is dropped. Errors: quality, bad picture, errors of w.
func (e *Encoder) Encode(w io.Writer, p *frames.Picture, quality int) error {
	if quality < 0 || quality > 100 {
		return fmt.Errorf("jpeg: quality %d is not in 0..100", quality)
	}
	if p.Width > 65535 || p.Height > 65535 {
		return fmt.Errorf("jpeg: %dx%d pixels exceed the limit of 65535 a side", p.Width, p.Height)
	}
	if err := pixel.Check(p); err != nil {
		return fmt.Errorf("jpeg: %w", err)
	}
	p, err := e.native(p)
	if err != nil {
		return fmt.Errorf("jpeg: %w", err)
	}
	// image/jpeg counts from 1.
	options := jpeg.Options{Quality: max(quality, 1)}
	if err := jpeg.Encode(w, adapt(p), &options); err != nil {
		return fmt.Errorf("jpeg: %w", err)
	}
	return nil
}

// native is the picture as image/jpeg takes it, which knows one stride for both
// planes of chroma; converted if it must be.
func (e *Encoder) native(p *frames.Picture) (*frames.Picture, error) {
	want, color := frames.I420, colorimetry
	if p.Format == frames.GRAY8 {
		want, color = frames.GRAY8, frames.Colorimetry{}
	}
	have := p.Color.Resolve(p.Format, p.Height)
	gray := p.Format == frames.GRAY8 && have.Range == frames.FullRange
	if s := &e.scratch; !gray && (p.Format != want || have != colorimetry || p.Stride[1] != p.Stride[2]) {
		if s.Format != want || s.Width != p.Width || s.Height != p.Height {
			*s = frames.NewPicture(want, p.Width, p.Height)
		}
		s.Color = color
		return s, e.convert.Convert(s, p)
	}
	return p, nil
}

// adapt is the picture as image/jpeg takes it, sharing its bytes.
func adapt(p *frames.Picture) image.Image {
	r := image.Rect(0, 0, p.Width, p.Height)
	if p.Format == frames.GRAY8 {
		return &image.Gray{Pix: p.Data[0], Stride: p.Stride[0], Rect: r}
	}
	return &image.YCbCr{
		Y: p.Data[0], Cb: p.Data[1], Cr: p.Data[2],
		YStride: p.Stride[0], CStride: p.Stride[1],
		SubsampleRatio: image.YCbCrSubsampleRatio420, Rect: r,
	}
}
