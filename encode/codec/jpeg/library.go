package jpeg

import (
	"image"
	"sync"

	"github.com/eiengine/eiengine/frames"
)

// libraryVariable names the file of libturbojpeg, or is "off".
const libraryVariable = "EIENGINE_TURBOJPEG"

// openLibrary opens libturbojpeg, once for all. A variable, so that tests can be
// without.
var openLibrary = sync.OnceValues(findLibrary)

// librarySide is the longest side that libturbojpeg takes.
const librarySide = 65500

// libraryFor is the library for pictures of that size, nil if image/jpeg has to do it.
func libraryFor(width, height int) *library {
	lib, err := openLibrary()
	if err != nil || max(width, height) > librarySide {
		return nil
	}
	return lib
}

// Probe says which libturbojpeg is used, such as "libturbojpeg.so.0, TurboJPEG 2". The
// error says why there is none; pictures then go by image/jpeg, several times slower.
func Probe() (name string, err error) {
	lib, err := openLibrary()
	if err != nil {
		return "", err
	}
	return lib.name, nil
}

// sampling is how many pixels share chroma, in the numbers of libturbojpeg.
type sampling int

const (
	sampling444 sampling = iota
	sampling422
	sampling420
	samplingGray
	sampling440
	sampling411
)

// ratio is the same for package image; gray has none.
func (s sampling) ratio() image.YCbCrSubsampleRatio {
	switch s {
	case sampling422:
		return image.YCbCrSubsampleRatio422
	case sampling420:
		return image.YCbCrSubsampleRatio420
	case sampling440:
		return image.YCbCrSubsampleRatio440
	case sampling411:
		return image.YCbCrSubsampleRatio411
	}
	return image.YCbCrSubsampleRatio444
}

// sampling is that of the picture; ok is false for the rare ones which the library
// gives no planes of.
func (h *header) sampling() (s sampling, ok bool) {
	switch {
	case h.model == modelGray:
		return samplingGray, true
	case h.model != modelYCbCr || h.sof[10] != 0x11 || h.sof[13] != 0x11:
		return 0, false
	}
	switch h.sof[7] { // columns and rows of luma for one sample of chroma
	case 0x11:
		return sampling444, true
	case 0x21:
		return sampling422, true
	case 0x22:
		return sampling420, true
	case 0x12:
		return sampling440, true
	case 0x41:
		return sampling411, true
	}
	return 0, false
}

// planes are luma, blue and red chroma; one for gray.
type planes struct {
	data   [3][]byte
	stride [3]int
	n      int
}

// planesOf are those of I420, YV12 or GRAY8, checked by [pixel.Check].
func planesOf(p *frames.Picture) planes {
	out := planes{data: p.Data, stride: p.Stride, n: p.Format.Planes()}
	for i := range out.n {
		// The stride of a single row may be anything.
		if n, rows := p.Format.PlaneSize(i, p.Width, p.Height); rows == 1 {
			out.stride[i] = n
		}
	}
	if p.Format == frames.YV12 {
		out.data[1], out.data[2] = out.data[2], out.data[1]
		out.stride[1], out.stride[2] = out.stride[2], out.stride[1]
	}
	return out
}

func planesOfYCbCr(m *image.YCbCr) planes {
	return planes{data: [3][]byte{m.Y, m.Cb, m.Cr}, stride: [3]int{m.YStride, m.CStride, m.CStride}, n: 3}
}
