package graphtest

import (
	"context"
	"testing"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/internal/guest"
)

// Context ends with the test, or when patience does.
func Context(t testing.TB) context.Context {
	t.Helper()
	return guest.Context(t)
}

// Launch builds a line on an engine of its own. When the test is over both are closed,
// and memory of frames that is still in use is an error.
func Launch(t testing.TB, line string) *eiengine.Pipeline {
	t.Helper()
	return LaunchOn(t, eiengine.New(eiengine.Options{}), line)
}

// LaunchOn is Launch on an engine that the test has made for this line alone.
func LaunchOn(t testing.TB, engine *eiengine.Engine, line string) *eiengine.Pipeline {
	t.Helper()
	p, err := engine.Launch(line)
	if err != nil {
		t.Fatalf("%s\n%v", line, err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Errorf("%s\nclose: %v", line, err)
		}
		if n := engine.Pool().Stats().InUse; n != 0 {
			t.Errorf("%s\n%d bytes of frames are left: %s", line, n, engine.Pool().Leaks())
		}
		if err := engine.Close(); err != nil {
			t.Errorf("%s\nclose the engine: %v", line, err)
		}
	})
	return p
}

// Run plays a line to its end, which must come without an error.
func Run(t testing.TB, line string) *eiengine.Pipeline {
	t.Helper()
	p := Launch(t, line)
	if err := p.Run(Context(t)); err != nil {
		t.Fatalf("%s\n%v", line, err)
	}
	return p
}
