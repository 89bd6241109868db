package jpeg

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"sync"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// MaxPixels is the largest picture that is decoded, as a guard against a small
// file that unpacks to all memory.
const MaxPixels = 1 << 26

// colorimetry is that of every JPEG (JFIF 1.02).
var colorimetry = frames.Colorimetry{Matrix: frames.BT601, Range: frames.FullRange}

// Config tells size, best format and colours of the picture: I420 in full range,
// GRAY8, or RGB for the rare CMYK. FPS is 0/1. Errors: not a JPEG, damaged, larger
// than MaxPixels.
func Config(data []byte) (frames.VideoInfo, error) {
	if len(data) == 0 {
		return frames.VideoInfo{}, errNoData
	}
	if _, _, err := Frame(data); err != nil {
		return frames.VideoInfo{}, err
	}
	c, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return frames.VideoInfo{}, fmt.Errorf("jpeg: header after %d bytes: %w", len(data), err)
	}
	if c.Width < 1 || c.Height < 1 {
		return frames.VideoInfo{}, fmt.Errorf("jpeg: size of %dx%d pixels", c.Width, c.Height)
	}
	if c.Width > MaxPixels/c.Height {
		return frames.VideoInfo{}, fmt.Errorf("jpeg: %dx%d pixels exceed the limit of %d", c.Width, c.Height, MaxPixels)
	}
	v := frames.VideoInfo{Format: frames.RGB, Width: c.Width, Height: c.Height, FPS: frames.Fraction{Num: 0, Den: 1}}
	switch c.ColorModel {
	case color.YCbCrModel:
		v.Format, v.Color = frames.I420, colorimetry
	case color.GrayModel:
		v.Format = frames.GRAY8
	}
	return v, nil
}

// DecodeInto decodes the picture into dst, which has its size and any format and
// colours. Bytes behind the picture are ignored. Errors: not a JPEG, cut off,
// damaged, larger than MaxPixels, of another size than dst.
func DecodeInto(dst *frames.Picture, data []byte) error {
	info, err := Config(data)
	if err != nil {
		return err
	}
	if info.Width != dst.Width || info.Height != dst.Height {
		return fmt.Errorf("jpeg: picture is %dx%d, the destination %dx%d", info.Width, info.Height, dst.Width, dst.Height)
	}
	end, seen, err := walk(data)
	if err != nil {
		return err
	}
	if end == 0 {
		return fmt.Errorf("jpeg: cut off: no end after %d bytes", len(data))
	}
	img, err := jpeg.Decode(reader(data[:end], seen))
	if err != nil {
		return fmt.Errorf("jpeg: %w", err)
	}
	return store(dst, img)
}

// reader gives the picture, with the standard Huffman tables put in before the
// first scan if it has none.
func reader(data []byte, seen scan) io.Reader {
	if seen.tables || seen.firstStart == 0 {
		return bytes.NewReader(data)
	}
	return io.MultiReader(bytes.NewReader(data[:seen.firstStart]),
		bytes.NewReader(standardTables()), bytes.NewReader(data[seen.firstStart:]))
}

// standardTables are the segments of Huffman tables that image/jpeg writes, which
// are those of ITU-T T.81, annex K.3.
var standardTables = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	img := image.NewYCbCr(image.Rect(0, 0, 1, 1), image.YCbCrSubsampleRatio420)
	if err := jpeg.Encode(&b, img, nil); err != nil {
		return nil // cannot happen; the decoder then says that tables are missing
	}
	var tables []byte
	data := b.Bytes()
	for n := 2; data[n+1] != markerSOS; {
		size := 2 + int(data[n+2])<<8 + int(data[n+3])
		if data[n+1] == markerDHT {
			tables = append(tables, data[n:n+size]...)
		}
		n += size
	}
	return tables
})

// store converts the decoded image to dst.
func store(dst *frames.Picture, img image.Image) error {
	switch m := img.(type) {
	case *image.Gray:
		src := frames.Picture{Format: frames.GRAY8, Width: m.Rect.Dx(), Height: m.Rect.Dy()}
		src.Data[0], src.Stride[0] = m.Pix, m.Stride
		return pixel.Convert(dst, &src)
	case *image.YCbCr:
		return storeYCbCr(dst, m)
	}
	return storeGeneral(dst, img)
}

func storeYCbCr(dst *frames.Picture, m *image.YCbCr) error {
	switch m.SubsampleRatio {
	case image.YCbCrSubsampleRatio420:
		src := frames.Picture{Format: frames.I420, Width: m.Rect.Dx(), Height: m.Rect.Dy(), Color: colorimetry}
		src.Data = [3][]byte{m.Y, m.Cb, m.Cr}
		src.Stride = [3]int{m.YStride, m.CStride, m.CStride}
		return pixel.Convert(dst, &src)
	case image.YCbCrSubsampleRatio422:
		return pixel.Convert(dst, pack422(m))
	}
	return storeGeneral(dst, m)
}

// pack422 makes YUY2 of the planes, the nearest format that the kernels know.
func pack422(m *image.YCbCr) *frames.Picture {
	p := frames.NewPicture(frames.YUY2, m.Rect.Dx(), m.Rect.Dy())
	p.Color = colorimetry
	for y := range p.Height {
		row := p.Row(0, y)
		luma, cb, cr := m.Y[y*m.YStride:], m.Cb[y*m.CStride:], m.Cr[y*m.CStride:]
		for x := range p.Width {
			row[2*x] = luma[x]
		}
		for i := range (p.Width + 1) / 2 {
			row[4*i+1], row[4*i+3] = cb[i], cr[i]
		}
	}
	return &p
}

// storeGeneral goes by RGB: other subsampling, CMYK, and JPEGs that hold RGB.
func storeGeneral(dst *frames.Picture, img image.Image) error {
	b := img.Bounds()
	p := frames.NewPicture(frames.RGB, b.Dx(), b.Dy())
	for y := range p.Height {
		row := p.Row(0, y)
		for x := range p.Width {
			r, g, b := rgbAt(img, b.Min.X+x, b.Min.Y+y)
			row[3*x], row[3*x+1], row[3*x+2] = r, g, b
		}
	}
	return pixel.Convert(dst, &p)
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
