package jpeg

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"sync"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
)

// MaxPixels is the largest picture that is decoded, as a guard against a small
// file that unpacks to all memory.
const MaxPixels = 1 << 26

// colorimetry is that of every JPEG (JFIF 1.02).
var colorimetry = frames.Colorimetry{Matrix: frames.BT601, Range: frames.FullRange}

// Decoder reads pictures and keeps its buffers between them. The zero value is
// ready; not safe for concurrent use.
type Decoder struct {
	turbo    turboDecoder
	convert  pixel.Converter
	ycbcr    image.YCbCr // on the way to formats with other chroma
	whole    image.Rectangle
	scratch  frames.Picture // on the way to formats with other colours
	complete []byte         // a picture with tables put in
}

var decoders = sync.Pool{New: func() any { return new(Decoder) }}

// DecodeInto is [Decoder.Decode] on a recycled decoder, safe for concurrent use.
func DecodeInto(dst *frames.Picture, data []byte) error {
	d := decoders.Get().(*Decoder)
	defer decoders.Put(d)
	return d.Decode(dst, data)
}

// Decode decodes the picture into dst, which has its size and any format and
// colours. Bytes behind the picture are ignored. Errors: not a JPEG, cut off,
// damaged, larger than MaxPixels, of another size than dst.
func (d *Decoder) Decode(dst *frames.Picture, data []byte) error {
	h, err := readHeader(data)
	if err != nil {
		return err
	}
	if h.width != dst.Width || h.height != dst.Height {
		return fmt.Errorf("jpeg: picture is %dx%d, the destination %dx%d", h.width, h.height, dst.Width, dst.Height)
	}
	if err := pixel.Check(dst); err != nil {
		return fmt.Errorf("jpeg: %w", err)
	}
	if h.end == 0 {
		return fmt.Errorf("jpeg: cut off: no end after %d bytes", len(data))
	}
	noHuffman, err := h.checkScan()
	if err != nil {
		return err
	}
	data = data[:h.end]
	if noHuffman {
		data = d.withTables(data)
	}
	if done, err := d.byLibrary(dst, data, &h); done || err != nil {
		return err
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("jpeg: %w", err)
	}
	return d.store(dst, img)
}

// byLibrary decodes by libturbojpeg if that is there and knows this kind of picture.
func (d *Decoder) byLibrary(dst *frames.Picture, data []byte, h *header) (done bool, err error) {
	lib := libraryFor(h.width, h.height)
	if lib == nil || h.model == modelCMYK {
		return false, nil // image/jpeg does it
	}
	if !h.checked() {
		d.turbo.forget()
	}
	if isRGB(dst) {
		return true, d.turbo.decodeRGB(lib, dst, data)
	}
	s, ok := h.sampling()
	if !ok {
		return true, d.byRGB(lib, dst, data)
	}
	if s == samplingGray {
		return true, d.gray(lib, dst, data)
	}
	if s == sampling420 && isNative(dst) && dst.Width%2 == 0 && dst.Height%2 == 0 {
		return true, d.turbo.decodePlanes(lib, planesOf(dst), data)
	}
	d.resizeYCbCr(dst, s.ratio())
	if err := d.turbo.decodePlanes(lib, planesOfYCbCr(&d.ycbcr), data); err != nil {
		return true, err
	}
	return true, d.storeYCbCr(dst, &d.ycbcr)
}

// byRGB decodes what has no planes of the usual kinds.
func (d *Decoder) byRGB(lib *library, dst *frames.Picture, data []byte) error {
	resize(&d.scratch, frames.RGB, dst.Width, dst.Height)
	if err := d.turbo.decodeRGB(lib, &d.scratch, data); err != nil {
		return err
	}
	return d.convert.Convert(dst, &d.scratch)
}

func (d *Decoder) gray(lib *library, dst *frames.Picture, data []byte) error {
	if dst.Format == frames.GRAY8 && dst.Color.Resolve(dst.Format, dst.Height).Range == frames.FullRange {
		return d.turbo.decodePlanes(lib, planesOf(dst), data)
	}
	resize(&d.scratch, frames.GRAY8, dst.Width, dst.Height)
	if err := d.turbo.decodePlanes(lib, planesOf(&d.scratch), data); err != nil {
		return err
	}
	return d.convert.Convert(dst, &d.scratch)
}

// resizeYCbCr makes the planes on the way to dst whole groups of the pixels that share
// chroma, its own bytes if they fit.
func (d *Decoder) resizeYCbCr(dst *frames.Picture, ratio image.YCbCrSubsampleRatio) {
	x, y := chromaSteps(ratio)
	whole := image.Rect(0, 0, (dst.Width+x-1)/x*x, (dst.Height+y-1)/y*y)
	if m := &d.ycbcr; m.SubsampleRatio != ratio || d.whole != whole {
		*m, d.whole = *image.NewYCbCr(whole, ratio), whole
	}
	d.ycbcr.Rect = image.Rect(0, 0, dst.Width, dst.Height)
}

// isNative reports whether a picture is planar with the colours of JPEG.
func isNative(p *frames.Picture) bool {
	return (p.Format == frames.I420 || p.Format == frames.YV12) && p.Color.Resolve(p.Format, p.Height) == colorimetry
}

// isRGB reports whether a picture has red, green and blue in full range.
func isRGB(p *frames.Picture) bool {
	return p.Format != frames.GRAY8 && !p.Format.IsYUV() && p.Color.Resolve(p.Format, p.Height).Range == frames.FullRange
}

// resize makes p a picture of this kind, its own bytes if they fit.
func resize(p *frames.Picture, f frames.PixelFormat, w, h int) {
	if p.Format != f || p.Width != w || p.Height != h {
		*p = frames.NewPicture(f, w, h)
	}
}

// withTables is the picture with the standard Huffman tables before its own, if any:
// motion JPEG leaves them out.
func (d *Decoder) withTables(data []byte) []byte {
	const soi = 2
	d.complete = append(d.complete[:0], data[:soi]...)
	d.complete = append(d.complete, standardTables()...)
	d.complete = append(d.complete, data[soi:]...)
	return d.complete
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
