package neon

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// everything is a program with every instruction, in the shapes in which operands differ.
func everything() *Program {
	p := New("A test.")
	p.Func("everything", "dst, src *byte, n int")
	for _, f := range []func(d, n, m Reg){p.Add, p.Sub, p.Addp, p.Sqadd, p.Urhadd, p.Smax, p.Smin, p.Ushl} {
		f(V(1).B16(), V(2).B16(), V(31).B16())
		f(V(7).B8(), V(8).B8(), V(9).B8())
		f(V(3).H8(), V(4).H8(), V(5).H8())
		f(V(3).S4(), V(4).S4(), V(5).S4())
	}
	p.Mul(V(3).S4(), V(4).S4(), V(5).S4())
	p.Mla(V(3).H8(), V(4).H8(), V(5).H8())
	p.Raddhn(V(3).B8(), V(4).H8(), V(5).H8())
	p.Raddhn(V(3).B16(), V(4).H8(), V(5).H8())
	p.Mvn(V(3).B16(), V(4).B16())
	p.And(V(1).B16(), V(2).B16(), V(3).B16())
	p.Orr(V(1).B16(), V(2).B16(), V(3).B16())
	p.Eor(V(1).B8(), V(2).B8(), V(3).B8())
	p.Mov(V(1).B16(), V(2).B16())
	for _, f := range []func(d, n, m Reg){p.Smull, p.Smlal, p.Umull, p.Umlal} {
		f(V(1).H8(), V(2).B8(), V(3).B8())
		f(V(1).S4(), V(2).H8(), V(17).H8())
	}
	for lane := range 8 {
		p.Smull(V(20).S4(), V(21).H4(), V(15).H(lane))
		p.Smlal(V(20).S4(), V(21).H8(), V(3).H(lane))
		p.Sqdmulh(V(20).H8(), V(21).H8(), V(4).H(lane))
		p.Sqrdmulh(V(20).H4(), V(21).H4(), V(4).H(lane))
	}
	for lane := range 4 {
		p.Smull(V(20).D2(), V(21).S2(), V(30).S(lane))
		p.Ld1Lane(V(5).S(lane), 3)
		p.Dup(V(6).S4(), V(7).S(lane))
		p.Dup(V(6).H8(), V(7).H(2*lane+1))
	}
	for _, f := range []func(d, n Reg){p.Uaddlp, p.Uadalp} {
		f(V(1).H8(), V(2).B16())
		f(V(1).S2(), V(2).H4())
	}
	for _, f := range []func(d, n Reg){p.Xtn, p.Sqxtn, p.Sqxtun} {
		f(V(1).B8(), V(2).H8())
		f(V(1).H8(), V(2).S4())
	}
	for _, f := range []func(d, n Reg){p.Shll, p.Uxtl} {
		f(V(1).H8(), V(2).B8())
		f(V(1).S4(), V(2).H8())
	}
	p.Ucvtf(V(1).S4(), V(2).S4())
	for _, f := range []func(d, n Reg, by int){p.Shl, p.Ushr, p.Urshr, p.Sshr, p.Srshr} {
		f(V(1).H8(), V(2).H8(), 5)
		f(V(1).S4(), V(2).S4(), 19)
		f(V(1).B8(), V(2).B8(), 1)
	}
	p.Ushll(V(1).H8(), V(2).B8(), 7)
	p.Ushll(V(1).S4(), V(2).H8(), 9)
	for _, f := range []func(d, n Reg, by int){p.Shrn, p.Rshrn, p.Sqshrun} {
		f(V(1).B8(), V(2).H8(), 6)
		f(V(1).H8(), V(2).S4(), 9)
	}
	for _, f := range []func(d, n, m Reg){p.Uzp1, p.Uzp2, p.Zip1, p.Zip2} {
		f(V(1).B16(), V(2).B16(), V(3).B16())
		f(V(1).H4(), V(2).H4(), V(3).H4())
		f(V(1).S4(), V(2).S4(), V(3).S4())
	}
	floats(p)
	p.Tbl(V(1).B16(), V(2).B16(), V(3).B16())
	p.Movi(V(1).B16(), 0xff)
	p.Movi(V(1).B8(), 0x80)
	p.DupX(V(1).H8(), 5)
	p.DupX(V(1).D2(), 5)
	for count := 1; count <= 4; count++ {
		var regs []Reg
		for i := range count {
			regs = append(regs, V(8+i).B16())
		}
		p.Ld1(1, regs...)
		p.Ld1At(2, regs...)
		p.St1(3, regs...)
		p.St1At(4, regs...)
		if count > 1 {
			p.LdN(5, regs...)
			p.StN(6, regs...)
		}
	}
	p.St1(3, V(1).H4(), V(2).H4())
	p.LdrQ(9, 10, 12)
	p.LdrD(9, 10, -8)
	p.StrQ(9, 10, 16)
	p.StrD(9, 10, 255)
	p.LdurD(9, 10, 6)
	p.Ld1r(V(1).H8(), 2)
	p.Ld1r(V(1).S4(), 2)
	p.Ret()
	return p
}

func floats(p *Program) {
	for _, f := range []func(d, n, m Reg){p.Fadd, p.Fsub, p.Faddp, p.Fmul, p.Fmla, p.Fcmgt} {
		f(V(1).S4(), V(2).S4(), V(30).S4())
		f(V(1).D2(), V(2).D2(), V(30).D2())
	}
	p.Fabs(V(1).S4(), V(2).S4())
	p.ScvtfInt(V(1).S4(), V(2).S4())
	p.Fcvtns(V(1).S4(), V(2).S4())
	p.Fcvtl(V(1).D2(), V(2).S2())
	p.Fcvtl(V(1).D2(), V(2).S4())
	for _, by := range []int{7, 15, 23, 31} {
		p.Scvtf(V(1).S4(), V(2).S4(), by)
	}
	p.Sqshl(V(1).S4(), V(2).S4(), 8)
	p.Sxtl(V(1).S4(), V(2).H4())
	p.Bit(V(1).B16(), V(2).B16(), V(3).B16())
	p.Ld1(1, V(2).D2(), V(3).D2())
}

var wordLine = regexp.MustCompile(`WORD \$0x([0-9a-f]{8}) // (.*)`)

// What stands beside each word, here and in all kernels, is what it means to somebody else.
func TestWordsMeanWhatTheySay(t *testing.T) {
	objdump, err := exec.LookPath("aarch64-linux-gnu-objdump")
	if err != nil {
		t.Skip("aarch64-linux-gnu-objdump is missing (Debian's binutils-aarch64-linux-gnu)")
	}
	t.Run("everything", func(t *testing.T) { checkWords(t, objdump, everything().String()) })
	kernels, err := filepath.Glob("../../*/*_arm64.s")
	if err != nil || len(kernels) == 0 {
		t.Fatal("no kernels: ", err)
	}
	for _, file := range kernels {
		t.Run(filepath.Base(file), func(t *testing.T) {
			program, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			checkWords(t, objdump, string(program))
		})
	}
}

func checkWords(t *testing.T, objdump, program string) {
	t.Helper()
	var words []byte
	lines := wordLine.FindAllStringSubmatch(program, -1)
	for _, line := range lines {
		w, err := strconv.ParseUint(line[1], 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		words = binary.LittleEndian.AppendUint32(words, uint32(w))
	}
	file := filepath.Join(t.TempDir(), "words")
	if err := os.WriteFile(file, words, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(objdump, "-D", "-z", "-b", "binary", "-m", "aarch64", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	_, listing, _ := strings.Cut(string(out), "<.data>:\n")
	meant := strings.Split(strings.TrimSpace(listing), "\n")
	if len(meant) != len(lines) {
		t.Fatalf("%d words are %d instructions", len(lines), len(meant))
	}
	for i, line := range meant {
		// Address, word, name, operands.
		fields := strings.SplitN(strings.TrimSpace(line), "\t", 3)
		want := strings.ReplaceAll(fields[2], "\t", " ")
		if got := lines[i][2]; want != got {
			t.Errorf("%s says %q and is %q", lines[i][1], got, want)
		}
	}
}

func TestOperandsThatDoNotGoTogether(t *testing.T) {
	p := New("A test.")
	for name, f := range map[string]func(){
		"lanes":    func() { p.Add(V(1).B16(), V(1).H8(), V(1).B16()) },
		"width":    func() { p.Ushll(V(1).S4(), V(1).B8(), 7) },
		"shift":    func() { p.Sqshrun(V(1).B8(), V(1).H8(), 9) },
		"list":     func() { p.LdN(1, V(1).B16(), V(3).B16()) },
		"lane":     func() { p.Sqdmulh(V(1).H8(), V(1).H8(), V(16).H(0)) },
		"distance": func() { p.LdrQ(1, 1, 256) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("was taken")
				}
			}()
			f()
		})
	}
}
