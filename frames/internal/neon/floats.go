package neon

// Lanes of floats have 32 or 64 bits. What makes lanes of another kind leaves their
// width as it is.

// sameFloats encodes "three registers of the same type" of floats; other is a bit that
// some opcodes have where integers have the size of lanes.
func (p *Program) sameFloats(name string, u, other, opcode uint32, d, n, m Reg) {
	need(d.like(n) && d.like(m) && d.log >= 2, name, d, n, m)
	size := uint32(d.log) - 2 | other<<1
	p.word(0x0e200400|d.q()|u|size<<22|uint32(m.n)<<16|opcode<<11|uint32(n.n)<<5|uint32(d.n), "%s %v, %v, %v", name, d, n, m)
}

// Fadd adds.
func (p *Program) Fadd(d, n, m Reg) { p.sameFloats("fadd", 0, 0, 0b11010, d, n, m) }

// Fsub subtracts m from n.
func (p *Program) Fsub(d, n, m Reg) { p.sameFloats("fsub", 0, 1, 0b11010, d, n, m) }

// Faddp adds neighbours: those of n, then those of m.
func (p *Program) Faddp(d, n, m Reg) { p.sameFloats("faddp", unsigned, 0, 0b11010, d, n, m) }

// Fmul multiplies.
func (p *Program) Fmul(d, n, m Reg) { p.sameFloats("fmul", unsigned, 0, 0b11011, d, n, m) }

// Fmla adds products to d, rounded once.
func (p *Program) Fmla(d, n, m Reg) { p.sameFloats("fmla", 0, 0, 0b11001, d, n, m) }

// Fcmgt sets all bits of lanes where n is greater than m, which no comparison with what
// is no number says.
func (p *Program) Fcmgt(d, n, m Reg) { p.sameFloats("fcmgt", unsigned, 1, 0b11100, d, n, m) }

// Fabs takes the sign away.
func (p *Program) Fabs(d, n Reg) {
	need(d.like(n) && d.log >= 2, "fabs", d, n)
	p.two("fabs", 0, 0b01111, d.q(), d.log, d, n, "")
}

// Fcvtns makes integers with signs, to the nearest, even ones between two; saturates,
// and makes 0 of what is no number.
func (p *Program) Fcvtns(d, n Reg) {
	need(d.like(n) && d.log >= 2, "fcvtns", d, n)
	p.two("fcvtns", 0, 0b11010, d.q(), d.log-2, d, n, "")
}

// Fcvtl makes floats of 64 bits of the half of n that it names.
func (p *Program) Fcvtl(d, n Reg) {
	name := "fcvtl" + n.upper()
	need(n.widensTo(d) && n.log == 2, name, d, n)
	p.two(name, 0, 0b10111, n.q(), 1, d, n, "")
}

// ScvtfInt makes floats of integers with signs.
func (p *Program) ScvtfInt(d, n Reg) {
	need(d.like(n) && d.log >= 2, "scvtf", d, n)
	p.two("scvtf", 0, 0b11101, d.q(), d.log-2, d, n, "")
}

// Scvtf makes floats of integers with signs, divided by 2 to the power of by.
func (p *Program) Scvtf(d, n Reg, by int) {
	need(d.log >= 2, "scvtf", d, n)
	p.right("scvtf", 0, 0b11100, d, n, by)
}
