package eim

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestReset: another process with the same thresholds, and nobody calls it a loss.
func TestReset(t *testing.T) {
	hook, events := eventLog()
	m := openEcho(t, Options{OnEvent: hook}, "ECHO_OUTPUTS=1")
	ctx := context.Background()
	if err := m.SetThreshold(ctx, 3, map[string]float64{"min_score": 0.25}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		pid := m.PID()
		if err := m.Reset(ctx); err != nil {
			t.Fatal(err)
		}
		if m.PID() == pid || m.PID() == 0 {
			t.Errorf("process %d after %d", m.PID(), pid)
		}
		m.Input()[0] = 7
		res, err := m.Classify(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if res.Freeform[0][0] != 7 || res.Freeform[1][0] != 0.25 {
			t.Errorf("answer %v", res.Freeform)
		}
	}
	if m.Restarts() != 0 {
		t.Errorf("%d restarts", m.Restarts())
	}
	select {
	case e := <-events:
		t.Errorf("told of %+v", e)
	default:
	}
}

// TestThresholdWhileThereIsNoProcess is kept for the next one.
func TestThresholdWhileThereIsNoProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model")
	install(t, path, 16)
	hook, events := eventLog()
	m, err := Open(context.Background(), path, Options{OnEvent: hook})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(m.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	// Attempts to start it fail until the file is back, with pauses in between.
	wait(t, events, RestartFailed)
	ctx := context.Background()
	if err := m.SetThreshold(ctx, 3, map[string]float64{"min_score": 0.125}); err != nil {
		t.Errorf("a value that the block has: %v", err)
	}
	if err := m.SetThreshold(ctx, 4, map[string]float64{"min_score": 0.125}); !errors.Is(err, ErrLost) {
		t.Errorf("a block that the model has not: %v", err)
	}
	install(t, path, 16)
	wait(t, events, Restored)
	res, err := m.Classify(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if got := res.Freeform[1][0]; got != 0.125 {
		t.Errorf("the threshold is %v", got)
	}
}

// TestRequestThatIsTooLarge is refused here: the model would end.
func TestRequestThatIsTooLarge(t *testing.T) {
	m := openEcho(t, Options{SharedMemory: SharedMemoryNever}, "ECHO_FEATURES=4000000", "ECHO_SMALL=1")
	in := m.Input()
	for i := range in {
		in[i] = -1.2345678e-5
	}
	_, err := m.Classify(context.Background())
	if err == nil || errors.Is(err, ErrLost) || !strings.Contains(err.Error(), "offers shared memory") {
		t.Errorf("got %v", err)
	}
	if m.Restarts() != 0 {
		t.Errorf("%d restarts", m.Restarts())
	}
}
