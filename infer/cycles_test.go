package infer_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
)

// Starting and stopping with a model process 500 times leaves goroutines,
// descriptors, memory, shared memory and temporary folders as they were.
func TestFiveHundredStartsAndStopsLeaveNothing(t *testing.T) {
	cycles := 500
	if testing.Short() || raceEnabled {
		cycles = 25
		t.Logf("%d cycles only: short or race", cycles)
	}
	t.Setenv("TMPDIR", t.TempDir())
	path := program(t, roleProbe, probeEnv(viewer(backend.ResizeSquash)))
	e := eiengine.New(eiengine.Options{Registry: cycleRegistry(t)})
	cycle := func() {
		p, err := e.Launch("feed ! edgeimpulsevideoinfer model-path=" + path + " ! collect")
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for range 10 {
		cycle()
	}
	before := holdings(t)
	for range cycles {
		cycle()
	}
	after := holdings(t)
	for what, n := range after {
		slack := 0
		switch what {
		case "bytes of heap":
			slack = 1 << 20
		case "shared memory files": // other programs make some too; a leak leaves one a cycle
			slack = cycles / 2
		}
		if n > before[what]+slack {
			t.Errorf("%d %s, %d before", n, what, before[what])
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if leaks := e.Pool().Leaks(); leaks != "" {
		t.Errorf("frames leaked:\n%s", leaks)
	}
}

func cycleRegistry(t *testing.T) *eiengine.Registry {
	t.Helper()
	reg := eiengine.NewRegistry()
	for _, f := range append(eiengine.DefaultRegistry().All(),
		&eiengine.Factory{
			Name: "feed", Pads: []eiengine.PadTemplate{eiengine.SrcPad(frames.AnyCaps())},
			New: func() eiengine.Element {
				return pictures(t, 2, frames.VideoInfo{Format: frames.RGB, Width: 32, Height: 32}, func(int, frames.Picture) {})
			},
		},
		&eiengine.Factory{
			Name: "collect", Pads: []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps())},
			New: func() eiengine.Element { return &collector{bare: true} },
		},
	) {
		if err := reg.Register(*f); err != nil {
			t.Fatal(err)
		}
	}
	return reg
}

// holdings counts what the process holds.
func holdings(t *testing.T) map[string]int {
	t.Helper()
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return map[string]int{
		"goroutines": runtime.NumGoroutine(), "open files": entries(t, "/proc/self/fd"), "bytes of heap": int(m.HeapAlloc),
		"shared memory files": entries(t, "/dev/shm"), "temporary files": entries(t, os.Getenv("TMPDIR")),
	}
}

func entries(t *testing.T, dir string) int {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}
