package neon

// shift encodes "shift by immediate"; log is of the narrower lanes, amount what the
// manual calls immh:immb.
func (p *Program) shift(name string, u, opcode, q uint32, amount int, d, n Reg, by int) {
	p.word(0x0f000400|q|u|uint32(amount)<<16|opcode<<11|uint32(n.n)<<5|uint32(d.n), "%s %v, %v, #%d", name, d, n, by)
}

func bits(log uint8) int { return 8 << log }

// Shl shifts lanes to the left.
func (p *Program) Shl(d, n Reg, by int) {
	need(d.like(n) && by >= 0 && by < bits(d.log), "shl", d, n)
	p.shift("shl", 0, 0b01010, d.q(), bits(d.log)+by, d, n, by)
}

// Sqshl shifts lanes to the left with signs and saturates.
func (p *Program) Sqshl(d, n Reg, by int) {
	need(d.like(n) && by >= 0 && by < bits(d.log), "sqshl", d, n)
	p.shift("sqshl", 0, 0b01110, d.q(), bits(d.log)+by, d, n, by)
}

func (p *Program) right(name string, u, opcode uint32, d, n Reg, by int) {
	need(d.like(n) && by > 0 && by <= bits(d.log), name, d, n)
	p.shift(name, u, opcode, d.q(), 2*bits(d.log)-by, d, n, by)
}

// Ushr shifts lanes to the right without signs.
func (p *Program) Ushr(d, n Reg, by int) { p.right("ushr", unsigned, 0b00000, d, n, by) }

// Urshr shifts lanes to the right without signs and rounds.
func (p *Program) Urshr(d, n Reg, by int) { p.right("urshr", unsigned, 0b00100, d, n, by) }

// Sshr shifts lanes to the right with signs.
func (p *Program) Sshr(d, n Reg, by int) { p.right("sshr", 0, 0b00000, d, n, by) }

// Srshr shifts lanes to the right with signs and rounds.
func (p *Program) Srshr(d, n Reg, by int) { p.right("srshr", 0, 0b00100, d, n, by) }

// Ushll shifts lanes to the left, to twice the width; by is less than the width.
func (p *Program) Ushll(d, n Reg, by int) {
	name := "ushll" + n.upper()
	need(n.widensTo(d) && by > 0 && by < bits(n.log), name, d, n)
	p.shift(name, unsigned, 0b10100, n.q(), bits(n.log)+by, d, n, by)
}

// Uxtl widens lanes without signs.
func (p *Program) Uxtl(d, n Reg) { p.widen("uxtl", unsigned, d, n) }

// Sxtl widens lanes with signs.
func (p *Program) Sxtl(d, n Reg) { p.widen("sxtl", 0, d, n) }

// widen encodes a shift to the left by nothing, to twice the width.
func (p *Program) widen(name string, u uint32, d, n Reg) {
	name += n.upper()
	need(n.widensTo(d), name, d, n)
	p.word(0x0f000400|n.q()|u|uint32(bits(n.log))<<16|0b10100<<11|uint32(n.n)<<5|uint32(d.n), "%s %v, %v", name, d, n)
}

func (p *Program) rightNarrow(name string, u, opcode uint32, d, n Reg, by int) {
	name += d.upper()
	need(d.widensTo(n) && by > 0 && by <= bits(d.log), name, d, n)
	p.shift(name, u, opcode, d.q(), 2*bits(d.log)-by, d, n, by)
}

// Shrn shifts lanes to the right and takes the lower half of what is left.
func (p *Program) Shrn(d, n Reg, by int) { p.rightNarrow("shrn", 0, 0b10000, d, n, by) }

// Rshrn is Shrn that rounds.
func (p *Program) Rshrn(d, n Reg, by int) { p.rightNarrow("rshrn", 0, 0b10001, d, n, by) }

// Sqshrun shifts lanes with signs to the right and saturates to half the width without.
func (p *Program) Sqshrun(d, n Reg, by int) { p.rightNarrow("sqshrun", unsigned, 0b10000, d, n, by) }
