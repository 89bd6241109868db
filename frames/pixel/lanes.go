package pixel

import "github.com/eiengine/eiengine/frames"

// What vector kernels read: coefficients repeated for 16 lanes of 16 bits, and the
// patterns that move bytes, computed once for a pair of formats. A kernel works on
// 32 pixels at a time, in two halves of 128 bits as AVX2 does: patterns of bytes are
// 16 long and stand twice.

type (
	words    [16]int16
	pattern  [32]byte
	patterns [3]pattern
)

const (
	nothing = 0x80 // in a pattern: a byte of zero
	chosen  = 0xFF // in a mask
)

func repeated(v int32) (w words) {
	for i := range w {
		w[i] = int16(v) // unsigned coefficients keep their bits
	}
	return w
}

// patternOf says for each byte of a half where it comes from.
func patternOf(from func(i int) int) (p pattern) {
	for i := range p {
		p[i] = byte(from(i % 16))
	}
	return p
}

// Three bytes a pixel: 16 pixels fill three vectors. 3 has an inverse modulo 16, so
// bytes of a channel that are put at places 3i+c modulo 16 in one vector have each
// their own place, and every byte of the three vectors is taken from its channel's at
// the same place. A shuffle for each channel and two blends a vector do it.

// spread puts value i of channel c at place 3i+c.
func spread(c int) pattern {
	const inverse = 11 // 3*11 = 33 = 1 modulo 16
	return patternOf(func(i int) int { return inverse * (i - c + 16) % 16 })
}

// gather is the way back.
func gather(c int) pattern {
	return patternOf(func(i int) int { return (3*i + c) % 16 })
}

// third chooses the places k, k+3, k+6 and so on.
func third(k int) pattern {
	return patternOf(func(i int) int {
		if i%3 == k {
			return chosen
		}
		return 0
	})
}

// toRGBLanes are the tables of kernels from YUV to RGB. Channels go by their place in
// the pixel, without alpha: 0 is red in RGB and blue in BGR. The chroma of a channel is
// the component that it depends on alone: V for red, U for blue.
type toRGBLanes struct {
	luma, base       words   // factor and constant
	shift            words   // the factor that shifts 16 + toRGBBits to 16
	sign             words   // what subtracts 128 from unsigned high bytes,
	center           pattern // and from all bytes, and makes them signed
	own0, own2       words   // factors of their chroma in channels 0 and 2
	green0, green2   words   // factors of the same two in channel 1
	chroma0, chroma2 pattern
	packedLuma       pattern // of packed formats, eight bytes of even pixels and of odd ones
	packedChroma     pattern // of channel 0 and of channel 2
	// Of packed formats too, for words of all pixels in order.
	wideLuma, wideChroma0, wideChroma2, wideCenter pattern

	order            pattern  // eight even pixels and eight odd ones
	spread, third    patterns // from that order
	turns            [8]int32 // groups of four bytes to the halves by turns
	redFirst, vFirst bool     // in the pixel, in interleaved chroma
	lumaFirst        bool     // in the packed formats
}

func (l *toRGBLanes) set(m *toRGB, o *order, c *[3]component) {
	l.redFirst, l.vFirst, l.lumaFirst = o.r < o.b, c[2].offset < c[1].offset, c[0].offset == 0
	l.luma, l.base = repeated(m.y), repeated(m.y0)
	l.shift = repeated(1 << (16 - toRGBBits))
	l.sign = repeated(-1 << 15)
	l.center = patternOf(func(int) int { return 0x80 })
	l.own0, l.green0 = repeated(m.rv), repeated(m.gv)
	l.own2, l.green2 = repeated(m.bu), repeated(m.gu)
	if !l.redFirst {
		l.own0, l.own2, l.green0, l.green2 = l.own2, l.own0, l.green2, l.green0
	}
	first := 0 // where the chroma of channel 0 is in a pair
	if l.redFirst != l.vFirst {
		first = 1
	}
	l.chroma0, l.chroma2 = highByte(first), highByte(1-first)
	y := 1
	if l.lumaFirst {
		y = 0
	}
	l.packedLuma = packedBytes(y, y+2)
	l.packedChroma = packedBytes(1-y+2*first, 3-y-2*first)
	l.wideLuma = patternOf(func(i int) int { return highOr(i, i-1+y) })
	l.wideChroma0 = patternOf(func(i int) int { return highOr(i, i/4*4+1-y+2*first) })
	l.wideChroma2 = patternOf(func(i int) int { return highOr(i, i/4*4+3-y-2*first) })
	l.wideCenter = patternOf(func(i int) int { return (i ^ y) & 1 * 0x80 })
	l.order = patternOf(evenOdd)
	l.turns = [8]int32{0, 2, 4, 6, 1, 3, 5, 7}
	for i := range 3 {
		l.spread[i], l.third[i] = spread(i), third(i)
		for at, value := range l.spread[i] {
			l.spread[i][at] = byte(evenOdd(int(value)))
		}
	}
}

// highOr is for byte i of a pattern that fills high bytes of words and leaves 0 below.
func highOr(i, from int) int {
	if i%2 == 0 {
		return nothing
	}
	return from
}

// highByte moves one byte of each pair to the high byte of the word, the low is 0.
func highByte(which int) pattern {
	return patternOf(func(i int) int {
		if i%2 == 0 {
			return nothing
		}
		return i - 1 + which
	})
}

// packedBytes moves two bytes of each pair of pixels of packed formats to the high bytes
// of words, those of four pairs each.
func packedBytes(first, second int) pattern {
	return patternOf(func(i int) int {
		switch {
		case i%2 == 0:
			return nothing
		case i < 8:
			return i/2*4 + first
		}
		return (i-8)/2*4 + second
	})
}

// evenOdd is where value i of 16 lies if those of even numbers come first.
func evenOdd(i int) int { return i%2*8 + i/2 }

// fromRGBLanes are the tables of kernels from RGB to luma and chroma. Channels go by
// place in formats of three bytes, and are red, green and blue in those of four, which
// quad brings into that order.
type fromRGBLanes struct {
	luma           [3]words
	base           words
	first, second  [3]words // factors of the two chroma components, as they lie in memory
	zero           words    // of chroma
	weight         pattern  // sums of pixels times 32
	gather, third  patterns
	quad           pattern // bytes of channel 0 of four pixels, then of 1, 2 and the rest
	pairs          pattern // eight bytes and eight bytes, by turns
	vFirst, narrow bool    // V precedes U; luma fits 16 bits without a sign
}

func (l *fromRGBLanes) set(m *fromRGB, o *order, c *[3]component) {
	y, u, v := [3]int32{m.yr, m.yg, m.yb}, [3]int32{m.ur, m.ug, m.ub}, [3]int32{m.vr, m.vg, m.vb}
	if o.size == 3 && o.r == 2 {
		y[0], y[2], u[0], u[2], v[0], v[2] = y[2], y[0], u[2], u[0], v[2], v[0]
	}
	l.vFirst = c[1].plane == c[2].plane && c[2].offset < c[1].offset
	l.narrow = m.y0 >= 0 && m.yr+m.yg+m.yb <= fixOne
	if l.vFirst {
		u, v = v, u
	}
	for i := range 3 {
		l.luma[i], l.first[i], l.second[i] = repeated(y[i]), repeated(u[i]), repeated(v[i])
		l.gather[i], l.third[i] = gather(i), third(i)
	}
	l.base, l.zero = repeated(m.y0), repeated(chromaZero)
	l.weight = patternOf(func(int) int { return 32 })
	channels := [4]int{o.r, o.g, o.b, max(o.a, 0)}
	l.quad = patternOf(func(i int) int { return i%4*4 + channels[i/4] })
	l.pairs = patternOf(evenOdd)
}

// rgbLanes are the tables of kernels that move channels.
type rgbLanes struct {
	shuffle pattern // of the bytes of four pixels
	early   pattern // the same where the second half starts four bytes early
	opaque  pattern // what to set in them
	join    [8]int32
}

func (l *rgbLanes) set(dst, src *order) {
	source := [4]int{nothing, nothing, nothing, nothing}
	source[dst.r], source[dst.g], source[dst.b] = src.r, src.g, src.b
	transparent := dst.alpha && src.alpha
	if transparent {
		source[dst.a] = src.a
	}
	l.shuffle = patternOf(func(i int) int {
		p, c := i/max(dst.size, 1), i%max(dst.size, 1)
		if p > 3 || source[c] == nothing {
			return nothing
		}
		return p*src.size + source[c]
	})
	l.opaque = patternOf(func(i int) int {
		if dst.size == 4 && i%4 == dst.a && !transparent {
			return 255
		}
		return 0
	})
	l.early = l.shuffle
	for i := 16; i < 32; i++ {
		if l.early[i] != nothing {
			l.early[i] += 4
		}
	}
	l.join = [8]int32{0, 1, 2, 4, 5, 6, 3, 7}
}

// levelMap takes samples of one range to another, as a table and for kernels, and gray
// to RGB.
type levelMap struct {
	table        [256]uint8
	factor, base words
	repeat       patterns // 16 values three times each
	opaque       pattern  // the last byte of pixels of four
}

func (l *levelMap) set(from, to frames.ColorRange, o *order) {
	levelTable(&l.table, from, to)
	y, y0 := lumaToRGB(from, to)
	l.factor, l.base = repeated(y), repeated(y0)
	for k := range l.repeat {
		l.repeat[k] = patternOf(func(i int) int { return (16*k + i) / 3 })
	}
	l.opaque = patternOf(func(i int) int {
		if o.size == 4 && i%4 == o.a {
			return 255
		}
		return 0
	})
}

// packedLanes say how the formats that interleave chroma arrange it, and how to come
// from one to another.
type packedLanes struct {
	lumaFirst bool // in packed formats
	vFirst    bool // where components alternate; not in planes
	swapped   bool // the order of chroma is not that of the other side
	swap      pattern
}

func (l *packedLanes) set(c, other *[3]component) {
	*l = packedLanes{lumaFirst: c[0].offset == 0, vFirst: c[2].plane == c[1].plane && c[2].offset < c[1].offset}
	l.swapped = l.vFirst != (other[2].plane == other[1].plane && other[2].offset < other[1].offset)
	order := [4]int{0, 1, 2, 3}
	switch {
	case c[0].step == 2 && other[0].step == 2:
		for i := range c {
			order[other[i].offset] = c[i].offset
		}
		// the luma of the second pixel
		order[other[0].offset+2] = c[0].offset + 2
	case l.swapped:
		order = [4]int{1, 0, 3, 2}
	}
	l.swap = patternOf(func(i int) int { return i&^3 + order[i&3] })
}

// pairsLanes are the tables of the kernel that maps pairs of chroma.
type pairsLanes struct {
	fromFirst, fromSecond [2]words // factors in the first and the second component
	zero                  words
}

func (l *pairsLanes) set(m *pairsMap) {
	for i, c := range []chromaMap{m.first, m.second} {
		l.fromFirst[i], l.fromSecond[i] = repeated(c.fromFirst), repeated(c.fromSecond)
	}
	l.zero = repeated(chromaZero)
}
