//go:build race || eidebug

package frames

import (
	"strings"
	"testing"
)

func TestLeaksNameWhoTookThem(t *testing.T) {
	p := NewPool(1 << 20)
	f := takeAndForget(t, p.Account("camera0"))
	leaks := p.Leaks()
	if !strings.Contains(leaks, "64 bytes of camera0") || !strings.Contains(leaks, "takeAndForget") {
		t.Errorf("the report does not name who took it:\n%s", leaks)
	}
	f.Release()
	if leaks := p.Leaks(); leaks != "" {
		t.Error(leaks)
	}
}

func takeAndForget(t *testing.T, a *Account) *Frame { return NewFrame(Untyped, alloc(t, a, 64)) }

func TestSecondReleaseOfAFramePanics(t *testing.T) {
	f := NewFrame(Untyped, WrapMemory(make([]byte, 4), nil))
	f.Release()
	for name, use := range map[string]func(){
		"release": f.Release, "share": func() { f.Share() }, "bytes": func() { f.Bytes() },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s after release did not panic", name)
				}
			}()
			use()
		}()
	}
}

func TestReleasedMemoryIsPoisoned(t *testing.T) {
	p := NewPool(1 << 20)
	m := alloc(t, p.Account("a"), 64)
	kept := m.Bytes()
	m.Release()
	if kept[0] != poison {
		t.Error("released memory still holds its bytes")
	}
}
