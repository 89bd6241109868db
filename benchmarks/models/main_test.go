package main

import (
	"os"
	"strings"
	"testing"
	"time"
)

func TestProcessorTimeFindsMarkedProcesses(t *testing.T) {
	if got := processorTime("MODELS_BENCHMARK=nobody"); got != 0 {
		t.Errorf("%v of no process", got)
	}
	if got := used("7 (a (b) c) R 1 1 1 0 -1 4194304 100 0 0 0 250 50 9 9 20 0"); got != 3*time.Second {
		t.Errorf("%v, want 250 and 50 ticks", got)
	}
	if got := used("7 (a) R"); got != 0 {
		t.Errorf("%v of a line that is cut off", got)
	}
}

// The drivers that need nothing else, on a real model.
func TestDriversAnswer(t *testing.T) {
	dir := os.Getenv("EIMS")
	if dir == "" {
		t.Skip("set EIMS to a directory of .eim files, fomo-face.eim among them, to run this")
	}
	file := t.TempDir() + "/frames"
	if err := writeFrames(file, 160, 120); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"engine", "lockstep", "go"} {
		var out strings.Builder
		j, err := newJob([]string{dir + "/fomo-face.eim", file, "160", "120", "2", "5"})
		if err != nil {
			t.Fatal(err)
		}
		drivers := map[string]func() error{
			"engine":   func() error { return driveEngine(j, false, strings.NewReader("go\nend\n"), &out) },
			"lockstep": func() error { return driveEngine(j, true, strings.NewReader("go\nend\n"), &out) },
			"go":       func() error { return driveGoSDK(j, strings.NewReader("go\nend\n"), &out) },
		}
		if err := drivers[name](); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if lines := strings.Split(strings.TrimSpace(out.String()), "\n"); len(lines) != 2 || lines[0] != `"ready"` || strings.Count(lines[1], ",") != 5 {
			t.Errorf("%s printed %s", name, out.String())
		}
	}
}
