package pixel

import (
	"encoding/binary"
	"fmt"

	"github.com/eiengine/eiengine/frames"
)

// PackFeatures fills the input tensor of a picture model: one float a pixel, row
// by row, (r<<16)|(g<<8)|b, which float32 holds exactly; gray repeats its value
// in all three. src is RGB or GRAY8 and has exactly len(dst) pixels.
func PackFeatures(dst []float32, src *frames.Picture) error {
	if src.Format != frames.RGB && src.Format != frames.GRAY8 {
		return fmt.Errorf("pack features: format %v: convert to RGB or GRAY8 first", src.Format)
	}
	if err := check("source", src); err != nil {
		return fmt.Errorf("pack features: %w", err)
	}
	w := src.Width
	if len(dst) != w*src.Height {
		return fmt.Errorf("pack features: picture of %dx%d has %d pixels, the input has %d values: scale to the model's size first",
			w, src.Height, w*src.Height, len(dst))
	}
	row := packRGBRow
	if src.Format == frames.GRAY8 {
		row = packGrayRow
	}
	for y := range src.Height {
		row(dst[y*w:(y+1)*w], src.Row(0, y))
	}
	return nil
}

// UnpackFeatures is the way back: it fills dst, which is RGB and has exactly len(src)
// pixels, with what packed values hold.
func UnpackFeatures(dst *frames.Picture, src []float32) error {
	if dst.Format != frames.RGB {
		return fmt.Errorf("unpack features: format %v: must be RGB", dst.Format)
	}
	if err := check("destination", dst); err != nil {
		return fmt.Errorf("unpack features: %w", err)
	}
	w := dst.Width
	if len(src) != w*dst.Height {
		return fmt.Errorf("unpack features: a picture of %dx%d has %d pixels, the input %d values", w, dst.Height, w*dst.Height, len(src))
	}
	for y := range dst.Height {
		row := dst.Row(0, y)
		for _, v := range src[y*w : (y+1)*w] {
			p := int32(v)
			row[0], row[1], row[2] = byte(p>>16), byte(p>>8), byte(p)
			row = row[3:]
		}
	}
	return nil
}

// packRGBReference reads four pixels at a time: two of each eight bytes.
func packRGBReference(dst []float32, src []byte) {
	for len(dst) >= 4 && len(src) >= 14 {
		a, b, d := binary.BigEndian.Uint64(src), binary.BigEndian.Uint64(src[6:14]), dst[:4]
		d[0], d[1] = float32(int32(a>>40)), float32(int32(a>>16&0xFFFFFF))
		d[2], d[3] = float32(int32(b>>40)), float32(int32(b>>16&0xFFFFFF))
		dst, src = dst[4:], src[12:]
	}
	for i := range dst {
		p := src[3*i : 3*i+3 : 3*i+3]
		// int32, not uint32: the processor converts that in one step.
		dst[i] = float32(int32(p[0])<<16 | int32(p[1])<<8 | int32(p[2]))
	}
}

func packGrayReference(dst []float32, src []byte) {
	for i := range dst {
		dst[i] = float32(int32(src[i]) * 0x010101)
	}
}
