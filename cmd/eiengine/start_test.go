package main

import (
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestStartsFasterThanGStreamer runs the shortest of pipelines with both
// programs in turn and compares their best times.
func TestStartsFasterThanGStreamer(t *testing.T) {
	theirs, err := exec.LookPath("gst-launch-1.0")
	switch {
	case err != nil:
		t.Skip("skipped: gst-launch-1.0 is not installed, there is nothing to compare with")
	case raceFactor > 1:
		t.Skip("skipped: the race detector slows the program down")
	}
	ours := filepath.Join(t.TempDir(), "eiengine")
	if out, err := exec.Command("go", "build", "-o", ours, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	line := []string{"fakesrc", "num-buffers=1", "!", "fakesink"}
	us, them := time.Hour, time.Hour
	for range 10 {
		us = min(us, timeOf(t, ours, append([]string{"launch"}, line...)))
		them = min(them, timeOf(t, theirs, line))
	}
	t.Logf("eiengine %v, gst-launch-1.0 %v", us, them)
	if us >= them {
		t.Errorf("eiengine takes %v, gst-launch-1.0 %v", us, them)
	}
}

func timeOf(t *testing.T, program string, args []string) time.Duration {
	t.Helper()
	began := time.Now()
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
	return time.Since(began)
}
