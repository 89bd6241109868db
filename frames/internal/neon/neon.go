// Package neon is a small assembler for arm64 vector kernels. Go's own knows only part
// of NEON; here a kernel is a Go function that calls one method for each instruction,
// and the program of all of them is printed as a .s file for Go, each word beside what
// it means:
//
//	WORD $0x0f2a8484 // sqshrun v4.8b, v4.8h, #6
//
// Methods have ARM's names and operands in ARM's order, the destination first. Those
// that widen or narrow come in pairs there, such as ushll and ushll2; here the operand
// that is cut in half says which: V(1).B8() is the lower half, V(1).B16() the upper
// one. Operands that do not go together panic when the program is made.
//
// The text beside a word is exactly what objdump prints for it, and a test compares.
package neon

import (
	"fmt"
	"strings"
)

// Program collects functions.
type Program struct {
	text   strings.Builder
	labels int
}

// X is a general register, 0 to 15: Go keeps others for itself.
type X uint8

// String is the name that Go gives it.
func (x X) String() string { return fmt.Sprintf("R%d", uint8(x)) }

// gnu is the name that ARM gives it.
func (x X) gnu() string { return fmt.Sprintf("x%d", uint8(x)) }

// New starts a file. The comment, without slashes, says what is in it and who made it.
func New(comment string) *Program {
	p := &Program{}
	for line := range strings.Lines(comment) {
		p.text.WriteString(strings.TrimRight("// "+strings.TrimSpace(line), " ") + "\n")
	}
	p.text.WriteString("\n//go:build !noasm\n\n#include \"textflag.h\"\n")
	return p
}

// String is the file.
func (p *Program) String() string { return p.text.String() }

// Func begins a function without results, all of whose parameters have 8 bytes: pointers
// and ints, as in "dst, src *byte, n int". It returns the registers that have them, from
// R0 on. The last instruction of a function is Ret.
func (p *Program) Func(name, parameters string) []X {
	names := strings.Split(parameters, ",")
	fmt.Fprintf(&p.text, "\n// func %s(%s)\nTEXT ·%s(SB), NOSPLIT, $0-%d\n", name, parameters, name, 8*len(names))
	registers := make([]X, len(names))
	for i, n := range names {
		registers[i] = X(i)
		p.Go("MOVD %s+%d(FP), %v", strings.Fields(n)[0], 8*i, registers[i])
	}
	return registers
}

// Go adds an instruction that Go's assembler has, in its syntax.
func (p *Program) Go(format string, args ...any) {
	p.text.WriteString("\t" + fmt.Sprintf(format, args...) + "\n")
}

// Comment adds a line that says something about the next ones.
func (p *Program) Comment(format string, args ...any) {
	p.text.WriteString("\t// " + fmt.Sprintf(format, args...) + "\n")
}

// Ret ends a function.
func (p *Program) Ret() { p.Go("RET") }

// Label is a new place to jump to, here.
func (p *Program) Label() string {
	p.labels++
	name := fmt.Sprintf("at%d", p.labels)
	p.text.WriteString("\n" + name + ":\n")
	return name
}

// Name is a place to jump to by a name of the caller's.
func (p *Program) Name(name string) { p.text.WriteString("\n" + name + ":\n") }

// Times runs body until n has been counted down to 0 in steps; n is a multiple of step
// and not 0.
func (p *Program) Times(n X, step int, body func()) {
	top := p.Label()
	body()
	p.Go("SUBS $%d, %v, %v", step, n, n)
	p.Go("BNE %s", top)
}

// Either runs clear or set by a bit of a register.
func (p *Program) Either(x X, bit int, clear, set func()) {
	p.labels++
	name := p.labels
	p.Go("TBNZ $%d, %v, set%d", bit, x, name)
	clear()
	p.Go("B end%d", name)
	fmt.Fprintf(&p.text, "\nset%d:\n", name)
	set()
	fmt.Fprintf(&p.text, "\nend%d:\n", name)
}

// word adds an encoded instruction and what it means.
func (p *Program) word(w uint32, format string, args ...any) {
	fmt.Fprintf(&p.text, "\tWORD $0x%08x // %s\n", w, fmt.Sprintf(format, args...))
}

// need panics unless operands go together: a mistake in a kernel, found when it is made.
func need(ok bool, instruction string, operands ...Reg) {
	if !ok {
		panic(fmt.Sprintf("neon: %s does not take %v", instruction, operands))
	}
}
