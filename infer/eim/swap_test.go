package eim

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// install puts a model of so many features at path, as one step.
func install(t *testing.T, path string, features int) {
	t.Helper()
	text := fmt.Sprintf("#!/bin/sh\nECHO_FEATURES=%d exec %q %s \"$@\"\n", features, testProgram(t), roleEcho)
	if err := os.WriteFile(path+".new", []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

// TestFileThatChangesUnderTheModel: the process is lost while its file is gone,
// then another model, then right again.
func TestFileThatChangesUnderTheModel(t *testing.T) {
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
	wait(t, events, Lost)
	if e := wait(t, events, RestartFailed); !strings.Contains(e.Reason.Error(), "no such file") || e.Retry != firstPause {
		t.Errorf("file gone: %+v", e)
	}
	if in := m.Input(); len(in) != 16 {
		t.Errorf("input while there is no process has length %d", len(in))
	}
	m.Input()[0] = 5
	if _, err := m.Classify(context.Background()); !errors.Is(err, ErrLost) {
		t.Errorf("request while there is no process: %v", err)
	}
	install(t, path, 32)
	for {
		e := wait(t, events, RestartFailed)
		if strings.Contains(e.Reason.Error(), "another model now") {
			break
		}
	}
	install(t, path, 16)
	wait(t, events, Restored)
	res, err := m.Classify(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if res.Freeform[0][0] != 5 {
		t.Errorf("input written meanwhile did not reach the new process: %v", res.Freeform[0])
	}
}

// TestClosesWhileRestarting: Close need not wait for a start that hangs.
func TestClosesWhileRestarting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model")
	install(t, path, 16)
	hook, events := eventLog()
	m, err := Open(context.Background(), path, Options{OnEvent: hook})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\nexec sleep 1000\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(m.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	wait(t, events, Lost)
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
}
