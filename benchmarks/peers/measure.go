package main

import (
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// cost is what a run or a frame took, in microseconds.
type cost struct{ cpu, wall float64 }

func (c cost) minus(d cost) cost         { return cost{c.cpu - d.cpu, c.wall - d.wall} }
func (c cost) over(n float64) cost       { return cost{c.cpu / n, c.wall / n} }
func (o *options) ourBinary() []string   { return []string{o.ours, "launch", "-q"} }
func (o *options) theirBinary() []string { return []string{o.theirs, "-q"} }

// perFrame is the cost of one frame of a line on either side, without the start.
func (o *options) perFrame(line string) (ours, theirs cost, err error) {
	a, err := newTrial(o.ourBinary(), line)
	if err != nil {
		return ours, theirs, err
	}
	b, err := newTrial(o.theirBinary(), line)
	if err != nil {
		return ours, theirs, err
	}
	return alternate(o.rounds, a.perFrame, b.perFrame)
}

// start is the cost of a line that ends at once.
func (o *options) start() (ours, theirs cost, err error) {
	return alternate(4*o.rounds,
		func() (cost, error) { return run(o.ourBinary(), startLine) },
		func() (cost, error) { return run(o.theirBinary(), startLine) })
}

// alternate measures both sides in turn and gives their medians.
func alternate(rounds int, ours, theirs func() (cost, error)) (a, b cost, err error) {
	var first, second []cost
	for range rounds {
		x, err := ours()
		if err != nil {
			return a, b, err
		}
		y, err := theirs()
		if err != nil {
			return a, b, err
		}
		first, second = append(first, x), append(second, y)
	}
	return median(first), median(second), nil
}

func median(costs []cost) cost {
	pick := func(of func(cost) float64) float64 {
		all := make([]float64, 0, len(costs))
		for _, c := range costs {
			all = append(all, of(c))
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	return cost{pick(func(c cost) float64 { return c.cpu }), pick(func(c cost) float64 { return c.wall })}
}

// trial is a line with so many frames that they outweigh the start.
type trial struct {
	binary    []string
	line      string
	few, many int
}

// newTrial finds how many frames a third of a second takes.
func newTrial(binary []string, line string) (*trial, error) {
	const enough, most = 300_000, 4_000_000
	none, err := run(binary, numbered(line, 1))
	if err != nil {
		return nil, err
	}
	for n := 20; ; n *= 8 {
		took, err := run(binary, numbered(line, n))
		if err != nil {
			return nil, err
		}
		if took = took.minus(none); took.cpu > enough/10 || n >= most {
			many := min(int(float64(n)*enough/took.cpu), most)
			return &trial{binary, line, max(many/20, 1), max(many, 40)}, nil
		}
	}
}

func (t *trial) perFrame() (cost, error) {
	few, err := run(t.binary, numbered(t.line, t.few))
	if err != nil {
		return cost{}, err
	}
	many, err := run(t.binary, numbered(t.line, t.many))
	if err != nil {
		return cost{}, err
	}
	return many.minus(few).over(float64(t.many - t.few)), nil
}

func numbered(line string, n int) string {
	return strings.ReplaceAll(line, "=COUNT", fmt.Sprintf("=%d", n))
}

// run runs a line to its end.
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
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return cost{float64(cpu) / float64(time.Microsecond), float64(wall) / float64(time.Microsecond)}, nil
}
