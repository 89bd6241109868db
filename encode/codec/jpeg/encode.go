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

// maxSide is the longest side that the header of a JPEG can tell.
const maxSide = 65535

// Encoder writes pictures and keeps its buffers between them. The zero value is
// ready; not safe for concurrent use.
type Encoder struct {
	turbo   turboEncoder
	colours recolour
	scratch frames.Picture
}

// Encode writes the picture as one JPEG. It is [Encoder.Encode] on a new encoder.
func Encode(w io.Writer, p *frames.Picture, quality int) error {
	return new(Encoder).Encode(w, p, quality)
}

// Encode writes the picture as one JPEG, quality 0 (smallest) to 100 (best). GRAY8
// becomes a gray JPEG, everything else one with halved chroma. Full-range BT.601
// I420 and full-range gray are read in place, and RGB where libturbojpeg is used;
// other formats are converted first, and alpha is dropped. Errors: quality, bad
// picture, errors of w.
func (e *Encoder) Encode(w io.Writer, p *frames.Picture, quality int) error {
	if quality < 0 || quality > 100 {
		return fmt.Errorf("jpeg: quality %d is not in 0..100", quality)
	}
	if p.Width > maxSide || p.Height > maxSide {
		return fmt.Errorf("jpeg: %dx%d pixels exceed the limit of %d a side", p.Width, p.Height, maxSide)
	}
	if err := pixel.Check(p); err != nil {
		return fmt.Errorf("jpeg: %w", err)
	}
	quality = max(quality, 1) // both encoders count from there
	if lib := libraryFor(p.Width, p.Height); lib != nil {
		return e.byLibrary(w, lib, p, quality)
	}
	p, err := e.native(p, p.Stride[1] == p.Stride[2])
	if err != nil {
		return fmt.Errorf("jpeg: %w", err)
	}
	if err := jpeg.Encode(w, adapt(p), &jpeg.Options{Quality: quality}); err != nil {
		return fmt.Errorf("jpeg: %w", err)
	}
	return nil
}

func (e *Encoder) byLibrary(w io.Writer, lib *library, p *frames.Picture, quality int) error {
	data, err := e.libraryEncode(lib, p, quality)
	if err != nil {
		return err
	}
	if _, err := w.Write(data); err != nil {
		return fmt.Errorf("jpeg: %w", err)
	}
	return nil
}

// libraryEncode is the JPEG, valid until the next one.
func (e *Encoder) libraryEncode(lib *library, p *frames.Picture, quality int) ([]byte, error) {
	if isRGB(p) {
		return e.turbo.encodeRGB(lib, p, quality)
	}
	// Groups of pixels that share chroma are read whole.
	p, err := e.native(p, p.Width%2 == 0 && p.Height%2 == 0)
	if err != nil {
		return nil, fmt.Errorf("jpeg: %w", err)
	}
	return e.turbo.encodePlanes(lib, planesOf(p), p.Width, p.Height, quality)
}

// native is the picture as an encoder takes it; converted if it must be, or if it
// does not fit as it lies in memory.
func (e *Encoder) native(p *frames.Picture, fits bool) (*frames.Picture, error) {
	if p.Format == frames.GRAY8 {
		if p.Color.Resolve(p.Format, p.Height).Range == frames.FullRange {
			return p, nil
		}
		resize(&e.scratch, frames.GRAY8, p.Width, p.Height)
		e.scratch.Color = frames.Colorimetry{}
		return &e.scratch, e.colours.convert(&e.scratch, p)
	}
	if isNative(p) && p.Format == frames.I420 && fits {
		return p, nil
	}
	e.evenScratch(p.Width, p.Height)
	if err := e.colours.convert(&e.scratch, p); err != nil {
		return nil, err
	}
	extend(&e.scratch)
	return &e.scratch, nil
}

// evenScratch makes scratch a view of that size into I420 of even sides.
func (e *Encoder) evenScratch(w, h int) {
	if s := &e.scratch; s.Format != frames.I420 || s.Width != w || s.Height != h {
		*s = frames.NewPicture(frames.I420, w+w%2, h+h%2)
		s.Width, s.Height = w, h
	}
	e.scratch.Color = colorimetry
}

// extend repeats the last column and row of luma where the picture ends within a
// group of pixels that share chroma.
func extend(p *frames.Picture) {
	luma, stride := p.Data[0], p.Stride[0]
	if p.Width%2 != 0 {
		for y := range p.Height {
			luma[y*stride+p.Width] = luma[y*stride+p.Width-1]
		}
	}
	if p.Height%2 != 0 {
		last := luma[(p.Height-1)*stride:]
		copy(last[stride:], last[:p.Width+p.Width%2])
	}
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
