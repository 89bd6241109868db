package neon

import "fmt"

func (p *Program) permute(name string, opcode uint32, d, n, m Reg) {
	need(d.like(n) && d.like(m), name, d, n, m)
	p.word(0x0e000800|d.q()|uint32(d.log)<<22|uint32(m.n)<<16|opcode<<12|uint32(n.n)<<5|uint32(d.n), "%s %v, %v, %v", name, d, n, m)
}

// Uzp1 takes the even lanes of n, then of m.
func (p *Program) Uzp1(d, n, m Reg) { p.permute("uzp1", 1, d, n, m) }

// Uzp2 takes the odd lanes of n, then of m.
func (p *Program) Uzp2(d, n, m Reg) { p.permute("uzp2", 5, d, n, m) }

// Zip1 takes lanes of the lower halves of n and m by turns.
func (p *Program) Zip1(d, n, m Reg) { p.permute("zip1", 3, d, n, m) }

// Zip2 takes lanes of the upper halves of n and m by turns.
func (p *Program) Zip2(d, n, m Reg) { p.permute("zip2", 7, d, n, m) }

// Tbl takes for each byte of m the byte of n with that number, 0 where there is none.
func (p *Program) Tbl(d, n, m Reg) {
	need(d.like(m) && n.full && n.log == 0 && d.log == 0, "tbl", d, n, m)
	p.word(0x0e000000|d.q()|uint32(m.n)<<16|uint32(n.n)<<5|uint32(d.n), "tbl %v, {%v}, %v", d, n, m)
}

// Movi sets every byte, or all lanes to 0.
func (p *Program) Movi(d Reg, v uint8) {
	need(d.log == 0, "movi", d)
	p.word(0x0f00e400|d.q()|uint32(v)>>5<<16|uint32(v)&31<<5|uint32(d.n), "movi %v, #0x%x", d, v)
}

// Dup repeats a lane.
func (p *Program) Dup(d, n Reg) {
	need(n.one && !d.one && n.log == d.log, "dup", d, n)
	at := uint32(n.lane)<<(n.log+1) | 1<<n.log
	p.word(0x0e000400|d.q()|at<<16|uint32(n.n)<<5|uint32(d.n), "dup %v, %v", d, n)
}

// DupX repeats a general register.
func (p *Program) DupX(d Reg, x X) {
	name, q := "w", d.q()
	if d.log == 3 {
		name = "x"
	}
	p.word(0x0e000c00|q|1<<d.log<<16|uint32(x)<<5|uint32(d.n), "dup %v, %s%d", d, name, x)
}

// structures encodes loads and stores of one to four registers from x on, which moves
// behind them if next is set.
func (p *Program) structures(name string, load, opcode uint32, x X, next bool, regs []Reg) {
	need(inOrder(regs), name, regs...)
	r := regs[0]
	w := 0x0c000000 | r.q() | load<<22 | opcode<<12 | uint32(r.log)<<10 | uint32(x)<<5 | uint32(r.n)
	if !next {
		p.word(w, "%s %s, [%s]", name, list(regs), x.gnu())
		return
	}
	size := 8 * len(regs)
	if r.full {
		size *= 2
	}
	p.word(w|1<<23|31<<16, "%s %s, [%s], #%d", name, list(regs), x.gnu(), size)
}

// Opcodes by the number of registers, of lanes in order and of those that take turns.
var (
	inARow  = [5]uint32{1: 7, 2: 10, 3: 6, 4: 2}
	byTurns = [5]uint32{2: 8, 3: 4, 4: 0}
)

// Ld1 loads registers one after the other; x moves on.
func (p *Program) Ld1(x X, regs ...Reg) { p.structures("ld1", 1, inARow[len(regs)], x, true, regs) }

// Ld1At is Ld1, but x stays.
func (p *Program) Ld1At(x X, regs ...Reg) { p.structures("ld1", 1, inARow[len(regs)], x, false, regs) }

// St1 stores registers one after the other; x moves on.
func (p *Program) St1(x X, regs ...Reg) { p.structures("st1", 0, inARow[len(regs)], x, true, regs) }

// St1At is St1, but x stays.
func (p *Program) St1At(x X, regs ...Reg) { p.structures("st1", 0, inARow[len(regs)], x, false, regs) }

// LdN loads lanes to two, three or four registers by turns; x moves on.
func (p *Program) LdN(x X, regs ...Reg) {
	need(len(regs) >= 2, "ld", regs...)
	p.structures(fmt.Sprintf("ld%d", len(regs)), 1, byTurns[len(regs)], x, true, regs)
}

// StN stores lanes of two, three or four registers by turns; x moves on.
func (p *Program) StN(x X, regs ...Reg) {
	need(len(regs) >= 2, "st", regs...)
	p.structures(fmt.Sprintf("st%d", len(regs)), 0, byTurns[len(regs)], x, true, regs)
}

// LdrQ loads 16 bytes at x, which moves on by as many bytes as said.
func (p *Program) LdrQ(v V, x X, by int) { p.ldr(0x3cc00400, 'q', v, x, by) }

// LdrD loads 8 bytes at x, which moves on by as many bytes as said.
func (p *Program) LdrD(v V, x X, by int) { p.ldr(0xfc400400, 'd', v, x, by) }

// StrQ stores 16 bytes at x, which moves on by as many bytes as said.
func (p *Program) StrQ(v V, x X, by int) { p.ldr(0x3c800400, 'q', v, x, by) }

// StrD stores 8 bytes at x, which moves on by as many bytes as said.
func (p *Program) StrD(v V, x X, by int) { p.ldr(0xfc000400, 'd', v, x, by) }

func (p *Program) ldr(w uint32, size byte, v V, x X, by int) {
	if by < -256 || by > 255 {
		panic(fmt.Sprintf("neon: a step of %d bytes does not fit", by))
	}
	name := "ldr"
	if w&(1<<22) == 0 {
		name = "str"
	}
	p.word(w|uint32(by)&511<<12|uint32(x)<<5|uint32(v), "%s %c%d, [%s], #%d", name, size, v, x.gnu(), by)
}

// LdurD loads 8 bytes so many bytes behind x, which stays.
func (p *Program) LdurD(v V, x X, at int) {
	if at < -256 || at > 255 {
		panic(fmt.Sprintf("neon: a distance of %d bytes does not fit", at))
	}
	p.word(0xfc400000|uint32(at)&511<<12|uint32(x)<<5|uint32(v), "ldur d%d, [%s, #%d]", v, x.gnu(), at)
}

// Ld1Lane loads one lane of 32 bits at x, which stays.
func (p *Program) Ld1Lane(d Reg, x X) {
	need(d.one && d.log == 2 && d.lane < 4, "ld1", d)
	lane := uint32(d.lane)
	p.word(0x0d408000|lane>>1<<30|lane&1<<12|uint32(x)<<5|uint32(d.n), "ld1 {v%d.s}[%d], [%s]", d.n, d.lane, x.gnu())
}

// Ld1r loads one lane at x, repeated in all; x moves on.
func (p *Program) Ld1r(d Reg, x X) {
	need(!d.one, "ld1r", d)
	p.word(0x0ddfc000|d.q()|uint32(d.log)<<10|uint32(x)<<5|uint32(d.n), "ld1r {%v}, [%s], #%d", d, x.gnu(), 1<<d.log)
}
