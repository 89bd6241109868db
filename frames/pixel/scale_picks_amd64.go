//go:build !noasm

package pixel

import (
	"slices"

	"golang.org/x/sys/cpu"
)

func init() {
	if cpu.X86.HasAVX2 {
		pickRow, mixPicks, mixLine = pickFast, mixPicksFast, mixLineFast
		layPicks, layLines = layPicksAVX2, layLinesAVX2
	}
}

const (
	window   = 16 // bytes
	maxSteps = 24 // windows beyond which fetching bytes is faster
)

// layPicksAVX2 lays blocks of 32 bytes, of which the last ends where the row does and
// may overlap the one before. Rows shorter than that get none, nor do those whose
// windows do not fit into the source.
func layPicksAVX2(p *picks) {
	w := &p.windows
	w.offset, w.shuffle, w.steps = w.offset[:0], w.shuffle[:0], 0
	n := len(p.at)
	if n < block {
		return
	}
	steps := 1
	for begin := 0; begin < n; begin += block / 2 {
		half := p.at[max(min(begin, n-block/2), 0):]
		_, span := spanOf(half[:block/2])
		steps = max(steps, (span+window-1)/window)
	}
	// The halves of the last block lie elsewhere than those before it.
	for _, begin := range []int{n - block, n - block/2} {
		_, span := spanOf(p.at[begin : begin+block/2])
		steps = max(steps, (span+window-1)/window)
	}
	if steps > maxSteps || steps*window > p.of {
		return
	}
	w.steps = steps
	for begin := 0; begin < n; begin += block {
		p.layBlock(p.at[min(begin, n-block):][:block])
	}
}

// spanOf is the first of some positions, and how many there are up to the last.
func spanOf(at []int32) (first, span int) {
	least, most := slices.Min(at), slices.Max(at)
	return int(least), int(most-least) + 1
}

// layBlock lays the windows of 32 bytes.
func (p *picks) layBlock(at []int32) {
	w := &p.windows
	var first [2]int
	for half := range first {
		first[half], _ = spanOf(at[half*block/2:][:block/2])
		first[half] = min(first[half], p.of-w.steps*window)
		w.offset = append(w.offset, int32(first[half]))
	}
	for step := range w.steps {
		for i, from := range at {
			place := int(from) - first[i/(block/2)] - step*window
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
	pickAVX2(&dst[0], &src[0], &w.offset[0], &w.shuffle[0], n, w.steps)
}

// layAcross lays the taps of blocks of 16 bytes, those of four bytes and of the four
// that are eight further on in one register.
func (m *rowMap) layAcross() {
	m.across = m.across[:0]
	n := m.key.rowLength
	for begin := 0; begin < n && n >= block/2; begin += block / 2 {
		taps := m.taps[2*min(begin, n-block/2):]
		for _, four := range [][]int16{taps[:8], taps[16:24], taps[8:16], taps[24:32]} {
			m.across = append(m.across, four...)
		}
	}
}

// layLinesAVX2 lays groups of eight bytes, of samples in two windows of eight. There
// are none for rows of less than four groups, or where a window is too small.
func layLinesAVX2(m *rowMap) {
	m.layAcross()
	m.windows.halves, m.lines.doubles = m.layPattern(), m.doubles()
	w := &m.lines
	w.offset, w.shuffle, w.steps = w.offset[:0], w.shuffle[:0], 0
	n := m.key.rowLength
	if n < block {
		return
	}
	const half = 8 // samples for four bytes
	for begin := 0; begin < n; begin += block {
		at := m.at[2*min(begin, n-block):][:2*block]
		for i := 0; i < len(at); i += half {
			first, span := spanOf(at[i : i+half])
			if span > half {
				return
			}
			w.offset = append(w.offset, int32(first))
			for _, from := range at[i : i+half] {
				place := 2 * (int(from) - first)
				w.shuffle = append(w.shuffle, uint8(place), uint8(place+1))
			}
		}
	}
	w.steps = 1
}

func mixPicksFast(dst, src []byte, distance int, down [2]int16, m *rowMap) {
	w := &m.windows
	if w.steps == 0 || down[1] < 0 || down[1] == tapOne {
		mixPicksReference(dst, src, distance, down, m)
		return
	}
	n := len(dst)
	_ = src[distance+m.of-1]
	if w.halves && down[0] == down[1] {
		halveAVX2(&dst[0], &src[0], &src[distance], &w.pattern, n)
		return
	}
	mixPicksAVX2(&dst[0], &src[0], distance, &w.offset[0], &w.shuffle[0], 2*down[1], &m.across[0], n, w.steps)
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
		doubleAVX2(&dst[2], &line[1], n-4)
		return
	}
	mixLineAVX2(&dst[0], &line[0], &w.offset[0], &w.shuffle[0], &m.taps[0], n)
}

// pickAVX2 fetches n bytes, 32 at least.
//
//go:noescape
func pickAVX2(dst, src *byte, offset *int32, shuffle *byte, n, steps int)

// mixPicksAVX2 weighs two rows, distance bytes apart, of which the one below has half of
// below for its tap, and pairs of what comes out, for n bytes, 16 at least.
//
//go:noescape
func mixPicksAVX2(dst, src *byte, distance int, offset *int32, shuffle *byte, below int16, across *int16, n, steps int)

// halveAVX2 makes n bytes, 32 at least, each the mean of two bytes of two rows. The
// pattern says which two, in every 16.
//
//go:noescape
func halveAVX2(dst, above, below *byte, pattern *[16]uint8, n int)

// mixLineAVX2 weighs pairs for n bytes, 32 at least, that it takes out of windows.
//
//go:noescape
func mixLineAVX2(dst *byte, line *int16, offset *int32, shuffle *byte, tap *int16, n int)

// doubleAVX2 makes n bytes, an even number of 32 at least, of half as many samples. It
// reads one sample before them and one after.
//
//go:noescape
func doubleAVX2(dst *byte, line *int16, n int)
