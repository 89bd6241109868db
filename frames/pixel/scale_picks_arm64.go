//go:build !noasm

package pixel

import "slices"

func init() {
	pickRow, mixPicks, mixLine = pickFast, mixPicksFast, mixLineFast
	layPicks, layLines = layPicksNEON, layLinesNEON
}

const (
	window   = 16 // bytes, of a row and of what is picked
	maxSteps = 16 // windows beyond which fetching bytes costs less
)

// layPicksNEON lays windows for every 16 bytes, the last of which end where the row
// does. Rows shorter than that get none, nor do those whose windows do not fit into the
// source.
func layPicksNEON(p *picks) {
	w := &p.windows
	w.offset, w.shuffle, w.steps = w.offset[:0], w.shuffle[:0], 0
	n := len(p.at)
	if n < window {
		return
	}
	steps := 1
	for begin := 0; begin < n; begin += window {
		_, span := spanOf(p.at[min(begin, n-window):][:window])
		steps = max(steps, (span+window-1)/window)
	}
	if steps > maxSteps || steps*window > p.of {
		return
	}
	w.steps = steps
	for begin := 0; begin < n; begin += window {
		p.layWindows(p.at[min(begin, n-window):][:window])
	}
}

// spanOf is the first of some positions, and how many there are up to the last.
func spanOf(at []int32) (first, span int) {
	least, most := slices.Min(at), slices.Max(at)
	return int(least), int(most-least) + 1
}

// layWindows lays those of 16 bytes.
func (p *picks) layWindows(at []int32) {
	w := &p.windows
	first, _ := spanOf(at)
	first = min(first, p.of-w.steps*window)
	w.offset = append(w.offset, int32(first))
	for step := range w.steps {
		for _, from := range at {
			place := int(from) - first - step*window
			if place < 0 || place >= window {
				place = nothing
			}
			w.shuffle = append(w.shuffle, uint8(place))
		}
	}
}

func pickFast(dst, src []byte, p *picks) {
	w := &p.windows
	if w.steps == 0 {
		pickReference(dst, src, p)
		return
	}
	n := len(p.at)
	_, _ = dst[n-1], src[p.of-1]
	pickNEON(&dst[0], &src[0], &w.offset[0], &w.shuffle[0], n, w.steps)
}

// layLinesNEON lays windows of eight samples for every four bytes. There are none for
// rows of less than 16 bytes, or where a window is too small.
func layLinesNEON(m *rowMap) {
	m.windows.halves, m.lines.doubles = m.layPattern(), m.doubles()
	w := &m.lines
	w.offset, w.shuffle, w.steps = w.offset[:0], w.shuffle[:0], 0
	n := m.key.rowLength
	if n < window {
		return
	}
	const samples = 8
	for begin := 0; begin < n; begin += window {
		at := m.at[2*min(begin, n-window):][:2*window]
		for i := 0; i < len(at); i += samples {
			first, span := spanOf(at[i : i+samples])
			if span > samples {
				return
			}
			w.offset = append(w.offset, int32(first))
			for _, from := range at[i : i+samples] {
				place := 2 * (int(from) - first)
				w.shuffle = append(w.shuffle, uint8(place), uint8(place+1))
			}
		}
	}
	w.steps = 1
}

func mixPicksFast(dst, src []byte, distance int, down [2]int16, m *rowMap) {
	w, n := &m.windows, len(dst)
	if w.steps == 0 || down[1] < 0 || down[1] == tapOne {
		mixPicksReference(dst, src, distance, down, m)
		return
	}
	_, _ = src[distance+m.of-1], m.taps[2*n-1]
	if w.halves && down[0] == down[1] {
		halveNEON(&dst[0], &src[0], &src[distance], &w.pattern, n)
		return
	}
	mixPicksNEON(&dst[0], &src[0], distance, &w.offset[0], &w.shuffle[0], int(down[1]), &m.taps[0], n, w.steps)
}

// mixLineFast reads whole windows: up to seven samples beyond the last.
func mixLineFast(dst []byte, line []int16, m *rowMap) {
	w := &m.lines
	if w.steps == 0 {
		mixLineReference(dst, line, m)
		return
	}
	n := len(dst)
	_, _ = line[m.key.sourceBytes+8], m.taps[2*n-1]
	if w.doubles {
		for _, i := range [...]int{0, 1, n - 2, n - 1} {
			dst[i] = m.mixOne(line, i)
		}
		doubleNEON(&dst[2], &line[1], n-4)
		return
	}
	mixLineNEON(&dst[0], &line[0], &w.offset[0], &w.shuffle[0], &m.taps[0], n)
}

// pickNEON fetches n bytes, 16 at least.
//
//go:noescape
func pickNEON(dst, src *byte, offset *int32, shuffle *byte, n, steps int)

// mixPicksNEON weighs two rows, distance bytes apart, of which the one below has below
// for its tap, and pairs of what comes out, for n bytes, eight at least.
//
//go:noescape
func mixPicksNEON(dst, src *byte, distance int, offset *int32, shuffle *byte, below int, tap *int16, n, steps int)

// mixLineNEON weighs pairs for n bytes, 16 at least, that it takes out of windows.
//
//go:noescape
func mixLineNEON(dst *byte, line *int16, offset *int32, shuffle *byte, tap *int16, n int)

// halveNEON makes n bytes, 32 at least, each the mean of two bytes of two rows. The
// pattern says which two, in every 16.
//
//go:noescape
func halveNEON(dst, above, below *byte, pattern *[16]uint8, n int)

// doubleNEON makes n bytes, an even number of 32 at least, of half as many samples. It
// reads one sample before them and one after.
//
//go:noescape
func doubleNEON(dst *byte, line *int16, n int)
