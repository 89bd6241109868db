package sides

import (
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// Cost is what a run or a frame took, in microseconds: of the processors (user and
// system), which is what to compare, and of the clock, which depends on what else the
// machine does.
type Cost struct{ CPU, Wall float64 }

func (c Cost) minus(d Cost) Cost   { return Cost{c.CPU - d.CPU, c.Wall - d.Wall} }
func (c Cost) over(n float64) Cost { return Cost{c.CPU / n, c.Wall / n} }

// trial is a line with so many frames that they outweigh the start.
type trial struct {
	run       func(line string) (Cost, error)
	line      string
	few, many int
}

// newTrial finds how many frames a third of a second takes.
func newTrial(run func(line string) (Cost, error), line string) (*trial, error) {
	const enough, most = 300_000, 4_000_000
	none, err := run(Numbered(line, 1))
	if err != nil {
		return nil, err
	}
	for n := 20; ; n *= 8 {
		took, err := run(Numbered(line, n))
		if err != nil {
			return nil, err
		}
		if took = took.minus(none); took.CPU > enough/10 || n >= most {
			many := min(int(float64(n)*enough/took.CPU), most)
			return &trial{run, line, max(many/20, 1), max(many, 40)}, nil
		}
	}
}

func (t *trial) perFrame() (Cost, error) {
	few, err := t.run(Numbered(t.line, t.few))
	if err != nil {
		return Cost{}, err
	}
	many, err := t.run(Numbered(t.line, t.many))
	if err != nil {
		return Cost{}, err
	}
	return many.minus(few).over(float64(t.many - t.few)), nil
}

// alternate measures both sides in turn and gives their medians.
func alternate(rounds int, ours, theirs func() (Cost, error)) (a, b Cost, err error) {
	var first, second []Cost
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

func median(costs []Cost) Cost {
	pick := func(of func(Cost) float64) float64 {
		all := make([]float64, 0, len(costs))
		for _, c := range costs {
			all = append(all, of(c))
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	return Cost{pick(func(c Cost) float64 { return c.CPU }), pick(func(c Cost) float64 { return c.Wall })}
}

// run runs a line to its end.
func run(binary []string, line string) (Cost, error) {
	cmd := exec.Command(binary[0], append(binary[1:], strings.Fields(line)...)...)
	began := time.Now()
	output, err := cmd.CombinedOutput()
	wall := time.Since(began)
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return Cost{}, fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, output)
	}
	if err != nil {
		return Cost{}, err
	}
	return Cost{micros(cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()), micros(wall)}, nil
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
