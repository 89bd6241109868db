package jpeg

import (
	"image"
	"image/color"

	"github.com/eiengine/eiengine/frames"
)

// store converts the decoded image to dst.
func (d *Decoder) store(dst *frames.Picture, img image.Image) error {
	switch m := img.(type) {
	case *image.Gray:
		src := frames.Picture{Format: frames.GRAY8, Width: m.Rect.Dx(), Height: m.Rect.Dy()}
		src.Data[0], src.Stride[0] = m.Pix, m.Stride
		return d.convert.Convert(dst, &src)
	case *image.YCbCr:
		if isRGB(dst) && m.SubsampleRatio != image.YCbCrSubsampleRatio420 {
			return d.storeGeneral(dst, m) // keeps all of its chroma
		}
		return d.storeYCbCr(dst, m)
	}
	return d.storeGeneral(dst, img)
}

// storeYCbCr brings the chroma to half of both sides, which is all that pictures of
// the engine have, and then to the format of dst.
func (d *Decoder) storeYCbCr(dst *frames.Picture, m *image.YCbCr) error {
	if m.SubsampleRatio == image.YCbCrSubsampleRatio420 {
		src := frames.Picture{Format: frames.I420, Width: m.Rect.Dx(), Height: m.Rect.Dy(), Color: colorimetry}
		src.Data = [3][]byte{m.Y, m.Cb, m.Cr}
		src.Stride = [3]int{m.YStride, m.CStride, m.CStride}
		return d.convert.Convert(dst, &src)
	}
	to := dst
	if !isNative(dst) {
		to = &d.scratch
		resize(to, frames.I420, dst.Width, dst.Height)
		to.Color = colorimetry
	}
	cb, cr := 1, 2
	if to.Format == frames.YV12 {
		cb, cr = 2, 1
	}
	for y := range to.Height {
		copy(to.Row(0, y), m.Y[y*m.YStride:])
	}
	halve(to, cb, m.Cb, m)
	halve(to, cr, m.Cr, m)
	if to == dst {
		return nil
	}
	return d.convert.Convert(dst, to)
}

// chromaSteps is how many columns and rows of pixels a sample of chroma stands for.
func chromaSteps(r image.YCbCrSubsampleRatio) (x, y int) {
	switch r {
	case image.YCbCrSubsampleRatio422:
		return 2, 1
	case image.YCbCrSubsampleRatio440:
		return 1, 2
	case image.YCbCrSubsampleRatio411:
		return 4, 1
	case image.YCbCrSubsampleRatio410:
		return 4, 2
	case image.YCbCrSubsampleRatio444:
		return 1, 1
	}
	return 2, 2
}

// halve fills a plane of dst with chroma of m: the mean of what lies in each group of
// two by two pixels.
func halve(dst *frames.Picture, plane int, from []byte, m *image.YCbCr) {
	stepX, stepY := chromaSteps(m.SubsampleRatio)
	w, h := (dst.Width+stepX-1)/stepX, (dst.Height+stepY-1)/stepY
	for y := range (dst.Height + 1) / 2 {
		top := from[2*y/stepY*m.CStride:][:w]
		bottom := from[min((2*y+1)/stepY, h-1)*m.CStride:][:w]
		row := dst.Row(plane, y)
		switch stepX {
		case 1:
			for x := range row {
				right := min(2*x+1, w-1)
				row[x] = byte((int(top[2*x]) + int(top[right]) + int(bottom[2*x]) + int(bottom[right]) + 2) >> 2)
			}
		case 2:
			for x := range row {
				row[x] = byte((int(top[x]) + int(bottom[x]) + 1) >> 1)
			}
		default:
			for x := range row {
				row[x] = byte((int(top[x/2]) + int(bottom[x/2]) + 1) >> 1)
			}
		}
	}
}

// storeGeneral goes by RGB: what keeps more chroma there, CMYK, and JPEGs that hold
// RGB.
func (d *Decoder) storeGeneral(dst *frames.Picture, img image.Image) error {
	b := img.Bounds()
	resize(&d.scratch, frames.RGB, b.Dx(), b.Dy())
	for y := range d.scratch.Height {
		row := d.scratch.Row(0, y)
		for x := range d.scratch.Width {
			r, g, b := rgbAt(img, b.Min.X+x, b.Min.Y+y)
			row[3*x], row[3*x+1], row[3*x+2] = r, g, b
		}
	}
	return d.convert.Convert(dst, &d.scratch)
}

// rgbAt avoids the allocation of At for what occurs.
func rgbAt(img image.Image, x, y int) (r, g, b uint8) {
	if m, ok := img.(*image.YCbCr); ok {
		c := m.YCbCrAt(x, y)
		return color.YCbCrToRGB(c.Y, c.Cb, c.Cr)
	}
	if m, ok := img.(*image.CMYK); ok {
		c := m.CMYKAt(x, y)
		return color.CMYKToRGB(c.C, c.M, c.Y, c.K)
	}
	c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
	return c.R, c.G, c.B
}
