package png

// filter makes rows easy to compress by storing differences to the neighbours
// (PNG specification, section 9).
type filter struct {
	bpp  int
	zero []byte    // the row above the first
	rows [5][]byte // candidates, each behind its type byte
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
	if len(f.zero) == rowBytes {
		return
	}
	f.zero = make([]byte, rowBytes)
	for i := range f.rows {
		f.rows[i] = make([]byte, 1+rowBytes)
		f.rows[i][0] = byte(i)
	}
}

// row is the row filtered, behind its type byte; above is nil for the first. At
// level 0 nothing is filtered, up to 3 one filter is tried, from there on those
// that pay, by the usual rule: the one with the smallest sum of magnitudes.
func (f *filter) row(row, above []byte, level int) []byte {
	if above == nil {
		above = f.zero
	}
	if level == 0 {
		copy(f.rows[filterNone][1:], row)
		return f.rows[filterNone]
	}
	up := f.rows[filterUp]
	cost := upRow(up[1:], row, above)
	if level <= 3 {
		return up
	}
	best := up
	sub := f.rows[filterSub]
	if c := subRow(sub[1:], row, f.bpp); c < cost {
		best, cost = sub, c
	}
	average := f.rows[filterAverage]
	if c := averageRow(average[1:], row, above, f.bpp); c < cost {
		best, cost = average, c
	}
	paeth := f.rows[filterPaeth]
	if c := paethRow(paeth[1:], row, above, f.bpp); c < cost {
		best, cost = paeth, c
	}
	none := f.rows[filterNone]
	copy(none[1:], row)
	if c := magnitude(row); c < cost {
		best = none
	}
	return best
}

// abs8 is the magnitude of a byte taken as signed.
func abs8(d byte) int {
	v := int32(int8(d))
	m := v >> 31
	return int((v ^ m) - m)
}

func magnitude(row []byte) (sum int) {
	for _, v := range row {
		sum += abs8(v)
	}
	return sum
}

func upRow(dst, row, above []byte) (sum int) {
	dst, above = dst[:len(row)], above[:len(row)]
	for i, v := range row {
		d := v - above[i]
		dst[i] = d
		sum += abs8(d)
	}
	return sum
}

func subRow(dst, row []byte, bpp int) (sum int) {
	copy(dst, row[:bpp])
	sum = magnitude(row[:bpp])
	left, dst := row[:len(row)-bpp], dst[bpp:len(row)]
	for i, v := range row[bpp:] {
		d := v - left[i]
		dst[i] = d
		sum += abs8(d)
	}
	return sum
}

func averageRow(dst, row, above []byte, bpp int) (sum int) {
	for i := range bpp {
		dst[i] = row[i] - above[i]/2
		sum += abs8(dst[i])
	}
	left, dst := row[:len(row)-bpp], dst[bpp:len(row)]
	above = above[bpp:len(row)]
	for i, v := range row[bpp:] {
		d := v - byte((uint(left[i])+uint(above[i]))/2)
		dst[i] = d
		sum += abs8(d)
	}
	return sum
}

func paethRow(dst, row, above []byte, bpp int) (sum int) {
	for i := range bpp {
		dst[i] = row[i] - above[i]
		sum += abs8(dst[i])
	}
	left, corner := row[:len(row)-bpp], above[:len(row)-bpp]
	dst, above = dst[bpp:len(row)], above[bpp:len(row)]
	for i, v := range row[bpp:] {
		d := v - paeth(left[i], above[i], corner[i])
		dst[i] = d
		sum += abs8(d)
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
