package eim

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/eiengine/eiengine/infer/backend"
)

var transports = map[string]SharedMemory{"shm": SharedMemoryAlways, "json": SharedMemoryNever}

// exactValues are hard to carry: the largest pixel, tiny, negative zero, and
// numbers with long decimal forms.
var exactValues = []float32{
	0, 1, 0xFFFFFF, 0x010203, float32(math.Copysign(0, -1)), -32768, 32767, 0.1, 1.0 / 3, -0.5504321,
	math.MaxFloat32, math.SmallestNonzeroFloat32, 1e-7, 123456.789, 1 << 24, -1e20,
}

func TestFeaturesArriveBitForBit(t *testing.T) {
	for name, mode := range transports {
		t.Run(name, func(t *testing.T) {
			m := openEcho(t, Options{SharedMemory: mode}, "ECHO_OUTPUTS=1")
			if got := m.SharedMemory(); got != (name == "shm") {
				t.Fatalf("shared memory in use: %v", got)
			}
			copy(m.Input(), exactValues)
			res, err := m.Classify(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range exactValues {
				if got := res.Freeform[0][i]; math.Float32bits(got) != math.Float32bits(want) {
					t.Errorf("feature %d arrived as %v, sent %v", i, got, want)
				}
			}
			if res.RoundTrip <= 0 || res.RoundTrip > 5*time.Second {
				t.Errorf("round trip %v", res.RoundTrip)
			}
			copy(m.Input(), []float32{4, 3, 2, 1})
			res, err = m.ClassifyContinuous(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(res.Freeform[0], []float32{4, 3, 2, 1}) {
				t.Errorf("slice arrived as %v", res.Freeform[0])
			}
		})
	}
}

func TestJSONCannotCarryNaN(t *testing.T) {
	m := openEcho(t, Options{SharedMemory: SharedMemoryNever})
	m.Input()[7] = float32(math.NaN())
	_, err := m.Classify(context.Background())
	if err == nil || errors.Is(err, ErrLost) {
		t.Fatalf("got %v", err)
	}
	m.Input()[7] = 0
	if _, err := m.Classify(context.Background()); err != nil {
		t.Fatalf("model is not usable after a refused request: %v", err)
	}
}

// eventLog collects events without missing any.
func eventLog() (func(Event), <-chan Event) {
	c := make(chan Event, 100)
	return func(e Event) { c <- e }, c
}

func wait(t *testing.T, c <-chan Event, kind EventKind) Event {
	t.Helper()
	limit := time.After(30 * time.Second)
	for {
		select {
		case e := <-c:
			if e.Kind == kind {
				return e
			}
		case <-limit:
			t.Fatalf("no event %q within 30 s", kind)
		}
	}
}

func TestKilledModelServesAgain(t *testing.T) {
	for name, mode := range transports {
		t.Run(name, func(t *testing.T) {
			hook, events := eventLog()
			m := openEcho(t, Options{SharedMemory: mode, OnEvent: hook})
			ctx := context.Background()
			if err := m.SetThreshold(ctx, 3, map[string]float64{"min_score": 0.25}); err != nil {
				t.Fatal(err)
			}
			copy(m.Input(), exactValues) // written before the loss, read after it
			killed := time.Now()
			if err := syscall.Kill(m.PID(), syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			lost := wait(t, events, Lost)
			var why *LostError
			if !errors.As(lost.Reason, &why) || why.Signal != syscall.SIGKILL {
				t.Errorf("loss is told as %v", lost.Reason)
			}
			res, err := m.Classify(ctx)
			if err != nil {
				t.Fatal(err)
			}
			took := time.Since(killed)
			t.Logf("serving again %v after the kill", took)
			if took > 10*time.Second {
				t.Errorf("serving again after %v", took)
			}
			if res.Freeform[0][9] != exactValues[9] {
				t.Errorf("input was lost with the process: %v", res.Freeform[0])
			}
			if got := res.Freeform[1][0]; got != 0.25 {
				t.Errorf("threshold after restart is %v, set 0.25", got)
			}
			if got := m.Info().Thresholds[0].Values["min_score"]; got != 0.25 {
				t.Errorf("Info says threshold %v", got)
			}
			wait(t, events, Restored)
			if m.Restarts() != 1 {
				t.Errorf("restarts: %d", m.Restarts())
			}
		})
	}
}

func TestDeathMidRequest(t *testing.T) {
	m := openEcho(t, Options{})
	m.Input()[0] = -666
	_, err := m.Classify(context.Background())
	var lost *LostError
	if !errors.Is(err, ErrLost) || !errors.As(err, &lost) || lost.ExitCode != 66 {
		t.Fatalf("got %v", err)
	}
	m.Input()[0] = 1
	if _, err := m.Classify(context.Background()); err != nil {
		t.Fatalf("next request: %v", err)
	}
}

func TestCloseEndsEverything(t *testing.T) {
	m := openEcho(t, Options{})
	dir := m.worker.proc.dir
	pid := m.PID()
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatalf("second close: %v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is left: %v", dir, err)
	}
	if err := syscall.Kill(pid, 0); err != syscall.ESRCH {
		t.Errorf("process %d is left: %v", pid, err)
	}
	if in := m.Input(); in != nil {
		t.Errorf("input after close has length %d", len(in))
	}
	if _, err := m.Classify(context.Background()); !errors.Is(err, backend.ErrClosed) {
		t.Errorf("classify after close: %v", err)
	}
	if err := m.SetThreshold(context.Background(), 3, nil); !errors.Is(err, backend.ErrClosed) {
		t.Errorf("set threshold after close: %v", err)
	}
}

func TestModelErrorsKeepTheProcess(t *testing.T) {
	m := openEcho(t, Options{})
	pid := m.PID()
	var refused *ModelError
	err := m.SetThreshold(context.Background(), 99, map[string]float64{"min_score": 1})
	if !errors.As(err, &refused) || refused.Message != "set_threshold: cannot find learn block with id 99" {
		t.Errorf("got %v", err)
	}
	err = m.SetThreshold(context.Background(), 3, map[string]float64{"}": 1})
	if err == nil || errors.As(err, new(*ModelError)) {
		t.Errorf("a key with a brace: %v", err)
	}
	if m.PID() != pid {
		t.Errorf("process was replaced")
	}
}

func names(t *testing.T, pattern string) []string {
	t.Helper()
	got, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return got
}
