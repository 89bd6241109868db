package neon

import "fmt"

// V is a vector register, 0 to 31.
type V uint8

// Reg is a vector register as an instruction sees it: so many lanes of so many bytes, or
// one lane.
type Reg struct {
	n    V
	log  uint8 // of the bytes of a lane
	full bool  // 16 bytes, not 8
	one  bool
	lane uint8
}

// B16 are 16 bytes.
func (v V) B16() Reg { return Reg{n: v, full: true} }

// B8 are the lower 8 bytes.
func (v V) B8() Reg { return Reg{n: v} }

// H8 are 8 lanes of 16 bits.
func (v V) H8() Reg { return Reg{n: v, log: 1, full: true} }

// H4 are the lower 4 lanes of 16 bits.
func (v V) H4() Reg { return Reg{n: v, log: 1} }

// S4 are 4 lanes of 32 bits.
func (v V) S4() Reg { return Reg{n: v, log: 2, full: true} }

// S2 are the lower 2 lanes of 32 bits.
func (v V) S2() Reg { return Reg{n: v, log: 2} }

// D2 are 2 lanes of 64 bits.
func (v V) D2() Reg { return Reg{n: v, log: 3, full: true} }

// H is one lane of 16 bits.
func (v V) H(lane int) Reg { return Reg{n: v, log: 1, one: true, lane: uint8(lane)} }

// S is one lane of 32 bits.
func (v V) S(lane int) Reg { return Reg{n: v, log: 2, one: true, lane: uint8(lane)} }

// String is ARM's name, such as v3.8h or v3.h[1].
func (r Reg) String() string {
	if r.one {
		return fmt.Sprintf("v%d.%c[%d]", r.n, "bhsd"[r.log], r.lane)
	}
	lanes := 8 >> r.log
	if r.full {
		lanes *= 2
	}
	return fmt.Sprintf("v%d.%d%c", r.n, lanes, "bhsd"[r.log])
}

// q is the bit that says that all 16 bytes count.
func (r Reg) q() uint32 {
	if r.full {
		return 1 << 30
	}
	return 0
}

// like reports whether two registers have the same lanes.
func (r Reg) like(o Reg) bool { return r.log == o.log && r.full == o.full && !r.one && !o.one }

// widensTo reports whether the lanes of half a register, whose half full tells, fill
// those of w.
func (r Reg) widensTo(w Reg) bool {
	return w.full && !w.one && !r.one && w.log == r.log+1
}

// upper is the 2 in the name of an instruction on the upper half.
func (r Reg) upper() string {
	if r.full {
		return "2"
	}
	return ""
}

// list is how ARM writes registers that follow one another.
func list(regs []Reg) string {
	switch len(regs) {
	case 1:
		return fmt.Sprintf("{%v}", regs[0])
	case 2:
		return fmt.Sprintf("{%v, %v}", regs[0], regs[1])
	}
	return fmt.Sprintf("{%v-%v}", regs[0], regs[len(regs)-1])
}

// inOrder reports whether registers follow one another, as lists must.
func inOrder(regs []Reg) bool {
	for i, r := range regs {
		if !r.like(regs[0]) || r.n != (regs[0].n+V(i))%32 {
			return false
		}
	}
	return len(regs) >= 1 && len(regs) <= 4
}
