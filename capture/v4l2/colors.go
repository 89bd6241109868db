package v4l2

import "github.com/eiengine/eiengine/frames"

// colors is what V4L2 says of the colours of a picture; 0 is the default of the
// colour space.
type colors struct{ space, ycbcr, quantization, xfer uint32 }

// Colour spaces.
const (
	smpte170M  = 1
	smpte240M  = 2
	rec709     = 3
	system470M = 5
	system470B = 6
	spaceJPEG  = 7
	spaceSRGB  = 8
	opRGB      = 9
	bt2020     = 10
)

// spaces are the defaults of the colour spaces, in the codes of caps.
var spaces = map[uint32]frames.ColorCodes{
	smpte170M:  {Range: 2, Matrix: 4, Transfer: 16, Primaries: 4},
	smpte240M:  {Range: 2, Matrix: 5, Transfer: 6, Primaries: 5},
	rec709:     {Range: 2, Matrix: 3, Transfer: 5, Primaries: 1},
	system470M: {Range: 2, Matrix: 4, Transfer: 5, Primaries: 2},
	system470B: {Range: 2, Matrix: 4, Transfer: 5, Primaries: 3},
	spaceJPEG:  {Range: 1, Matrix: 4, Transfer: 7, Primaries: 1},
	spaceSRGB:  {Range: 1, Matrix: 4, Transfer: 7, Primaries: 1},
	opRGB:      {Range: 2, Matrix: 4, Transfer: 8, Primaries: 8},
	bt2020:     {Range: 2, Matrix: 6, Transfer: 11, Primaries: 7},
}

// encodings are the matrices of v4l2_ycbcr_encoding, with 0 for those without a code.
var encodings = map[uint32]int{1: 4, 2: 3, 3: 4, 4: 3, 5: 4, 6: 6, 7: 0, 8: 5}

// transfers are the codes of v4l2_xfer_func.
var transfers = map[uint32]int{1: 5, 2: 7, 3: 8, 4: 6, 5: 1, 7: 14}

// codes are the colours in the numbers of caps; all zero if the driver does not know.
func (c colors) codes(pix frames.PixelFormat) frames.ColorCodes {
	out, known := spaces[c.space]
	if !known {
		return frames.ColorCodes{}
	}
	rgb := pix >= frames.RGB && pix <= frames.XBGR
	if matrix, ok := encodings[c.ycbcr]; ok {
		out.Matrix = matrix
	}
	if rgb {
		out.Matrix = 1
	}
	out.Range = c.codeRange(rgb)
	if code, ok := transfers[c.xfer]; ok {
		out.Transfer = code
	}
	if pix.IsYUV() && out.Matrix == 4 && out.Transfer == 5 {
		out.Transfer = 16 // the same curve by the name that goes with the matrix
	}
	return out
}

// codeRange follows V4L2_MAP_QUANTIZATION_DEFAULT of the kernel's interface.
func (c colors) codeRange(rgb bool) int {
	const full, limited, xv601, xv709 = 1, 2, 3, 4
	switch {
	case c.quantization == 1:
		return full
	case c.quantization == 2:
		return limited
	case rgb && c.space == bt2020:
		return limited
	case rgb, c.ycbcr == xv601, c.ycbcr == xv709, c.space == spaceJPEG:
		return full
	}
	return limited
}
