package flow

import (
	"context"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// launch builds a pipeline on an engine of its own and checks, when the test is
// over, that no frame is left.
func launch(t *testing.T, text string) *eiengine.Pipeline {
	t.Helper()
	eng := eiengine.New(eiengine.Options{})
	p, err := eng.Launch(text)
	if err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if leaks := eng.Pool().Leaks(); leaks != "" {
			t.Errorf("frames left:\n%s", leaks)
		}
		if err := eng.Close(); err != nil {
			t.Errorf("close the engine: %v", err)
		}
	})
	return p
}

func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// run plays the line to its end.
func run(t *testing.T, text string) *eiengine.Pipeline {
	t.Helper()
	p := launch(t, text)
	if err := p.Run(testContext(t)); err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	return p
}

func stats(t *testing.T, p *eiengine.Pipeline, element string) eiengine.ElementStats {
	t.Helper()
	for _, s := range p.Stats() {
		if s.Name == element {
			return s
		}
	}
	t.Fatalf("no element %q", element)
	return eiengine.ElementStats{}
}
