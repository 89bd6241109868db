package neon

// Encodings follow the Arm Architecture Reference Manual (DDI 0487), C4.1.96, by its
// classes: most instructions of a class differ in an opcode and the bit U.

const unsigned = 1 << 29 // the bit U, which stands for other things too

// same encodes "three registers of the same type".
func (p *Program) same(name string, u, opcode uint32, d, n, m Reg) {
	need(d.like(n) && d.like(m), name, d, n, m)
	p.word(0x0e200400|d.q()|u|uint32(d.log)<<22|uint32(m.n)<<16|opcode<<11|uint32(n.n)<<5|uint32(d.n), "%s %v, %v, %v", name, d, n, m)
}

// Add adds lanes.
func (p *Program) Add(d, n, m Reg) { p.same("add", 0, 0b10000, d, n, m) }

// Sub subtracts lanes of m from those of n.
func (p *Program) Sub(d, n, m Reg) { p.same("sub", unsigned, 0b10000, d, n, m) }

// Addp adds neighbours: those of n, then those of m.
func (p *Program) Addp(d, n, m Reg) { p.same("addp", 0, 0b10111, d, n, m) }

// Sqadd adds with signs and saturates.
func (p *Program) Sqadd(d, n, m Reg) { p.same("sqadd", 0, 0b00001, d, n, m) }

// Urhadd is the mean without signs, rounded up.
func (p *Program) Urhadd(d, n, m Reg) { p.same("urhadd", unsigned, 0b00010, d, n, m) }

// Smax is the larger, with signs.
func (p *Program) Smax(d, n, m Reg) { p.same("smax", 0, 0b01100, d, n, m) }

// Smin is the smaller, with signs.
func (p *Program) Smin(d, n, m Reg) { p.same("smin", 0, 0b01101, d, n, m) }

// Ushl shifts lanes of n to the left by the signed lowest byte of those of m.
func (p *Program) Ushl(d, n, m Reg) { p.same("ushl", unsigned, 0b01000, d, n, m) }

// Mul is the lower half of products.
func (p *Program) Mul(d, n, m Reg) { p.same("mul", 0, 0b10011, d, n, m) }

// Mla adds such products to d.
func (p *Program) Mla(d, n, m Reg) { p.same("mla", 0, 0b10010, d, n, m) }

// bitwise encodes what has an opcode where others have the size of lanes.
func (p *Program) bitwise(name string, u, size uint32, d, n, m Reg) {
	need(d.log == 0 && d.like(n) && d.like(m), name, d, n, m)
	p.word(0x0e201c00|d.q()|u|size<<22|uint32(m.n)<<16|uint32(n.n)<<5|uint32(d.n), "%s %v, %v, %v", name, d, n, m)
}

// Bit takes the bits of n into d where those of m are set.
func (p *Program) Bit(d, n, m Reg) { p.bitwise("bit", unsigned, 2, d, n, m) }

// And is a bitwise and.
func (p *Program) And(d, n, m Reg) { p.bitwise("and", 0, 0, d, n, m) }

// Orr is a bitwise or.
func (p *Program) Orr(d, n, m Reg) { p.bitwise("orr", 0, 2, d, n, m) }

// Eor is a bitwise exclusive or.
func (p *Program) Eor(d, n, m Reg) { p.bitwise("eor", unsigned, 0, d, n, m) }

// Mov copies a register.
func (p *Program) Mov(d, n Reg) {
	need(d.log == 0 && d.like(n), "mov", d, n)
	p.word(0x0ea01c00|d.q()|uint32(n.n)<<16|uint32(n.n)<<5|uint32(d.n), "mov %v, %v", d, n)
}

// long encodes "three registers of different type", whose result is twice as wide.
func (p *Program) long(name string, u, opcode uint32, d, n, m Reg) {
	name += n.upper()
	need(n.widensTo(d) && n.like(m), name, d, n, m)
	p.word(0x0e200000|n.q()|u|uint32(n.log)<<22|uint32(m.n)<<16|opcode<<12|uint32(n.n)<<5|uint32(d.n), "%s %v, %v, %v", name, d, n, m)
}

// Smull multiplies with signs, to twice as many bits. m may be one lane.
func (p *Program) Smull(d, n, m Reg) {
	if m.one {
		p.longByLane("smull", 0, 0b1010, d, n, m)
		return
	}
	p.long("smull", 0, 0b1100, d, n, m)
}

// Smlal adds such products to d. m may be one lane.
func (p *Program) Smlal(d, n, m Reg) {
	if m.one {
		p.longByLane("smlal", 0, 0b0010, d, n, m)
		return
	}
	p.long("smlal", 0, 0b1000, d, n, m)
}

// Usubl subtracts m from n without signs, to twice as many bits.
func (p *Program) Usubl(d, n, m Reg) { p.long("usubl", unsigned, 0b0010, d, n, m) }

// Umull multiplies without signs, to twice as many bits.
func (p *Program) Umull(d, n, m Reg) { p.long("umull", unsigned, 0b1100, d, n, m) }

// Umlal adds such products to d.
func (p *Program) Umlal(d, n, m Reg) { p.long("umlal", unsigned, 0b1000, d, n, m) }

// byLane encodes "vector by indexed element": lanes of 16 bits lie in V0 to V15.
func (p *Program) byLane(name string, u, opcode uint32, d, n, m Reg) {
	need(m.one && m.log == n.log && (m.log == 1 && m.n < 16 && m.lane < 8 || m.log == 2 && m.lane < 4), name, d, n, m)
	lane := uint32(m.lane)
	at := lane>>2&1<<11 | lane>>1&1<<21 | lane&1<<20 // H, L and M
	if m.log == 2 {
		at = lane>>1&1<<11 | lane&1<<21
	}
	p.word(0x0f000000|n.q()|u|uint32(n.log)<<22|at|uint32(m.n)<<16|opcode<<12|uint32(n.n)<<5|uint32(d.n), "%s %v, %v, %v", name, d, n, m)
}

func (p *Program) longByLane(name string, u, opcode uint32, d, n, m Reg) {
	name += n.upper()
	need(n.widensTo(d), name, d, n, m)
	p.byLane(name, u, opcode, d, n, m)
}

// Sqdmulh is the upper half of twice the product with one lane, the rest dropped.
func (p *Program) Sqdmulh(d, n, m Reg) {
	need(d.like(n), "sqdmulh", d, n, m)
	p.byLane("sqdmulh", 0, 0b1100, d, n, m)
}

// Sqrdmulh is the upper half of twice the product with one lane, rounded.
func (p *Program) Sqrdmulh(d, n, m Reg) {
	need(d.like(n), "sqrdmulh", d, n, m)
	p.byLane("sqrdmulh", 0, 0b1101, d, n, m)
}

// Raddhn adds and takes the rounded upper half of every lane.
func (p *Program) Raddhn(d, n, m Reg) {
	name := "raddhn" + d.upper()
	need(d.widensTo(n) && n.like(m), name, d, n, m)
	p.word(0x0e204000|d.q()|unsigned|uint32(d.log)<<22|uint32(m.n)<<16|uint32(n.n)<<5|uint32(d.n), "%s %v, %v, %v", name, d, n, m)
}

// Mvn turns all bits.
func (p *Program) Mvn(d, n Reg) {
	need(d.like(n) && d.log == 0, "mvn", d, n)
	p.two("mvn", unsigned, 0b00101, d.q(), 0, d, n, "")
}

// two encodes "two registers", of which log is the smaller size.
func (p *Program) two(name string, u, opcode uint32, q uint32, log uint8, d, n Reg, more string) {
	p.word(0x0e200800|q|u|uint32(log)<<22|opcode<<12|uint32(n.n)<<5|uint32(d.n), "%s %v, %v%s", name, d, n, more)
}

// pairwise checks an instruction that makes one lane of two.
func pairwise(name string, d, n Reg) {
	need(d.full == n.full && d.log == n.log+1 && !d.one && !n.one, name, d, n)
}

// Uaddlp adds neighbours without signs, to lanes twice as wide.
func (p *Program) Uaddlp(d, n Reg) {
	pairwise("uaddlp", d, n)
	p.two("uaddlp", unsigned, 0b00010, n.q(), n.log, d, n, "")
}

// Uadalp adds such sums to d.
func (p *Program) Uadalp(d, n Reg) {
	pairwise("uadalp", d, n)
	p.two("uadalp", unsigned, 0b00110, n.q(), n.log, d, n, "")
}

// narrow encodes what makes lanes of half the width, in the half of d that it names.
func (p *Program) narrow(name string, u, opcode uint32, d, n Reg) {
	name += d.upper()
	need(d.widensTo(n), name, d, n)
	p.two(name, u, opcode, d.q(), d.log, d, n, "")
}

// Xtn takes the lower half of every lane.
func (p *Program) Xtn(d, n Reg) { p.narrow("xtn", 0, 0b10010, d, n) }

// Sqxtn saturates lanes to half their width, with signs.
func (p *Program) Sqxtn(d, n Reg) { p.narrow("sqxtn", 0, 0b10100, d, n) }

// Sqxtun saturates lanes with signs to half their width without.
func (p *Program) Sqxtun(d, n Reg) { p.narrow("sqxtun", unsigned, 0b10010, d, n) }

// Shll shifts lanes to the left by their width, to twice the width.
func (p *Program) Shll(d, n Reg) {
	name := "shll" + n.upper()
	need(n.widensTo(d), name, d, n)
	more := []string{", #8", ", #16", ", #32"}[n.log]
	p.two(name, unsigned, 0b10011, n.q(), n.log, d, n, more)
}

// Ucvtf makes floats of integers without sign.
func (p *Program) Ucvtf(d, n Reg) {
	need(d.like(n) && d.log == 2, "ucvtf", d, n)
	p.two("ucvtf", unsigned, 0b11101, d.q(), 0, d, n, "")
}
