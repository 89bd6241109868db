package soak

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestVitals(t *testing.T) {
	before := Settled()
	if before.RSS < before.Heap || before.Heap <= 0 || before.Goroutines < 2 || before.Threads < 1 || before.CPU <= 0 {
		t.Fatalf("%v", before)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	sleeper := start(t)
	// The pipe and the descriptor of a process, and what Go waits for both with.
	if v := Read(); v.Children != before.Children+1 || v.Descriptors < before.Descriptors+2 {
		t.Errorf("with a pipe and a child %v, before %v", v, before)
	}
	if n := Kill(sleeper.Path); n != 1 {
		t.Errorf("%d processes were killed", n)
	}
	if err := sleeper.Wait(); err == nil {
		t.Error("it was not killed")
	}
	if v := Read(); v.Children != before.Children {
		t.Errorf("the child is gone, and yet %v", v)
	}
	if r.Close() != nil || w.Close() != nil {
		t.Error("close")
	}
}

// start runs a program that nobody else runs.
func start(t *testing.T) *exec.Cmd {
	t.Helper()
	sleep, err := exec.LookPath("sleep")
	if err != nil {
		t.Skip(err)
	}
	b, err := os.ReadFile(sleep)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "sleep")
	if err := os.WriteFile(copied, b, 0o700); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), copied, "1000")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}
