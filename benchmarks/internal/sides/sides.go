package sides

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// Sides is both programs, and how often they are measured.
type Sides struct {
	ours, theirs string
	rounds       int
}

// Flags declares those that choose the programs and the rounds.
func Flags() *Sides {
	s := &Sides{}
	flag.StringVar(&s.ours, "eiengine", "bin/eiengine", "our binary")
	flag.StringVar(&s.theirs, "gst-launch", "gst-launch-1.0", "GStreamer's binary")
	flag.IntVar(&s.rounds, "rounds", 5, "rounds; the medians are printed")
	return s
}

// Rounds is how often each side is measured.
func (s *Sides) Rounds() int { return s.rounds }

// Present says which GStreamer there is, if both sides can be run.
func (s *Sides) Present() (version string, err error) {
	if s.rounds < 1 {
		return "", fmt.Errorf("-rounds %d: at least 1 is needed", s.rounds)
	}
	if _, err := os.Stat(s.ours); err != nil {
		return "", fmt.Errorf("%w: run `make build` first", err)
	}
	if _, err := exec.LookPath(s.theirs); err != nil {
		return "", fmt.Errorf("%w: apt-get install gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good", err)
	}
	said, err := exec.Command(s.theirs, "--version").Output()
	lines := strings.Split(strings.TrimSpace(string(said)), "\n")
	return strings.Join(lines[:min(2, len(lines))], ", "), err
}

// Ours runs a line by eiengine to its end.
func (s *Sides) Ours(line string) (Cost, error) { return run([]string{s.ours, "launch", "-q"}, line) }

// Theirs runs a line by gst-launch-1.0 to its end.
func (s *Sides) Theirs(line string) (Cost, error) { return run([]string{s.theirs, "-q"}, line) }

// PerFrame is what one of COUNT frames of a line costs either side, without the start:
// medians of the rounds.
func (s *Sides) PerFrame(line string) (ours, theirs Cost, err error) {
	a, err := newTrial(s.Ours, line)
	if err != nil {
		return ours, theirs, err
	}
	b, err := newTrial(s.Theirs, line)
	if err != nil {
		return ours, theirs, err
	}
	return alternate(s.rounds, a.perFrame, b.perFrame)
}

// ToExit is what a line costs from its start to its end: medians of four times the rounds.
func (s *Sides) ToExit(line string) (ours, theirs Cost, err error) {
	return alternate(4*s.rounds,
		func() (Cost, error) { return s.Ours(line) },
		func() (Cost, error) { return s.Theirs(line) })
}

// Numbered is a line for n frames.
func Numbered(line string, n int) string {
	return strings.ReplaceAll(line, "=COUNT", fmt.Sprintf("=%d", n))
}
