package deflate

import (
	"math/bits"
	"slices"
)

// code is a Huffman code, its bits reversed as they are written.
type code struct{ bits, length uint16 }

// codes are those of a block.
type codes struct {
	literal  [literalCodes + 2]code
	distance [distances + 2]code
	fixed    bool

	// The header: lengths of codes, in codes of their own (RFC 1951, 3.2.7).
	nLiteral, nDistance, nLength int
	length                       [lengthAlphabet]code
	told                         []uint16 // symbols, with their extra bits from bit 8 on
	toldCounts                   [lengthAlphabet]uint32
}

const (
	lengthAlphabet = 19
	longestCode    = 15
	longestLength  = 7 // of codes of lengths
)

// lengthOrder is the order in which the header has lengths of codes of lengths.
var lengthOrder = [lengthAlphabet]int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

var fixedCodes = func() (c codes) {
	c.fixed = true
	for i := range c.literal {
		switch {
		case i < 144:
			c.literal[i].length = 8
		case i < 256:
			c.literal[i].length = 9
		case i < 280:
			c.literal[i].length = 7
		default:
			c.literal[i].length = 8
		}
	}
	for i := range c.distance {
		c.distance[i].length = 5
	}
	number(c.literal[:])
	number(c.distance[:])
	return c
}()

// build makes the codes for symbols that occur so often.
func (c *codes) build(n *counts) {
	assign(c.literal[:literalCodes], n.literal[:], longestCode)
	assign(c.distance[:distances], n.distance[:], longestCode)
	c.nLiteral, c.nDistance = used(c.literal[:literalCodes], firstLength), used(c.distance[:distances], 1)
	c.tell()
	assign(c.length[:], c.toldCounts[:], longestLength)
	c.nLength = lengthAlphabet
	for c.nLength > 4 && c.length[lengthOrder[c.nLength-1]].length == 0 {
		c.nLength--
	}
}

// used is how many codes there are up to the last one, but at least so many.
func used(all []code, least int) int {
	n := len(all)
	for n > least && all[n-1].length == 0 {
		n--
	}
	return n
}

// tell turns the lengths of codes into symbols: 16 repeats the last one 3 to 6 times, 17
// stands for 3 to 10 zeros, 18 for 11 to 138.
func (c *codes) tell() {
	c.told, c.toldCounts = c.told[:0], [lengthAlphabet]uint32{}
	var all [literalCodes + distances]uint16
	n := 0
	for _, from := range [][]code{c.literal[:c.nLiteral], c.distance[:c.nDistance]} {
		for _, v := range from {
			all[n] = v.length
			n++
		}
	}
	add := func(symbol, extra int) {
		c.told = append(c.told, uint16(symbol|extra<<8))
		c.toldCounts[symbol]++
	}
	for i := 0; i < n; {
		run := 1
		for i+run < n && all[i+run] == all[i] {
			run++
		}
		v := int(all[i])
		i += run
		if v != 0 {
			add(v, 0)
			run--
		}
		for run > 0 {
			switch {
			case v == 0 && run >= 11:
				k := min(run, 138)
				add(18, k-11)
				run -= k
			case v == 0 && run >= 3:
				add(17, run-3)
				run = 0
			case v != 0 && run >= 3:
				k := min(run, 6)
				add(16, k-3)
				run -= k
			default:
				add(v, 0)
				run--
			}
		}
	}
}

// toldBits is how many extra bits a symbol of the header has.
func toldBits(symbol int) uint {
	switch symbol {
	case 16:
		return 2
	case 17:
		return 3
	case 18:
		return 7
	}
	return 0
}

// size is how many bits the block takes.
func (c *codes) size(n *counts) int {
	size := 3
	if !c.fixed {
		size += 14 + 3*c.nLength
		for i, k := range c.toldCounts {
			size += int(k) * (int(c.length[i].length) + int(toldBits(i)))
		}
	}
	for i, k := range n.literal {
		size += int(k) * int(c.literal[i].length)
		if i >= firstLength && i < firstLength+lengthCodes-1 {
			size += int(k) * max(0, (i-firstLength)/4-1)
		}
	}
	for i, k := range n.distance {
		size += int(k) * (int(c.distance[i].length) + max(0, i/2-1))
	}
	return size
}

// writeHeader begins a block.
func (c *codes) writeHeader(o *bitWriter, final bool) {
	kind := uint64(2)
	if c.fixed {
		kind = 1
	}
	kind <<= 1
	if final {
		kind |= 1
	}
	o.add(kind, 3)
	if c.fixed {
		return
	}
	o.add(uint64(c.nLiteral-257)|uint64(c.nDistance-1)<<5|uint64(c.nLength-4)<<10, 14)
	for _, i := range lengthOrder[:c.nLength] {
		o.add(uint64(c.length[i].length), 3)
	}
	for _, v := range c.told {
		symbol := int(v & 0xFF)
		o.add(uint64(c.length[symbol].bits), uint(c.length[symbol].length))
		if n := toldBits(symbol); n > 0 {
			o.add(uint64(v>>8), n)
		}
	}
}

// assign gives the symbols that occur Huffman codes of at most longest bits. It gives at
// least one, since there are decoders that want it.
func assign(codes []code, counts []uint32, longest int) {
	var leaves [literalCodes]uint64 // count, then symbol in the low bits
	n := 0
	for i, k := range counts {
		codes[i] = code{}
		if k > 0 {
			leaves[n] = uint64(k)<<16 | uint64(i)
			n++
		}
	}
	if n < 2 {
		at := 0
		if n == 1 {
			at = int(leaves[0] & 0xFFFF)
		}
		codes[at].length = 1
		number(codes)
		return
	}
	slices.Sort(leaves[:n])
	perLength := lengths(leaves[:n], longest)
	at := n
	for length, k := range perLength {
		for range k { // the most frequent have the shortest codes
			at--
			codes[leaves[at]&0xFFFF].length = uint16(length)
		}
	}
	number(codes)
}

// lengths is how many codes of each length a Huffman code for the sorted leaves has.
func lengths(leaves []uint64, longest int) (perLength [longestCode + 1]int) {
	// The two-queue construction: nodes come out sorted as well.
	var weight [literalCodes]uint64
	var parent [2 * literalCodes]uint16
	n := len(leaves)
	leaf, node := 0, 0
	take := func(made int) uint64 {
		k := n + made
		if leaf < n && (node == made || leaves[leaf]>>16 <= weight[node]) {
			parent[leaf] = uint16(k)
			leaf++
			return leaves[leaf-1] >> 16
		}
		parent[n+node] = uint16(k)
		node++
		return weight[node-1]
	}
	for made := range n - 1 {
		weight[made] = take(made) + take(made)
	}
	var depth [2 * literalCodes]uint8
	for i := 2*n - 3; i >= 0; i-- {
		depth[i] = depth[parent[i]] + 1
		if i < n {
			perLength[min(int(depth[i]), longest)]++
		}
	}
	// Codes that were cut to the longest are too many: others have to grow.
	total := 0
	for length, k := range perLength[1:] {
		total += k << (longest - min(length+1, longest))
	}
	for ; total > 1<<longest; total-- {
		length := longest - 1
		for perLength[length] == 0 {
			length--
		}
		perLength[length]--
		perLength[length+1] += 2
		perLength[longest]--
	}
	return perLength
}

// number gives codes of the given lengths their bits, by the rule of RFC 1951, 3.2.2.
func number(codes []code) {
	var next [longestCode + 2]uint16
	for _, c := range codes {
		if c.length > 0 {
			next[c.length+1]++
		}
	}
	for length := 1; length < len(next); length++ {
		next[length] = (next[length] + next[length-1]) << 1
	}
	for i := range codes {
		if n := codes[i].length; n > 0 {
			codes[i].bits = bits.Reverse16(next[n]) >> (16 - n)
			next[n]++
		}
	}
}
