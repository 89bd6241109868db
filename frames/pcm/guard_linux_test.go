package pcm

import (
	"os"
	"runtime/debug"
	"syscall"
	"testing"
)

// Samples that end where memory ends, or start where it starts, show every access
// outside: the processor refuses it.

// fenced is memory that nobody may touch close before and close behind.
func fenced(t *testing.T, pages int) []byte {
	t.Helper()
	page := os.Getpagesize()
	all, err := syscall.Mmap(-1, 0, (pages+2)*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Munmap(all) })
	for _, edge := range [][]byte{all[:page], all[(pages+1)*page:]} {
		if err := syscall.Mprotect(edge, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	return all[page : (pages+1)*page]
}

func TestKernelsStayInside(t *testing.T) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	for _, atEnd := range []bool{true, false} {
		d := newDice(1)
		var used [][]byte
		next := 0
		d.place = func(n, _ int) []byte {
			if next == len(used) {
				used = append(used, fenced(t, 2))
			}
			inner := used[next]
			next++
			if atEnd {
				return inner[len(inner)-n:]
			}
			return inner[:n:n]
		}
		for n := range 200 {
			next = 0
			checkKernels(t, d, n)
		}
	}
}
