// Package examples_test builds and runs every example and checks what it prints.
package examples_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

func TestExamples(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	photo := filepath.Join(root, "testdata", "photos", "coffee.jpg")
	for name, test := range map[string]struct {
		args []string
		want string // in the output, as a regular expression
		file string // written, and a PNG
	}{
		"results":    {want: `(?m)^966\.666666ms edgeimpulsevideoinfer0: (circle|square|triangle) [01]\.\d\d at \d+,\d+$`},
		"push":       {want: `frame 0: circle \d\.\d\d at \d+,240\n(.*\n)*frame 9: circle \d\.\d\d at 4[5-9]\d,240\n`},
		"seek":       {want: `lasts 10s (.*\n)frame 150 of 5s\n(.*\n){2}the end, at 5\.1s\nframe 297 of 9\.9s\n(.*\n){2}cannot seek with rate -1`},
		"change":     {want: `^160 pixels, from 255 to 149\n160 pixels, from 29 to 149\n$`},
		"subscribe":  {want: `^30 results, the state has changed: true\n$`},
		"properties": {want: `^q\.max-size-buffers is 3\nsrc\.pattern is ball\nsrc\.is-live is true\nproperty "is-live" of src cannot be set while .*\n.*"bal".*\n$`},
		"branch":     {want: `^with the branch: \[.* out\]\n(frame \d: 64x48\n){5}without it: \[videotestsrc0 t queue0 fakesink0\]\n$`},
		"stats":      {want: `(?m)^jpegenc0: 200 in, 200 out, 0 dropped, .*\nout: 200 in, 0 out, `},
		"element":    {want: `wrote threshold\.png`, file: "threshold.png"},
		"model":      {args: []string{serve(t), photo}, want: `shapes: .* 128x128, labels \[circle square triangle\]\ncircle 0?1?\.\d\d: `},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			out := run(t, dir, build(t, "./"+name), test.args...)
			if !regexp.MustCompile(test.want).MatchString(out) {
				t.Errorf("it printed\n%s\nwant a match of %s", out, test.want)
			}
			if test.file == "" {
				return
			}
			if b, err := os.ReadFile(filepath.Join(dir, test.file)); err != nil || !strings.HasPrefix(string(b), "\x89PNG") {
				t.Errorf("%s is no PNG: %v", test.file, err)
			}
		})
	}
}

// TestModelWithoutArguments runs the built-in model from the root of the
// repository, as its documentation says.
func TestModelWithoutArguments(t *testing.T) {
	out := run(t, "..", build(t, "./model"))
	if !strings.HasPrefix(out, "shapes: constrained_object_detection, 128x128") {
		t.Errorf("it printed\n%s", out)
	}
}

// TestEveryExampleIsRun keeps examples from being forgotten here.
func TestEveryExampleIsRun(t *testing.T) {
	found, err := filepath.Glob("*/main.go")
	if err != nil || len(found) != 13 {
		t.Errorf("found %v, %v: an example was added or is missing, adapt TestExamples, or what runs those with devices", found, err)
	}
}

// build makes the program of a package.
func build(t *testing.T, pkg string) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), filepath.Base(pkg))
	if out, err := exec.Command("go", "build", "-o", bin, pkg).CombinedOutput(); err != nil {
		t.Fatalf("go build %s: %v\n%s", pkg, err, out)
	}
	return bin
}

func run(t *testing.T, dir, bin string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), bin, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", filepath.Base(bin), err, out)
	}
	return string(out)
}

// serve makes a .eim that is the engine itself, serving its built-in model.
func serve(t *testing.T) string {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("models run as processes on Linux only")
	}
	engine := build(t, "../cmd/eiengine")
	eim := filepath.Join(t.TempDir(), "shapes.eim")
	script := fmt.Sprintf("#!/bin/sh\nexec '%s' model serve builtin:shapes \"$@\"\n", engine)
	if err := os.WriteFile(eim, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return eim
}
