//go:build !noasm

package pixel

func init() { sumRows, weighRow, layTaps = sumRowsFast, weighFast, layTapsNEON }

// sumRowsFast leaves lines that are shorter than a register to the reference.
func sumRowsFast(dst []int16, src []byte, stride int, taps []int16) {
	n := len(dst)
	if n < 16 {
		sumRowsReference(dst, src, stride, taps)
		return
	}
	_ = src[(len(taps)-1)*stride+n-1]
	if n >= block && len(taps) == 2 && taps[1] >= 0 && taps[1] < tapOne && taps[0] == tapOne-taps[1] {
		blendRowsNEON(&dst[0], &src[0], &src[stride], int(taps[1]), n)
		return
	}
	sumRowsNEON(&dst[0], &src[0], stride, &taps[0], len(taps), n)
}

// weighFast writes whole groups of samples: up to 15 bytes too many.
func weighFast(dst []byte, line []int16, x *axis) {
	b := &x.blocks
	switch channels := x.key.channels; channels {
	case 1:
		groups := len(b.offset) / 8
		_ = dst[8*groups-1]
		if b.steps == 0 {
			weighPairsNEON(&dst[0], &line[0], &b.offset[0], &b.tap[0], groups)
			return
		}
		weighNEON(&dst[0], &line[0], &b.offset[0], &b.tap[0], groups, b.steps)
	case 3:
		groups := len(b.offset) / 4
		_ = dst[12*(groups-1)+15]
		weigh3NEON(&dst[0], &line[0], &b.offset[0], &b.tap[0], groups, b.steps, &threeOfFour)
	default:
		groups := len(b.offset) / 4
		_ = dst[16*groups-1]
		weigh4NEON(&dst[0], &line[0], &b.offset[0], &b.tap[0], groups, b.steps, &threeOfFour)
	}
}

// threeOfFour makes pixels of three bytes of those of four.
var threeOfFour = [16]uint8{0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, nothing, nothing, nothing, nothing}

// layTapsNEON makes the tables of the function that will use them. Positions that
// fill the last group have no weight.
func layTapsNEON(a *axis) {
	b, group := &a.blocks, 8
	if a.key.channels > 1 {
		group = 4
	}
	b.tap, b.offset = b.tap[:0], append(b.offset[:0], a.first...)
	for len(b.offset)%group > 0 {
		b.offset = append(b.offset, 0)
	}
	// Each step takes so many samples of a position, those between its own included.
	pos, samples := a.key.pos, 8
	switch {
	case a.key.channels > 1:
		pos, samples = 1, 2
		b.steps = (a.longest + 1) / 2
	case pos == 1 && a.longest <= 2:
		samples = 2
		b.steps = 0 // what says that pairs lie in order
	default:
		b.steps = ((a.longest-1)*pos + 8) / 8
	}
	for at := 0; at < len(b.offset); at += group {
		for step := range max(b.steps, 1) {
			for i := range group * samples {
				b.tap = append(b.tap, a.tapAt(at+i/samples, step*samples+i%samples, pos))
			}
		}
	}
}

// tapAt is the weight for a position of the sample that lies so far behind its first,
// 0 for what lies between its samples or beyond them.
func (a *axis) tapAt(position, distance, pos int) int16 {
	if position >= len(a.first) || distance%pos > 0 || distance/pos >= len(a.taps(position)) {
		return 0
	}
	return a.taps(position)[distance/pos]
}

// sumRowsNEON is sumRowsReference for lines of n samples, 16 at least.
//
//go:noescape
func sumRowsNEON(dst *int16, src *byte, stride int, taps *int16, rows, n int)

// blendRowsNEON is the same of two rows whose taps add up to one, for lines of 32 samples
// at least; tap is that of the row below.
//
//go:noescape
func blendRowsNEON(dst *int16, above, below *byte, tap, n int)

// weighPairsNEON makes groups of eight bytes, each of them of two samples.
//
//go:noescape
func weighPairsNEON(dst *byte, line *int16, offset *int32, tap *int16, groups int)

// weighNEON makes groups of eight bytes, each of them in steps of eight samples.
//
//go:noescape
func weighNEON(dst *byte, line *int16, offset *int32, tap *int16, groups, steps int)

// weigh3NEON makes groups of four pixels of three bytes, each of them in steps of two.
// It writes 16 bytes for each group; order brings 12 of them together.
//
//go:noescape
func weigh3NEON(dst *byte, line *int16, offset *int32, tap *int16, groups, steps int, order *[16]uint8)

// weigh4NEON is weigh3NEON for pixels of four bytes, which need no order.
//
//go:noescape
func weigh4NEON(dst *byte, line *int16, offset *int32, tap *int16, groups, steps int, order *[16]uint8)
