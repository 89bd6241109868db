package jpeg

import (
	"errors"
	"fmt"

	"github.com/eiengine/eiengine/frames"
)

// model is what the components of a picture stand for.
type model uint8

const (
	modelGray model = iota
	modelYCbCr
	modelRGB
	modelCMYK // and YCCK
)

// header is what a picture says of itself before its first scan.
type header struct {
	segments
	width, height int
	model         model
}

// Config tells size, best format and colours of the picture: I420 in full range,
// GRAY8, or RGB for the rare ones that hold RGB or CMYK. FPS is 0/1. Errors: not a
// JPEG, damaged, of a kind that is not decoded, larger than MaxPixels.
func Config(data []byte) (frames.VideoInfo, error) {
	h, err := readHeader(data)
	if err != nil {
		return frames.VideoInfo{}, err
	}
	return h.info(), nil
}

func (h *header) info() frames.VideoInfo {
	v := frames.VideoInfo{Format: frames.RGB, Width: h.width, Height: h.height, FPS: frames.Fraction{Num: 0, Den: 1}}
	switch h.model {
	case modelYCbCr:
		v.Format, v.Color = frames.I420, colorimetry
	case modelGray:
		v.Format = frames.GRAY8
	}
	return v
}

// readHeader finds and checks the header of the picture (ITU-T T.81, B.2.2).
func readHeader(data []byte) (h header, err error) {
	if len(data) == 0 {
		return h, errNoData
	}
	if h.segments, err = walk(data); err != nil {
		return h, err
	}
	if h.sof == nil {
		if h.end == 0 {
			return h, fmt.Errorf("jpeg: cut off: no header of a picture in %d bytes", len(data))
		}
		return h, errors.New("jpeg: damaged: no header of a picture")
	}
	if len(h.sof) < 6 || len(h.sof) < 6+3*int(h.sof[5]) {
		return h, fmt.Errorf("jpeg: damaged: header of %d bytes", len(h.sof))
	}
	switch h.sofMarker - markerSOF0 {
	case 0, 1, 2: // sequential and progressive
	case 9, 10: // the same in arithmetic coding, which libturbojpeg may know
	default:
		return h, fmt.Errorf("jpeg: pictures of kind SOF%d (lossless or hierarchical) are not decoded: save it as baseline JPEG", h.sofMarker-markerSOF0)
	}
	if h.sof[0] != 8 {
		return h, fmt.Errorf("jpeg: pictures of %d bits a sample are not decoded: save it with 8", h.sof[0])
	}
	h.height, h.width = int(h.sof[1])<<8|int(h.sof[2]), int(h.sof[3])<<8|int(h.sof[4])
	if h.width < 1 || h.height < 1 {
		return h, fmt.Errorf("jpeg: damaged: size of %dx%d pixels", h.width, h.height)
	}
	if h.width > MaxPixels/h.height {
		return h, fmt.Errorf("jpeg: %dx%d pixels exceed the limit of %d", h.width, h.height, MaxPixels)
	}
	switch n := h.sof[5]; n {
	case 1:
		h.model = modelGray
	case 3:
		h.model = h.model3()
	case 4:
		h.model = modelCMYK
	default:
		return h, fmt.Errorf("jpeg: pictures of %d components are not decoded: save it as gray, YCbCr, RGB or CMYK", n)
	}
	return h, nil
}

// model3 tells what three components are, which no header of JPEG itself does, by
// the rules of libjpeg.
func (h *header) model3() model {
	const transform = 11 // where Adobe's segment says it
	switch {
	case h.jfif:
		return modelYCbCr
	case len(h.adobe) > transform && h.adobe[transform] == 0:
		return modelRGB
	case len(h.adobe) > transform:
		return modelYCbCr
	case h.component(0) == 'R' && h.component(1) == 'G' && h.component(2) == 'B':
		return modelRGB
	}
	return modelYCbCr
}

// component is the name of the component i.
func (h *header) component(i int) byte { return h.sof[6+3*i] }

// checkScan looks whether there are tables for the first scan, so that none of an
// earlier picture can serve. noHuffman says that standard ones are to be put in.
func (h *header) checkScan() (noHuffman bool, err error) {
	if len(h.sos) < 1 || len(h.sos) < 1+2*int(h.sos[0])+3 {
		return false, errors.New("jpeg: damaged: no scan")
	}
	for i := range int(h.sos[0]) {
		name, tables := h.sos[1+2*i], h.sos[2+2*i]
		for c := range int(h.sof[5]) {
			if table := h.sof[8+3*c]; h.component(c) == name && h.quantized>>(table&7)&1 == 0 {
				return false, fmt.Errorf("jpeg: damaged: quantization table %d is missing", table)
			}
		}
		dc, ac := tables>>4&3, tables&3
		noHuffman = noHuffman || h.huffman>>dc&1 == 0 || h.huffman>>(4+ac)&1 == 0
	}
	switch h.sofMarker - markerSOF0 {
	case 0, 1:
		return noHuffman, nil
	case 2: // its scans need but some of the tables, and bring their own
		return h.huffman == 0, nil
	}
	return false, nil
}

// checked reports whether the tables that checkScan looked at are all that there are to
// be: the first scan is the only one.
func (h *header) checked() bool {
	return h.sofMarker <= markerSOF0+1 && h.sos[0] == h.sof[5]
}
