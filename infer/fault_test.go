package infer

import (
	"context"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/infer/builtin"
)

// clumsy is a judge that does what f does.
type clumsy struct{ f func() }

func (c clumsy) judge(context.Context, *job) ([]bus.Payload, error) {
	c.f()
	return nil, nil
}

func (c clumsy) failed(*job, error) []bus.Payload { return nil }

// Memory that a model takes away while it is written to, and mistakes of ours,
// cost one frame and not the program.
func TestFaultsBecomeErrors(t *testing.T) {
	name := filepath.Join(t.TempDir(), "shared")
	if err := os.WriteFile(name, make([]byte, 8192), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	mem, err := unix.Mmap(int(f.Fd()), 0, 8192, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := unix.Munmap(mem); err != nil {
			t.Error(err)
		}
	}()
	if err := f.Truncate(0); err != nil {
		t.Fatal(err)
	}
	backend, err := builtin.Open("shapes")
	if err != nil {
		t.Fatal(err)
	}
	w := &worker{model: &model{path: "x.eim"}, backend: backend}
	w.thresholds.begin(backend.Info())
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	for want, f := range map[string]func(){
		"took its shared memory away": func() { mem[4096] = 1 },
		"panic: oh":                   func() { panic("oh") },
	} {
		cl := &client{judge: clumsy{f}}
		batch := []job{{client: cl, asking: t.Context()}}
		if err := w.judge(batch, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if err := backend.Close(); err != nil {
		t.Error(err)
	}
}
