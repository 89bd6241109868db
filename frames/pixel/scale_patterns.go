//go:build (amd64 || arm64) && !noasm

package pixel

// Scaling to half the size and to twice the size has kernels of its own.

// layPattern reports whether every byte is the mean of two, which always lie in the same
// places, 16 bytes of the source for eight, and lays these.
func (m *rowMap) layPattern() bool {
	n := m.key.rowLength
	if n < block || m.key.sourceBytes < 2*n {
		return false
	}
	pattern := &m.windows.pattern
	for i := range pattern {
		pattern[i] = uint8(m.at[i])
	}
	for begin := 0; begin < n; begin += block {
		begin := min(begin, n-block)
		for i := range 2 * block {
			at, tap := m.at[2*begin+i], m.taps[2*begin+i]
			if tap != tapOne/2 || int(at) != 2*begin+i&^(window-1)+int(pattern[i%window]) {
				return false
			}
		}
	}
	return true
}

// doubles reports whether every sample becomes two, each with a quarter of what is on
// its other side.
func (m *rowMap) doubles() bool {
	n := m.key.rowLength
	if n < block+4 || n != 2*m.key.sourceBytes {
		return false
	}
	for i := 2; i < n-2; i++ {
		at, taps := m.at[2*i:], m.taps[2*i:]
		near, first := (i+1)%2, (i-1)/2
		if int(at[0]) != first || int(at[1]) != first+1 || taps[near] != 3*tapOne/4 || taps[1-near] != tapOne/4 {
			return false
		}
	}
	return true
}
