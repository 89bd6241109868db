package deflate

import (
	"encoding/binary"
	"math/bits"
)

const hashBits = 13

// hash is that of the first three bytes of v.
func hash(v uint32) uint32 { return v << 8 * 0x9E3779B1 >> (32 - hashBits) }

func load(b []byte, at int) uint32 { return binary.LittleEndian.Uint32(b[at:]) }

// same is how many bytes are equal from two places on; the second is the later one and
// must not go past end.
func same(buf []byte, a, b, end int) int {
	n, most := 0, min(maxMatch, end-b)
	for n+8 <= most {
		x := binary.LittleEndian.Uint64(buf[a+n:]) ^ binary.LittleEndian.Uint64(buf[b+n:])
		if x != 0 {
			return n + bits.TrailingZeros64(x)>>3
		}
		n += 8
	}
	for n < most && buf[a+n] == buf[b+n] {
		n++
	}
	return n
}

// gain is how many bits a match saves, in sixteenths, by what literals and the codes of
// matches cost of late.
func (w *Writer) gain(n, distance int) int {
	extra := max(0, bits.Len32(uint32(distance-1))-2)
	return n*w.literals - w.matches - 16*extra
}

// findFast takes the byte before, the distance of the match before, or the last place
// with the same three bytes, or nothing. The longer nothing was found, the fewer places are looked at.
func (w *Writer) findFast() {
	buf, pos, last := w.buf, w.next, w.end-minMatch
	pending := pos // the first literal that is not in the block
	again := 1     // the distance of the match before
	for pos <= last {
		v := load(buf, pos)
		h := hash(v)
		here := w.base + uint32(pos)
		distance := int(here - w.heads[h])
		w.heads[h] = here
		if pos > 0 && buf[pos-1] == byte(v) && (load(buf, pos-1)^v)<<8 == 0 {
			distance = 1 // has the shortest code
		} else if pos == pending && again <= pos && (load(buf, pos-again)^v)<<8 == 0 {
			distance = again
		}
		if uint(distance-1) < uint(min(pos, window)) && (load(buf, pos-distance)^v)<<8 == 0 {
			n := same(buf, pos-distance, pos, w.end)
			// Matches that save little are not worth their time.
			if 3*w.gain(n, distance) > n*w.literals {
				w.block.match(pos-pending, n, distance)
				pos += n
				pending, again = pos, distance
				if w.block.symbols >= maxSymbols {
					w.emitUntil(pos)
				}
				continue
			}
		}
		pos += 1 + (pos-pending)>>w.effort.skip
		if pos-pending+w.block.symbols >= maxSymbols {
			pos = min(pos, w.end)
			w.block.literals(pos - pending)
			w.emitUntil(pos)
			pending = pos
		}
	}
	w.block.literals(w.end - pending)
}

// findBest looks at more places, and at the next one before it takes a match.
func (w *Writer) findBest() {
	pos, last := w.next, w.end-minMatch
	pending := pos
	n, distance, gain := 0, 0, 0 // of the match at pos-1, if gain is not 0
	for pos <= last || gain > 0 {
		n2, distance2, gain2 := 0, 0, 0
		if pos <= last {
			n2, distance2, gain2 = w.best(pos)
		}
		if gain > 0 && gain2 <= gain+w.literals {
			start := pos - 1
			w.block.match(start-pending, n, distance)
			for pos++; pos < start+n; pos++ {
				if pos <= last {
					w.remember(pos)
				}
			}
			pos = start + n
			pending, gain = pos, 0
		} else {
			n, distance, gain = n2, distance2, gain2
			pos++
		}
		if gain == 0 && pos-pending+w.block.symbols >= maxSymbols {
			pos = min(pos, w.end)
			w.block.literals(pos - pending)
			w.emitUntil(pos)
			pending = pos
		}
	}
	w.block.literals(w.end - pending)
}

// remember makes a place one that is found, and returns the one before it.
func (w *Writer) remember(pos int) (before uint32) {
	h := hash(load(w.buf, pos))
	before = w.heads[h]
	here := w.base + uint32(pos)
	w.before[here%window] = before
	w.heads[h] = here
	return before
}

// best is the match that saves most; gain is 0 if none saves anything.
func (w *Writer) best(pos int) (n, distance, gain int) {
	at := w.remember(pos)
	here := w.base + uint32(pos)
	reach := min(pos, window-1)
	for nearest := 0; nearest < w.effort.depth; nearest++ {
		d := int(here - at)
		if d < 1 || d > reach {
			return n, distance, gain
		}
		if k := same(w.buf, pos-d, pos, w.end); k >= minMatch {
			if g := w.gain(k, d); g > gain {
				n, distance, gain = k, d, g
				if k == maxMatch {
					return n, distance, gain
				}
			}
		}
		next := w.before[at%window]
		if here-next <= here-at { // no way back: another round of the window
			return n, distance, gain
		}
		at = next
	}
	return n, distance, gain
}
