//go:build !noasm

package pixel

import (
	"slices"

	"golang.org/x/sys/cpu"
)

func init() {
	if cpu.X86.HasAVX2 {
		pickRow, mixRow, mixLine = pickFast, mixFast, mixLineFast
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

// layLinesAVX2 lays groups of eight bytes, of samples in two windows of eight. There
// are none for rows of less than four groups, or where a window is too small.
func layLinesAVX2(m *rowMap) {
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

func mixFast(dst []byte, line, taps []int16) {
	n := len(dst)
	if n < block {
		mixReference(dst, line, taps)
		return
	}
	_, _ = line[2*n-1], taps[2*n-1]
	mixAVX2(&dst[0], &line[0], &taps[0], n)
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
	mixLineAVX2(&dst[0], &line[0], &w.offset[0], &w.shuffle[0], &m.taps[0], n)
}

// pickAVX2 fetches n bytes, 32 at least.
//
//go:noescape
func pickAVX2(dst, src *byte, offset *int32, shuffle *byte, n, steps int)

// mixAVX2 weighs pairs for n bytes, 32 at least.
//
//go:noescape
func mixAVX2(dst *byte, line, tap *int16, n int)

// mixLineAVX2 weighs pairs for n bytes, 32 at least, that it takes out of windows.
//
//go:noescape
func mixLineAVX2(dst *byte, line *int16, offset *int32, shuffle *byte, tap *int16, n int)
