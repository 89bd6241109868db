package deflate

import "math/bits"

// block is what is written next: literals, which lie in the input, and matches.
type block struct {
	from    int // the first byte of it in the input
	length  int // its bytes
	symbols int // literals and matches
	parts   []part
}

// part is a run of literals and the match behind it, of which the last may have none.
type part struct {
	literals uint32
	length   uint16 // of the match, 0 for none
	distance uint16 // less 1
}

func (b *block) begin(from int) {
	b.from, b.length, b.symbols, b.parts = from, 0, 0, b.parts[:0]
}

func (b *block) literals(n int) {
	if n > 0 {
		b.parts = append(b.parts, part{literals: uint32(n)})
		b.length += n
		b.symbols += n
	}
}

// match adds literals and the match behind them.
func (b *block) match(literals, length, distance int) {
	b.parts = append(b.parts, part{uint32(literals), uint16(length), uint16(distance - 1)})
	b.length += literals + length
	b.symbols += literals + 1
}

// The alphabets (RFC 1951, 3.2.5).
const (
	endOfBlock   = 256
	firstLength  = 257
	lengthCodes  = 29
	literalCodes = firstLength + lengthCodes
	distances    = 30
)

// lengthSymbols gives code and extra bits for each length of a match.
var lengthSymbols = func() (table [maxMatch + 1]struct{ code, extraBits, extra uint8 }) {
	at := minMatch
	for code := range lengthCodes - 1 {
		n := max(0, code/4-1)
		for extra := 0; extra < 1<<n && at < maxMatch; extra++ {
			table[at].code, table[at].extraBits, table[at].extra = uint8(code), uint8(n), uint8(extra)
			at++
		}
	}
	table[maxMatch].code = lengthCodes - 1
	return table
}()

// distanceCode is the code for a distance less 1.
func distanceCode(d uint16) (code, extraBits uint) {
	if d < 2 {
		return uint(d), 0
	}
	n := uint(bits.Len16(d)) - 2 // bits behind the first two
	return 2*(n+1) + uint(d)>>n&1, n
}

// counts are how often symbols occur.
type counts struct {
	literal  [literalCodes]uint32
	distance [distances]uint32
}

func (w *Writer) count() *counts {
	c := &w.counts
	*c = counts{}
	at := w.block.from
	for _, p := range w.block.parts {
		for _, v := range w.buf[at : at+int(p.literals)] {
			c.literal[v]++
		}
		at += int(p.literals) + int(p.length)
		if p.length > 0 {
			c.literal[firstLength+int(lengthSymbols[p.length].code)]++
			code, _ := distanceCode(p.distance)
			c.distance[code]++
		}
	}
	c.literal[endOfBlock]++
	return c
}
