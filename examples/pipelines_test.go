package examples_test

import (
	"os"
	"path/filepath"
	"testing"
)

// TestPipelines runs the file of pipelines, and once more what it is as text.
func TestPipelines(t *testing.T) {
	engine := build(t, "../cmd/eiengine")
	file, err := filepath.Abs(filepath.Join("pipelines", "pipelines.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if out := run(t, dir, engine, "run", "-q", file); out != "" {
		t.Errorf("it printed\n%s", out)
	}
	line := run(t, dir, engine, "convert", file, "detect")
	for _, name := range []string{"seen-00.png", "seen-09.png", "last.mjpeg"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Errorf("the file's pipelines did not write it: %v", err)
		}
	}
	if out := run(t, dir, engine, "launch", "-q", line); out != "" {
		t.Errorf("as a line it printed\n%s", out)
	}
	if _, err := os.Stat(filepath.Join(dir, "seen-09.png")); err != nil {
		t.Errorf("the line did not write what the file does: %v", err)
	}
}
