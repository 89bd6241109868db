package frames

import (
	"fmt"
	"strconv"
	"strings"
)

// ColorCodes are the four numbers of the caps field colorimetry, in GStreamer's
// numbering; 0 is unknown. The engine itself goes by the first two.
type ColorCodes struct {
	Range     int // 1 full, 2 limited
	Matrix    int // 1 RGB, 2 FCC, 3 BT.709, 4 BT.601, 5 SMPTE 240M, 6 BT.2020
	Transfer  int // how values become light, such as 5 for BT.709, 7 for sRGB
	Primaries int // which red, green and blue, such as 1 for BT.709
}

// colorNames are GStreamer's names of common colours.
var colorNames = []struct {
	name  string
	codes ColorCodes
}{
	{"bt601", ColorCodes{2, 4, 16, 4}},
	{"bt709", ColorCodes{2, 3, 5, 1}},
	{"smpte240m", ColorCodes{2, 5, 6, 5}},
	{"sRGB", ColorCodes{1, 1, 7, 1}},
	{"bt2020", ColorCodes{2, 6, 11, 7}},
	{"bt2020-10", ColorCodes{2, 6, 13, 7}},
	{"bt2100-pq", ColorCodes{2, 6, 14, 7}},
	{"bt2100-hlg", ColorCodes{2, 6, 15, 7}},
}

// ParseColorCodes reads the caps field colorimetry: a name such as "bt709", or four
// numbers such as "1:3:5:1". Of other text all codes are unknown.
func ParseColorCodes(text string) (c ColorCodes) {
	for _, known := range colorNames {
		if known.name == text {
			return known.codes
		}
	}
	parts := strings.Split(text, ":")
	if len(parts) != 4 {
		return c
	}
	for i, to := range []*int{&c.Range, &c.Matrix, &c.Transfer, &c.Primaries} {
		n, err := strconv.ParseUint(parts[i], 10, 8)
		if err != nil {
			return ColorCodes{}
		}
		*to = int(n)
	}
	return c
}

// String is the name, or the numbers where there is none.
func (c ColorCodes) String() string {
	for _, known := range colorNames {
		if known.codes == c {
			return known.name
		}
	}
	return fmt.Sprintf("%d:%d:%d:%d", c.Range, c.Matrix, c.Transfer, c.Primaries)
}

// matrixCodes and rangeCodes are the codes of the constants.
var (
	matrixCodes = [...]int{MatrixDefault: 0, FCC: 2, BT709: 3, BT601: 4, SMPTE240M: 5, BT2020: 6}
	rangeCodes  = [...]int{RangeDefault: 0, LimitedRange: 2, FullRange: 1}
)

// Colorimetry is what the engine goes by.
func (c ColorCodes) Colorimetry() (out Colorimetry) {
	for m, code := range matrixCodes {
		if code == c.Matrix {
			out.Matrix = ColorMatrix(m)
		}
	}
	for r, code := range rangeCodes {
		if code == c.Range {
			out.Range = ColorRange(r)
		}
	}
	return out
}

// codes are the usual codes of a colorimetry that names a matrix.
func (c Colorimetry) codes() ColorCodes {
	codes := ColorCodes{rangeCodes[c.Range], matrixCodes[c.Matrix], 0, 0}
	if c.Range != FullRange {
		for _, known := range colorNames {
			if known.codes.Matrix == codes.Matrix {
				return known.codes
			}
		}
	}
	if c == (Colorimetry{BT709, FullRange}) {
		codes.Transfer, codes.Primaries = 5, 1
	}
	return codes
}
