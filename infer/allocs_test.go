package infer_test

import (
	"io"
	"runtime"
	"testing"

	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/frames"
)

// A result may allocate; pixels may not. The bound is for one frame with one box:
// the result, its JSON, the message and what is attached, with room for half as
// much again.
func TestAllocationsPerResult(t *testing.T) {
	if raceEnabled {
		t.Skip("skipped: the race detector allocates")
	}
	const warm, n = 50, 200
	for _, c := range []struct {
		name, model   string
		allocs, bytes uint64
	}{
		{"in process", "builtin:shapes", 24, 4 << 10},
		{"in a process of its own", program(t, roleShapes), 28, 4 << 10},
		{"left out by the interval", "builtin:shapes interval=1000000", 0, 64},
		{"superseded", "builtin:shapes queue-policy=latest left-out=drop", 24, 4 << 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := scene.New(77, 320, 240, scene.Options{Count: 4})
			src := shapesFeed(t, warm+n, 320, 240, s)
			r := newRig(t, src, "edgeimpulsevideoinfer model-path="+c.model)
			r.out.frames = make([]seen, 0, warm+n)
			r.msgs = make([]*busMessage, 0, 4*(warm+n))
			r.out.bare = true
			var before, after runtime.MemStats
			var grown int64 // by the pool, which keeps it
			fill := src.fill
			src.fill = func(i int, f *frames.Frame) error {
				switch i {
				case warm:
					runtime.ReadMemStats(&before)
					grown = -r.engine.Pool().Stats().Total
				case warm + n:
					runtime.ReadMemStats(&after)
					grown += r.engine.Pool().Stats().Total
					return io.EOF
				}
				return fill(i, f)
			}
			r.run()
			allocs, bytes := (after.Mallocs-before.Mallocs)/n, (after.TotalAlloc-before.TotalAlloc-uint64(grown))/n
			t.Logf("%d allocations, %d bytes a frame; the pool grew by %d bytes", allocs, bytes, grown)
			held := int64(4)
			if c.name == "superseded" { // how many wait depends on the machine; a leak would be all
				held = 40
			}
			if most := held * 320 * 240 * 3; grown > most {
				t.Errorf("the pool grew by %d bytes after %d frames, more than %d", grown, warm, most)
			}
			if allocs > c.allocs || bytes > c.bytes {
				t.Errorf("%d allocations of %d bytes a frame; at most %d of %d are allowed", allocs, bytes, c.allocs, c.bytes)
			}
		})
	}
}
