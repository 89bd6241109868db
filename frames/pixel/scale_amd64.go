//go:build !noasm

package pixel

import "golang.org/x/sys/cpu"

func init() {
	if cpu.X86.HasAVX2 {
		sumRows, weighRow, layTaps = sumRowsFast, weighFast, layTapsAVX2
	}
}

// sumRowsFast leaves lines that are shorter than a register to the reference.
func sumRowsFast(dst []int16, src []byte, stride int, taps []int16) {
	n := len(dst)
	if n < 16 {
		sumRowsReference(dst, src, stride, taps)
		return
	}
	_ = src[(len(taps)-1)*stride+n-1]
	if n >= block && len(taps) == 2 && taps[1] >= 0 && taps[1] < tapOne && taps[0] == tapOne-taps[1] {
		blendRowsAVX2(&dst[0], &src[0], &src[stride], 2*taps[1], n)
		return
	}
	sumRowsAVX2(&dst[0], &src[0], stride, &taps[0], len(taps), n)
}

// weighFast writes whole groups of samples: up to 15 bytes too many.
func weighFast(dst []byte, line []int16, x *axis) {
	b := &x.blocks
	if x.key.channels == 1 {
		groups := len(b.offset) / 8
		_ = dst[8*groups-1]
		if b.steps == 0 {
			weighPairsAVX2(&dst[0], &line[0], &b.offset[0], &b.tap[0], groups)
			return
		}
		weighAVX2(&dst[0], &line[0], &b.offset[0], &b.tap[0], groups, b.steps)
		return
	}
	groups := len(b.offset) / 4
	order := &pixelOrders[x.key.channels-3]
	_ = dst[order.group*(groups-1)+15]
	weighPixelsAVX2(&dst[0], &line[0], &b.offset[0], &b.tap[0], groups, b.steps, order)
}

// layTapsAVX2 makes the tables of the function that will use them. Positions that
// fill the last group have no weight.
func layTapsAVX2(a *axis) {
	b := &a.blocks
	b.tap, b.offset = b.tap[:0], append(b.offset[:0], a.first...)
	group := 8
	if a.key.channels > 1 {
		group = 4
	}
	for len(b.offset)%group > 0 {
		b.offset = append(b.offset, 0)
	}
	switch {
	case a.key.channels > 1:
		b.steps = (a.longest + 1) / 2
	case a.key.pos == 1 && a.longest <= 2:
		a.layPairs()
		return
	default:
		b.steps = ((a.longest-1)*a.key.pos + 8) / 8
	}
	for at := 0; at < len(b.offset); at += group {
		for step := range b.steps {
			for i := range group / 2 { // one for each half of a register
				a.layBlock(at+i, step)
				a.layBlock(at+i+group/2, step)
			}
		}
	}
}

// layPairs lays two taps for each position; no steps say so.
func (a *axis) layPairs() {
	a.blocks.steps = 0
	for i := range a.blocks.offset {
		a.blocks.tap = append(a.blocks.tap, a.tapAt(i, 0), a.tapAt(i, 1))
	}
}

// layBlock lays what the eight samples of one step weigh: two taps, each for all
// channels, or those of as many samples as eight bytes of a row hold, with the gaps
// between them.
func (a *axis) layBlock(position, step int) {
	b, pos := &a.blocks, a.key.pos
	for i := range 8 {
		switch at := 8*step + i; {
		case a.key.channels > 1:
			b.tap = append(b.tap, a.tapAt(position, 2*step+i&1))
		case at%pos > 0:
			b.tap = append(b.tap, 0)
		default:
			b.tap = append(b.tap, a.tapAt(position, at/pos))
		}
	}
}

// tapAt is tap k of a position, 0 beyond the last of either.
func (a *axis) tapAt(position, k int) int16 {
	if position >= len(a.first) || k >= len(a.taps(position)) {
		return 0
	}
	return a.taps(position)[k]
}

// pixelOrder says how weighPixelsAVX2 puts the samples of two pixels side by side,
// and its results together.
type pixelOrder struct {
	pairs [16]uint8 // r0 g0 b0 r1 g1 b1 to r0 r1 g0 g1 b0 b1
	bytes [16]uint8 // r g b x to r g b
	pair  int       // bytes of two pixels in a line
	group int       // bytes of four pixels
}

// pixelOrders are those of pixels of three and of four bytes.
var pixelOrders = [2]pixelOrder{
	{
		pairs: [16]uint8{0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11, nothing, nothing, nothing, nothing},
		bytes: [16]uint8{0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, nothing, nothing, nothing, nothing},
		pair:  12, group: 12,
	},
	{
		pairs: [16]uint8{0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15},
		bytes: [16]uint8{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
		pair:  16, group: 16,
	},
}

// sumRowsAVX2 is sumRowsReference for lines of n samples, 16 at least.
//
//go:noescape
func sumRowsAVX2(dst *int16, src *byte, stride int, taps *int16, rows, n int)

// blendRowsAVX2 is the same of two rows whose taps add up to one, for lines of 32 samples
// at least; tap is twice that of the row below.
//
//go:noescape
func blendRowsAVX2(dst *int16, above, below *byte, tap int16, n int)

// weighAVX2 makes groups of eight bytes, each of them in steps of eight samples.
//
//go:noescape
func weighAVX2(dst *byte, line *int16, offset *int32, tap *int16, groups, steps int)

// weighPairsAVX2 makes groups of eight bytes, each of them of two samples.
//
//go:noescape
func weighPairsAVX2(dst *byte, line *int16, offset *int32, tap *int16, groups int)

// weighPixelsAVX2 makes groups of four pixels, each of them in steps of two. It
// writes 16 bytes for each group.
//
//go:noescape
func weighPixelsAVX2(dst *byte, line *int16, offset *int32, tap *int16, groups, steps int, order *pixelOrder)
