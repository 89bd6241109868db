package eim

import (
	"debug/elf"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// checkProgram finds the mistakes that can be seen without starting anything,
// and gives the absolute path, since the process runs in another directory.
func checkProgram(path string) (string, error) {
	if path == "" {
		return "", errors.New("model: no file given; name a .eim file")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("model %s: %w", path, err)
	}
	st, err := os.Stat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", mistake(fs.ErrNotExist, "model %s: no such file; check the path", path)
	case err != nil:
		return "", fmt.Errorf("model %s: %w", path, err)
	case st.IsDir():
		return "", mistake(syscall.EISDIR, "model %s: is a directory; name the .eim file in it", path)
	case !st.Mode().IsRegular():
		return "", fmt.Errorf("model %s: is not a regular file; name a .eim file", path)
	case st.Size() == 0:
		return "", fmt.Errorf("model %s: is empty; copy or download it again", path)
	case st.Mode().Perm()&0o111 != 0:
		return abs, nil
	case !isProgram(abs): // no use in making that executable
		return "", mistake(syscall.ENOEXEC, "model %s: %s", path, noProgram)
	}
	return "", mistake(fs.ErrPermission, "model %s: not executable; run: chmod +x %s", path, path)
}

// plainError says what is wrong in words of its own, without those of the system.
type plainError struct {
	text  string
	cause error
}

func (e *plainError) Error() string { return e.text }

func (e *plainError) Unwrap() error { return e.cause }

func mistake(cause error, format string, args ...any) error {
	return &plainError{text: fmt.Sprintf(format, args...), cause: cause}
}

const noProgram = "is not a .eim model: the file is neither a Linux program nor a script; download the Linux build of the model"

// isProgram reports whether a file begins as a program or a script does. One that
// cannot be read may be one.
func isProgram(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return true
	}
	defer f.Close()
	head := make([]byte, len(elf.ELFMAG))
	n, _ := f.Read(head)
	return string(head[:n]) == elf.ELFMAG || strings.HasPrefix(string(head[:n]), "#!")
}

// explainStart says why the system refused to execute a file that is there.
func explainStart(path string, err error) error {
	switch {
	case errors.Is(err, syscall.ENOEXEC):
		return mistake(err, "model %s: %s", path, whyNotExecutable(path))
	case errors.Is(err, fs.ErrPermission):
		return mistake(err, "model %s: may not be executed by this user; run: chmod +x %s, and check that its file system is not mounted noexec", path, path)
	case errors.Is(err, syscall.ETXTBSY):
		return mistake(err, "model %s: is still being written; wait for the copy to finish", path)
	case errors.Is(err, fs.ErrNotExist):
		if loader := interpreter(path); loader != "" {
			return mistake(err, "model %s: needs %s, which is not on this system; use a model built for this system (%s)", path, loader, runtime.GOARCH)
		}
		return mistake(err, "model %s: it, or the program that it names in its first line, is not there; check both", path)
	}
	return fmt.Errorf("model %s: cannot start it: %w", path, err)
}

var machines = map[elf.Machine]string{
	elf.EM_X86_64: "amd64", elf.EM_AARCH64: "arm64", elf.EM_ARM: "arm", elf.EM_386: "386", elf.EM_RISCV: "riscv",
}

func whyNotExecutable(path string) string {
	f, err := elf.Open(path)
	if err != nil {
		return noProgram
	}
	defer f.Close()
	name := machines[f.Machine]
	if name == "" {
		name = f.Machine.String()
	}
	if name == runtime.GOARCH {
		return "is damaged or not a program: " + f.Type.String() + "; copy or download it again"
	}
	return fmt.Sprintf("is built for %s, this system is %s; download the model for %s", name, runtime.GOARCH, runtime.GOARCH)
}

// interpreter is the dynamic loader that an ELF program asks for.
func interpreter(path string) string {
	f, err := elf.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type != elf.PT_INTERP || p.Filesz == 0 || p.Filesz > 4096 {
			continue
		}
		b := make([]byte, p.Filesz)
		if _, err := p.ReadAt(b, 0); err != nil {
			return ""
		}
		return string(b[:len(b)-1])
	}
	return ""
}
