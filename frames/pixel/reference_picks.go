package pixel

// pickReference fetches the bytes of a row.
func pickReference(dst, src []byte, p *picks) {
	for i, at := range p.at {
		dst[i] = src[at]
	}
}

// mixPicksReference weighs two samples from each of two rows of src, which are distance
// bytes apart, for each byte. It rounds as sumRows and weighRow do.
func mixPicksReference(dst, src []byte, distance int, down [2]int16, m *rowMap) {
	const shift = tapBits - lineBits
	below, v, w := src[distance:], int32(down[0]), int32(down[1])
	for i := range dst {
		at, taps := m.at[2*i:2*i+2], m.taps[2*i:2*i+2]
		left := (int32(src[at[0]])*v + int32(below[at[0]])*w + 1<<(shift-1)) >> shift
		right := (int32(src[at[1]])*v + int32(below[at[1]])*w + 1<<(shift-1)) >> shift
		dst[i] = roundLine(left*int32(taps[0]) + right*int32(taps[1]))
	}
}

// mixLineReference weighs two samples of a line for each byte.
func mixLineReference(dst []byte, line []int16, m *rowMap) {
	for i := range dst {
		dst[i] = m.mixOne(line, i)
	}
}

func (m *rowMap) mixOne(line []int16, i int) byte {
	at, taps := m.at[2*i:2*i+2], m.taps[2*i:2*i+2]
	return roundLine(int32(line[at[0]])*int32(taps[0]) + int32(line[at[1]])*int32(taps[1]))
}
