// Command models drives the same model files by this engine and by Edge
// Impulse's runners for Node, Python and Go, in turn, on the same decoded frames,
// and prints calls per second, latency and processor time of a call.
//
// A call is everything from a decoded frame to the parsed result: scaling and
// packing as each runner does it, transport, the model. Processor time is that of
// the driver, its models and all they started.
//
//	go run ./benchmarks/models detector.eim…
//
// Runners that are not installed are left out and named: for Node, set NODE_PATH
// to a folder with edge-impulse-linux; for Python, PYTHON to an interpreter that
// has edge_impulse_linux.
package main

import (
	"bufio"
	_ "embed" // the drivers of the other runners
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/eiengine/eiengine/capture/scene"
)

//go:embed runner.js
var nodeProgram []byte

//go:embed runner.py
var pythonProgram []byte

// asDriver is the first argument of this program as a driver.
const asDriver = "as-driver"

func main() {
	if len(os.Args) > 2 && os.Args[1] == asDriver {
		exit(drive(os.Args[2], os.Args[3:]))
		return
	}
	calls := flag.Int("calls", 300, "calls of a run")
	rounds := flag.Int("rounds", 5, "rounds; medians are printed")
	size := flag.String("size", "640x480", "size of the frames")
	flag.Parse()
	exit(compare(os.Stdout, flag.Args(), *calls, *rounds, *size))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "models:", err)
		os.Exit(1)
	}
}

func drive(name string, args []string) error {
	j, err := newJob(args)
	if err != nil {
		return err
	}
	switch name {
	case "engine":
		return driveEngine(j, false, os.Stdin, os.Stdout)
	case "lockstep":
		return driveEngine(j, true, os.Stdin, os.Stdout)
	}
	return driveGoSDK(j, os.Stdin, os.Stdout)
}

// driver is one way to drive a model: a command before the arguments of a job.
type driver struct {
	name    string
	command []string
}

// drivers are those that this machine has; scripts lie in dir.
func drivers(out io.Writer, dir string) ([]driver, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	all := []driver{
		{"eiengine", []string{self, asDriver, "engine"}},
		{"eiengine, frame by frame", []string{self, asDriver, "lockstep"}},
		{"SDK for Go", []string{self, asDriver, "go"}},
	}
	python := os.Getenv("PYTHON")
	if python == "" {
		python = "python3"
	}
	for _, c := range []struct {
		name, interpreter, file string
		program                 []byte
		probe                   []string
	}{
		{"SDK for Node", "node", "runner.js", nodeProgram, []string{"-e", "require('edge-impulse-linux');require('sharp')"}},
		{"SDK for Python", python, "runner.py", pythonProgram, []string{"-c", "import edge_impulse_linux.image"}},
	} {
		file := filepath.Join(dir, c.file)
		if err := os.WriteFile(file, c.program, 0o600); err != nil {
			return nil, err
		}
		if err := exec.Command(c.interpreter, c.probe...).Run(); err != nil {
			fmt.Fprintf(out, "%s is not installed (%v) and is left out\n", c.name, err)
			continue
		}
		all = append(all, driver{c.name, []string{c.interpreter, file}})
	}
	return all, nil
}

func compare(out io.Writer, files []string, calls, rounds int, size string) error {
	if len(files) == 0 {
		return errors.New("name .eim files of models of pictures")
	}
	var width, height int
	if _, err := fmt.Sscanf(size, "%dx%d", &width, &height); err != nil || width < 1 || height < 1 {
		return fmt.Errorf("-size %q: write it as 640x480", size)
	}
	dir, err := os.MkdirTemp("", "models-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	frames := filepath.Join(dir, "frames")
	if err := writeFrames(frames, width, height); err != nil {
		return err
	}
	all, err := drivers(out, dir)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s/%s, %d processors; frames of %s RGB; %d calls a run, medians of %d rounds\n\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), size, calls, rounds)
	table := tabwriter.NewWriter(out, 0, 0, 1, ' ', tabwriter.Debug)
	fmt.Fprint(table, " model\t processes\t driver\t calls/s\t p50 ms\t p99 ms\t CPU ms a call\t\n")
	for _, file := range files {
		file, err := filepath.Abs(file)
		if err != nil {
			return err
		}
		for _, processes := range []int{1, 2} {
			args := []string{file, frames, fmt.Sprint(width), fmt.Sprint(height), fmt.Sprint(processes), fmt.Sprint(calls)}
			if err := rows(table, all, filepath.Base(file), processes, args, rounds); err != nil {
				return err
			}
		}
	}
	return table.Flush()
}

// writeFrames writes the frames that all are given.
func writeFrames(file string, width, height int) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	s := scene.New(5, width, height, scene.Options{})
	rgb := make([]byte, 3*width*height)
	for n := range 16 {
		s.Draw(n, rgb, 3*width)
		if _, err := f.Write(rgb); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	return f.Close()
}

// rows measures all drivers, one after the other, again and again.
func rows(table io.Writer, all []driver, model string, processes int, args []string, rounds int) error {
	measured := make([][]run, len(all))
	for range rounds {
		for i, d := range all {
			r, err := measure(d, args)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", model, d.name, err)
			}
			measured[i] = append(measured[i], r)
		}
	}
	for i, d := range all {
		fmt.Fprintf(table, " %s\t %d\t %s\t %.0f\t %.2f\t %.2f\t %.2f\t\n", model, processes, d.name,
			median(measured[i], func(r run) float64 { return r.perSecond }), median(measured[i], func(r run) float64 { return r.p50 }),
			median(measured[i], func(r run) float64 { return r.p99 }), median(measured[i], func(r run) float64 { return r.cpu }))
	}
	return nil
}

// run is what one run took; times are of a call, in milliseconds.
type run struct{ perSecond, p50, p99, cpu float64 }

func median(runs []run, of func(run) float64) float64 {
	values := make([]float64, len(runs))
	for i, r := range runs {
		values[i] = of(r)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// measure starts a driver, lets it warm up, and takes its time.
func measure(d driver, args []string) (run, error) {
	mark := fmt.Sprintf("MODELS_BENCHMARK=%d.%d", os.Getpid(), time.Now().UnixNano())
	cmd := exec.Command(d.command[0], append(slices.Clone(d.command[1:]), args...)...)
	cmd.Env = append(os.Environ(), mark)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return run{}, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return run{}, err
	}
	if err := cmd.Start(); err != nil {
		return run{}, err
	}
	r, err := talk(bufio.NewReader(stdout), stdin, mark)
	return r, errors.Join(err, stdin.Close(), cmd.Wait())
}

func talk(stdout *bufio.Reader, stdin io.Writer, mark string) (run, error) {
	var ready string
	if err := answer(stdout, &ready); err != nil {
		return run{}, err
	}
	before := processorTime(mark)
	if _, err := io.WriteString(stdin, "go\n"); err != nil {
		return run{}, err
	}
	var t trips
	if err := answer(stdout, &t); err != nil {
		return run{}, err
	}
	cpu := processorTime(mark) - before
	if _, err := io.WriteString(stdin, "end\n"); err != nil {
		return run{}, err
	}
	slices.Sort(t.Trips)
	n := len(t.Trips)
	const ms = float64(time.Millisecond)
	return run{
		perSecond: float64(n) / time.Duration(t.Nanoseconds).Seconds(),
		p50:       float64(t.Trips[n/2]) / ms, p99: float64(t.Trips[n*99/100]) / ms,
		cpu: float64(cpu) / float64(n) / ms,
	}, nil
}

// answer reads the next line that is of that kind: runners print other things too.
func answer(stdout *bufio.Reader, to any) error {
	for {
		line, err := stdout.ReadBytes('\n')
		if err != nil {
			return fmt.Errorf("the driver said nothing: %w", err)
		}
		if json.Unmarshal(line, to) == nil {
			return nil
		}
	}
}
