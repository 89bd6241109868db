package deflate

import "encoding/binary"

// emitUntil writes what is gathered, which ends at pos, and goes on with the next block.
func (w *Writer) emitUntil(pos int) {
	w.emit(false)
	w.block.begin(pos)
}

// emit writes the block as whatever is smallest: stored, or by its own codes, or by the
// fixed ones.
func (w *Writer) emit(final bool) {
	b := &w.block
	data := w.buf[b.from : b.from+b.length]
	if w.effort.stored {
		w.out.stored(data, final)
		return
	}
	c := w.count()
	w.own.build(c)
	size := w.own.size(c)
	w.price(c)
	codes := &w.own
	if fixed := fixedCodes.size(c); fixed <= size {
		codes, size = &fixedCodes, fixed
	}
	if 8*(len(data)+5*(1+len(data)/maxStored)) < size {
		w.out.stored(data, final)
		return
	}
	w.out.reserve(size/8 + 16)
	codes.writeHeader(&w.out, final)
	at := b.from
	for _, p := range b.parts {
		w.out.literals(codes, w.buf[at:at+int(p.literals)])
		at += int(p.literals) + int(p.length)
		if p.length > 0 {
			w.out.match(codes, p)
		}
	}
	w.out.add(uint64(codes.literal[endOfBlock].bits), uint(codes.literal[endOfBlock].length))
}

// price notes what literals and matches cost in the block.
func (w *Writer) price(c *counts) {
	const few = 128 // which say little
	if n, cost := price(c.literal[:endOfBlock], w.own.literal[:]); n > few {
		w.literals = max(cost*16/n, 16)
	}
	_, lengths := price(c.literal[firstLength:], w.own.literal[firstLength:])
	if n, cost := price(c.distance[:], w.own.distance[:]); n > few {
		w.matches = (cost + lengths) * 16 / n
	}
}

// price is how many symbols there are, and what they cost together.
func price(counts []uint32, codes []code) (n, cost int) {
	for i, k := range counts {
		n += int(k)
		cost += int(k) * int(codes[i].length)
	}
	return n, cost
}

const maxStored = 1<<16 - 1 // bytes of one stored block

// bitWriter appends bits, the lowest first.
type bitWriter struct {
	to  []byte
	acc uint64
	n   uint // of acc, below 8 between calls
}

// reserve makes room for n bytes, so that add need not look.
func (o *bitWriter) reserve(n int) {
	if cap(o.to)-len(o.to) < n+slack {
		grown := make([]byte, len(o.to), 2*cap(o.to)+n+slack)
		copy(grown, o.to)
		o.to = grown
	}
}

// add appends n bits, up to 56. Room must be reserved.
func (o *bitWriter) add(v uint64, n uint) {
	o.acc |= v << o.n
	o.n += n
	at := len(o.to)
	binary.LittleEndian.PutUint64(o.to[at:at+8:cap(o.to)], o.acc)
	o.to = o.to[:at+int(o.n>>3)]
	o.acc >>= o.n &^ 7
	o.n &= 7
}

// align fills the last byte.
func (o *bitWriter) align() {
	if o.n > 0 {
		o.to = append(o.to, byte(o.acc))
	}
	o.acc, o.n = 0, 0
}

// literals appends the codes of bytes.
func (o *bitWriter) literals(codes *codes, data []byte) {
	acc, n, at := o.acc, o.n, len(o.to)
	to := o.to[:cap(o.to)]
	table := &codes.literal
	for len(data) >= 3 { // of 15 bits at most, and 7 left over
		a, b, c := table[data[0]], table[data[1]], table[data[2]]
		data = data[3:]
		acc |= uint64(a.bits) << n
		n += uint(a.length)
		acc |= uint64(b.bits) << (n & 63)
		n += uint(b.length)
		acc |= uint64(c.bits) << (n & 63)
		n += uint(c.length)
		binary.LittleEndian.PutUint64(to[at:], acc)
		at += int(n >> 3)
		acc >>= n &^ 7
		n &= 7
	}
	o.acc, o.n, o.to = acc, n, to[:at]
	for _, v := range data {
		o.add(uint64(table[v].bits), uint(table[v].length))
	}
}

// match appends length and distance.
func (o *bitWriter) match(codes *codes, p part) {
	l := lengthSymbols[p.length]
	c := codes.literal[firstLength+int(l.code)]
	v, n := uint64(c.bits), uint(c.length)
	v |= uint64(l.extra) << n
	n += uint(l.extraBits)
	code, extra := distanceCode(p.distance)
	d := codes.distance[code]
	v |= uint64(d.bits) << n
	n += uint(d.length)
	v |= uint64(p.distance&(1<<extra-1)) << n
	o.add(v, n+extra)
}

// stored appends bytes as they are.
func (o *bitWriter) stored(data []byte, final bool) {
	for {
		piece := data[:min(len(data), maxStored)]
		data = data[len(piece):]
		o.reserve(len(piece) + 16)
		last := uint64(0)
		if final && len(data) == 0 {
			last = 1
		}
		o.add(last, 3)
		o.align()
		o.to = binary.LittleEndian.AppendUint16(o.to, uint16(len(piece)))
		o.to = binary.LittleEndian.AppendUint16(o.to, ^uint16(len(piece)))
		o.to = append(o.to, piece...)
		if len(data) == 0 {
			return
		}
	}
}
