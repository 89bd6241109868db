package cmem

import (
	"runtime"
	"testing"
	"unsafe"
)

func TestText(t *testing.T) {
	for _, s := range []string{"", "a", "größer als null"} {
		p := String(s)
		if got := Text(uintptr(unsafe.Pointer(p))); got != s {
			t.Errorf("%q came back as %q", s, got)
		}
		runtime.KeepAlive(p)
	}
	if Text(0) != "" {
		t.Error("there is text at address 0")
	}
	p := String("xy")
	if At(uintptr(unsafe.Pointer(p))) != unsafe.Pointer(p) {
		t.Error("At gives another address")
	}
}
