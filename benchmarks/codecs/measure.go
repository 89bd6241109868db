package main

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// cost is what a run or a picture took, in milliseconds.
type cost struct{ cpu, wall float64 }

func (o *options) ourBinary() []string   { return []string{o.ours, "launch", "-q"} }
func (o *options) theirBinary() []string { return []string{o.theirs, "-q"} }

// perFrame is the cost of one picture of a line on either side, without the start.
func (o *options) perFrame(line string) (ours, theirs cost, err error) {
	var first, second []cost
	a, err := newTrial(o.ourBinary(), line)
	if err != nil {
		return ours, theirs, err
	}
	b, err := newTrial(o.theirBinary(), line)
	if err != nil {
		return ours, theirs, err
	}
	for range o.rounds {
		x, err := a.perFrame()
		if err != nil {
			return ours, theirs, err
		}
		y, err := b.perFrame()
		if err != nil {
			return ours, theirs, err
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

// trial is a line with so many pictures that they outweigh the start.
type trial struct {
	binary    []string
	line      string
	few, many int
}

// newTrial finds how many pictures half a second takes.
func newTrial(binary []string, line string) (*trial, error) {
	const enough, few = 500, 2
	start, err := run(binary, numbered(line, few))
	if err != nil {
		return nil, err
	}
	for n := 10; ; n *= 4 {
		c, err := run(binary, numbered(line, n))
		if err != nil {
			return nil, err
		}
		if took := c.cpu - start.cpu; took > enough/5 {
			return &trial{binary, line, few, few + max(n, int(enough/took*float64(n)))}, nil
		}
	}
}

func (t *trial) perFrame() (cost, error) {
	a, err := run(t.binary, numbered(t.line, t.few))
	if err != nil {
		return cost{}, err
	}
	b, err := run(t.binary, numbered(t.line, t.many))
	if err != nil {
		return cost{}, err
	}
	n := float64(t.many - t.few)
	return cost{(b.cpu - a.cpu) / n, (b.wall - a.wall) / n}, nil
}

func numbered(line string, n int) string {
	return strings.ReplaceAll(line, "=COUNT", fmt.Sprintf("=%d", n))
}

func run(binary []string, line string) (cost, error) {
	cmd := exec.Command(binary[0], append(binary[1:], strings.Fields(line)...)...)
	began := time.Now()
	output, err := cmd.CombinedOutput()
	wall := time.Since(began)
	if err != nil {
		return cost{}, fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, output)
	}
	return cost{millis(cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()), millis(wall)}, nil
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
