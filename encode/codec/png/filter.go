package png

import (
	"bytes"
	"encoding/binary"
)

// filter makes rows easy to compress by storing differences to the neighbours
// (PNG specification, section 9). It works on eight bytes at a time.
type filter struct {
	bpp  int
	zero []byte // the row above the first
}

// The filter types.
const (
	filterNone = iota
	filterSub
	filterUp
	filterAverage
	filterPaeth
)

func (f *filter) begin(rowBytes, bpp int) {
	f.bpp = bpp
	if len(f.zero) != rowBytes {
		f.zero = make([]byte, rowBytes)
	}
}

// row stores the row filtered in dst, behind its type byte; above is nil for the first.
func (f *filter) row(dst, row, above []byte, level int) {
	if above == nil {
		above = f.zero
	}
	kind := filterNone
	switch {
	case level == 0:
	case bytes.Equal(row, above):
		kind = filterUp
	default:
		kind = f.choose(row, above, level)
	}
	dst[0] = byte(kind)
	dst = dst[1:]
	switch kind {
	case filterNone:
		copy(dst, row)
	case filterSub:
		copy(dst, row[:f.bpp])
		differences(dst[f.bpp:], row[f.bpp:], row)
	case filterUp:
		differences(dst, row, above)
	case filterAverage:
		f.average(dst, row, above)
	case filterPaeth:
		f.paeth(dst, row, above)
	}
}

// choose takes the filter whose result has the smallest sum of magnitudes, which is the
// usual rule, by a sample of the row, and from level 7 on by all of it.
func (f *filter) choose(row, above []byte, level int) int {
	step := 32
	if level > 6 {
		step = 8
	}
	c := f.costs(row, above, step)
	if level > 6 {
		c[filterPaeth] = f.paethCost(row, above)
	} else {
		c[filterPaeth] = c[filterUp] + 1 // never the best
	}
	best := filterUp
	for _, kind := range [...]int{filterSub, filterAverage, filterPaeth, filterNone} {
		if c[kind] < c[best] {
			best = kind
		}
	}
	return best
}

const (
	high  = 0x8080808080808080
	lanes = 0x00FF00FF00FF00FF
	ones  = 0x0001000100010001
)

// minus is a - b in each of eight bytes.
func minus(a, b uint64) uint64 { return ((a | high) - (b &^ high)) ^ ((a ^ ^b) & high) }

// mean is half of a + b in each byte, rounded down.
func mean(a, b uint64) uint64 { return a&b + (a^b)>>1&^high }

// magnitude is the sum of the bytes' magnitudes, taken as signed.
func magnitude(v uint64) int {
	negative := v & high >> 7
	v = (v ^ negative*0xFF) + negative
	return int((v&lanes + v>>8&lanes) * ones >> 48)
}

// costs are the magnitudes after each filter but that of Paeth, of eight bytes in step.
func (f *filter) costs(row, above []byte, step int) (c [5]int) {
	for i := f.bpp; i+8 <= len(row); i += step {
		v, left, up := word(row, i), word(row, i-f.bpp), word(above, i)
		c[filterNone] += magnitude(v)
		c[filterSub] += magnitude(minus(v, left))
		c[filterUp] += magnitude(minus(v, up))
		c[filterAverage] += magnitude(minus(v, mean(left, up)))
	}
	return c
}

func word(b []byte, at int) uint64 { return binary.LittleEndian.Uint64(b[at:]) }

// differences stores a - b, for as many bytes as a has.
func differences(dst, a, b []byte) {
	dst, b = dst[:len(a)], b[:len(a)]
	for len(a) >= 8 && len(b) >= 8 && len(dst) >= 8 {
		binary.LittleEndian.PutUint64(dst, minus(word(a, 0), word(b, 0)))
		a, b, dst = a[8:], b[8:], dst[8:]
	}
	for i, v := range a {
		dst[i] = v - b[i]
	}
}

func (f *filter) average(dst, row, above []byte) {
	for i := range f.bpp {
		dst[i] = row[i] - above[i]/2
	}
	left, dst := row, dst[f.bpp:]
	row, above = row[f.bpp:], above[f.bpp:]
	for len(row) >= 8 && len(above) >= 8 && len(dst) >= 8 && len(left) >= 8 {
		binary.LittleEndian.PutUint64(dst, minus(word(row, 0), mean(word(left, 0), word(above, 0))))
		row, above, dst, left = row[8:], above[8:], dst[8:], left[8:]
	}
	for i, v := range row {
		dst[i] = v - byte((uint(left[i])+uint(above[i]))/2)
	}
}

func (f *filter) paeth(dst, row, above []byte) {
	differences(dst[:f.bpp], row[:f.bpp], above)
	left, corner := row[:len(row)-f.bpp], above[:len(row)-f.bpp]
	dst, above, row = dst[f.bpp:], above[f.bpp:], row[f.bpp:]
	for i, v := range row {
		dst[i] = v - paeth(left[i], above[i], corner[i])
	}
}

// paethCost is the sum of magnitudes after the filter of Paeth.
func (f *filter) paethCost(row, above []byte) (sum int) {
	left, corner := row[:len(row)-f.bpp], above[:len(row)-f.bpp]
	above, row = above[f.bpp:], row[f.bpp:]
	for i, v := range row {
		d := int(int8(v - paeth(left[i], above[i], corner[i])))
		sum += max(d, -d)
	}
	return sum
}

// paeth is the neighbour nearest to left + above - corner.
func paeth(left, above, corner byte) byte {
	a, b := int(above)-int(corner), int(left)-int(corner)
	pa, pb, pc := max(a, -a), max(b, -b), max(a+b, -a-b)
	if pa <= pb && pa <= pc {
		return left
	}
	if pb <= pc {
		return above
	}
	return corner
}
