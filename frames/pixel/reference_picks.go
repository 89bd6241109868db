package pixel

// pickReference fetches the bytes of a row.
func pickReference(dst, src []byte, p *picks) {
	for i, at := range p.at {
		dst[i] = src[at]
	}
}

// mixReference weighs two samples of a line for each byte.
func mixReference(dst []byte, line, taps []int16) {
	line, taps = line[:2*len(dst)], taps[:2*len(dst)]
	for i := range dst {
		dst[i] = roundLine(int32(line[2*i])*int32(taps[2*i]) + int32(line[2*i+1])*int32(taps[2*i+1]))
	}
}

// mixLineReference is mixReference for samples that lie where they do in a row.
func mixLineReference(dst []byte, line []int16, m *rowMap) {
	for i := range dst {
		at, taps := m.at[2*i:2*i+2], m.taps[2*i:2*i+2]
		dst[i] = roundLine(int32(line[at[0]])*int32(taps[0]) + int32(line[at[1]])*int32(taps[1]))
	}
}
