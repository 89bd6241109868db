// Command peers runs launch lines by eiengine and by GStreamer's gst-launch-1.0,
// alternately, on the same work, and prints what a frame costs each of them.
//
// A line is run with few and with many frames; the difference divided by the
// difference of the counts is the cost of a frame without the start. The
// figures are medians over the rounds. Processor time (user and system) is what
// to compare: wall time depends on what else the machine does.
//
//	go run ./benchmarks/peers                    # needs bin/eiengine: make build
//	go run ./benchmarks/peers -only 'jpeg|png'   # the lines whose name has that
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"github.com/eiengine/eiengine/benchmarks/internal/sides"
)

// startLine is run to its end, to time start and exit.
const startLine = "fakesrc num-buffers=1 ! fakesink"

func main() {
	both := sides.Flags()
	only := flag.String("only", "", "run the lines whose name matches this regular expression")
	flag.Parse()
	if err := compare(both, os.Stdout, *only); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// compare prints the table, row by row as they are measured. Lines that fail are named
// behind it.
func compare(both *sides.Sides, out io.Writer, only string) error {
	chosen, err := regexp.Compile(only)
	if err != nil {
		return fmt.Errorf("-only: %w", err)
	}
	version, err := both.Present()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "peers")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	picture := filepath.Join(dir, "picture.jpg")
	_, failed := both.Ours("videotestsrc num-buffers=1 ! video/x-raw,format=I420,width=1280,height=720 ! jpegenc ! filesink location=" + picture)

	fmt.Fprintf(out, "%s, %s/%s, %d processors, medians of %d rounds\n\n", version, runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), both.Rounds())
	fmt.Fprintln(out, "| work | ours, CPU µs | GStreamer, CPU µs | ratio | wanted | ours, wall µs | GStreamer, wall µs |")
	fmt.Fprintln(out, "|---|---|---|---|---|---|---|")
	for _, w := range works() {
		if !chosen.MatchString(w.name) {
			continue
		}
		w.line = strings.ReplaceAll(w.line, "=JPEG", "="+picture)
		a, b, err := both.PerFrame(w.line)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", w.name, err))
			continue
		}
		row(out, w.name, a, b, w.atMost)
	}
	if name := startLine + ", start to exit"; chosen.MatchString(name) {
		a, b, err := both.ToExit(startLine)
		if err != nil {
			return err
		}
		row(out, name, a, b, ahead)
	}
	return failed
}

// row prints one line of the table, marked where it is not as wanted.
func row(out io.Writer, name string, ours, theirs sides.Cost, atMost float64) {
	ratio, mark := ours.CPU/theirs.CPU, ""
	if ratio > atMost {
		mark = " (!)"
	}
	fmt.Fprintf(out, "| %s | %.2f | %.2f | %.2f%s | ≤ %.2f | %.2f | %.2f |\n", name, ours.CPU, theirs.CPU, ratio, mark, atMost, ours.Wall, theirs.Wall)
}
