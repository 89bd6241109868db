// Command samples runs what changes sound by eiengine and by GStreamer's
// gst-launch-1.0, alternately, and prints what a sample costs each of them and how
// good what comes out is.
//
// The cost is the processor time (user and system) of a launch line, as the difference
// of two lengths, without that of its source, divided by the samples of one channel
// that went in. For the quality both programs change the rate of the same tones and
// of the same sweep, from a file to a file. Needs bin/eiengine (make build) and Debian's
// gstreamer1.0-tools, gstreamer1.0-plugins-base and gstreamer1.0-plugins-good.
//
//	go run ./benchmarks/samples
//	go run ./benchmarks/samples -plots DIR   # pictures instead: of both, beside each other
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
)

func main() {
	ours := flag.String("eiengine", "bin/eiengine", "our binary")
	theirs := flag.String("gst-launch", "gst-launch-1.0", "GStreamer's binary")
	rounds := flag.Int("rounds", 3, "rounds of the cost; 0 leaves it out")
	only := flag.String("only", "", "run only the rows that match this regular expression")
	plots := flag.String("plots", "", "folder to draw responses and sweeps into, instead of measuring")
	flag.Parse()
	p := programs{{*ours, "launch", "-q"}, {*theirs, "-q"}}
	if err := compare(os.Stdout, p, *rounds, *only, *plots); err != nil {
		fmt.Fprintln(os.Stderr, "samples:", err)
		os.Exit(1)
	}
}

func compare(out io.Writer, p programs, rounds int, only, plots string) error {
	if _, err := os.Stat(p[0][0]); err != nil {
		return fmt.Errorf("%w: run `make build` first", err)
	}
	if _, err := exec.LookPath(p[1][0]); err != nil {
		return fmt.Errorf("%w: apt-get install gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good", err)
	}
	if plots != "" {
		return draw(p, plots)
	}
	wanted, err := regexp.Compile(only)
	if err != nil {
		return fmt.Errorf("-only: %w", err)
	}
	version, err := exec.Command(p[1][0], "--version").Output()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s, %s/%s, %d processors\n\n", strings.ReplaceAll(strings.TrimSpace(string(version)), "\n", ", "),
		runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	if rounds > 0 {
		if err := compareCost(out, p, rounds, wanted); err != nil {
			return err
		}
	}
	return compareQuality(out, p, wanted)
}
