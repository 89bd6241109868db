// Command peers runs launch lines by eiengine and by GStreamer's gst-launch-1.0,
// alternately, on the same work, and prints what a frame costs each of them.
//
// A line is run with few and with many frames; the difference divided by the
// difference of the counts is the cost of a frame without the start. The
// figures are medians over the rounds. Processor time (user and system) is what
// to compare: wall time depends on what else the machine does.
//
//	go run ./benchmarks/peers            # needs bin/eiengine: make build
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// work is one launch line; N stands for the number of frames.
type work struct {
	name      string
	line      string
	few, many int
}

var works = []work{
	{"fakesrc → fakesink", "fakesrc num-buffers=N ! fakesink", 20_000, 1_020_000},
	{"fakesrc → 10 identity → fakesink", "fakesrc num-buffers=N ! " + strings.Repeat("identity ! ", 10) + "fakesink", 10_000, 510_000},
	{"fakesrc → queue → fakesink", "fakesrc num-buffers=N ! queue ! fakesink", 20_000, 1_020_000},
}

// startLine is run to its end, to time start and exit.
const startLine = "fakesrc num-buffers=1 ! fakesink"

// cost is what one run took.
type cost struct{ cpu, wall time.Duration }

func main() {
	ours := flag.String("eiengine", "bin/eiengine", "our binary")
	theirs := flag.String("gst-launch", "gst-launch-1.0", "GStreamer's binary")
	rounds := flag.Int("rounds", 5, "rounds; the medians are printed")
	flag.Parse()
	if err := compare(os.Stdout, *ours, *theirs, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

func compare(out io.Writer, ours, theirs string, rounds int) error {
	if _, err := os.Stat(ours); err != nil {
		return fmt.Errorf("%w: run `make build` first", err)
	}
	if _, err := exec.LookPath(theirs); err != nil {
		return fmt.Errorf("%w: apt-get install gstreamer1.0-tools gstreamer1.0-plugins-base", err)
	}
	version, err := exec.Command(theirs, "--version").Output()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s, %s/%s, %d processors, medians of %d rounds\n\n",
		strings.ReplaceAll(strings.TrimSpace(string(version)), "\n", ", "), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), rounds)
	table := tabwriter.NewWriter(out, 0, 0, 1, ' ', tabwriter.Debug)
	fmt.Fprint(table, " work\t ours, CPU µs\t GStreamer, CPU µs\t ratio\t ours, wall µs\t GStreamer, wall µs\t\n")
	for _, w := range works {
		a, b, err := alternate(rounds, func(binary []string) (cost, error) { return perFrame(binary, w) }, ours, theirs)
		if err != nil {
			return err
		}
		row(table, w.name+", a frame", a, b)
	}
	a, b, err := alternate(4*rounds, func(binary []string) (cost, error) { return run(binary, startLine) }, ours, theirs)
	if err != nil {
		return err
	}
	row(table, startLine+", start to exit", a, b)
	return table.Flush()
}

func row(out io.Writer, name string, ours, theirs cost) {
	fmt.Fprintf(out, " %s\t %.2f\t %.2f\t %.2f\t %.2f\t %.2f\t\n", name, micros(ours.cpu), micros(theirs.cpu),
		float64(ours.cpu)/float64(theirs.cpu), micros(ours.wall), micros(theirs.wall))
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// alternate measures both binaries in turn and gives their medians.
func alternate(rounds int, measure func(binary []string) (cost, error), ours, theirs string) (a, b cost, err error) {
	var first, second []cost
	for range rounds {
		x, err := measure([]string{ours, "launch", "-q"})
		if err != nil {
			return a, b, err
		}
		y, err := measure([]string{theirs, "-q"})
		if err != nil {
			return a, b, err
		}
		first, second = append(first, x), append(second, y)
	}
	return median(first), median(second), nil
}

func median(costs []cost) cost {
	pick := func(of func(cost) time.Duration) time.Duration {
		all := make([]time.Duration, 0, len(costs))
		for _, c := range costs {
			all = append(all, of(c))
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	return cost{pick(func(c cost) time.Duration { return c.cpu }), pick(func(c cost) time.Duration { return c.wall })}
}

// perFrame is the cost of one frame, without the start.
func perFrame(binary []string, w work) (cost, error) {
	few, err := run(binary, numbered(w.line, w.few))
	if err != nil {
		return cost{}, err
	}
	many, err := run(binary, numbered(w.line, w.many))
	if err != nil {
		return cost{}, err
	}
	n := time.Duration(w.many - w.few)
	return cost{(many.cpu - few.cpu) / n, (many.wall - few.wall) / n}, nil
}

func numbered(line string, n int) string {
	return strings.ReplaceAll(line, "=N", fmt.Sprintf("=%d", n))
}

func run(binary []string, line string) (cost, error) {
	cmd := exec.Command(binary[0], append(binary[1:], strings.Fields(line)...)...)
	began := time.Now()
	output, err := cmd.CombinedOutput()
	wall := time.Since(began)
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return cost{}, fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, output)
	}
	if err != nil {
		return cost{}, err
	}
	return cost{cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), wall}, nil
}
