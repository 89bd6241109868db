package peertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"
)

// Program plays launch text and tells what arrives at the sinks.
type Program struct {
	Command []string
	Env     []string
	// What it prints of a sink: its name, and the caps or the time of a frame.
	caps, frame *regexp.Regexp
}

// EIEngine is the engine's program, which tells of frames as gst-launch-1.0 does.
func EIEngine(path string) Program {
	return Program{
		Command: []string{path, "launch", "-v"},
		caps:    regexp.MustCompile(`/GstFakeSink:(\w+)\.GstPad:sink: caps = (.*)`),
		frame:   regexp.MustCompile(`/GstFakeSink:(\w+): last-message = chain .* pts: ([^,]*),`),
	}
}

// GStreamer is the installed one. The lines of -v lose and repeat frames when
// several sinks run at once, since notifications of a property are merged; what
// is read is the log of the sinks.
func GStreamer() Program {
	return Program{
		Command: []string{"gst-launch-1.0"},
		Env:     []string{"GST_DEBUG=basesink:5", "GST_DEBUG_NO_COLOR=1"},
		caps:    regexp.MustCompile(`gst_base_sink_event:<(\w+)> received event .* GstEventCaps, caps=\(GstCaps\)"?(.*?)"?;`),
		frame:   regexp.MustCompile(`gst_base_sink_chain_unlocked:<(\w+)> got times start: ([^,]*),`),
	}
}

// Observation is what a program told of a graph.
type Observation struct {
	Status int
	Hangs  bool // did not end in time
	Sinks  map[string]*Arrivals
	Text   string // all that was printed
}

// Arrivals is what came to a sink.
type Arrivals struct {
	Caps  string   // the last ones
	Times []string // of the frames
}

// patience is how long a graph may take that ends within milliseconds.
const patience = 10 * time.Second

// Play runs a graph.
func (p Program) Play(g Graph) (*Observation, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	args := append(p.Command[1:len(p.Command):len(p.Command)], g.words()...)
	c := exec.CommandContext(ctx, p.Command[0], args...)
	c.Env = append(os.Environ(), p.Env...)
	c.WaitDelay = time.Second
	text, err := c.CombinedOutput()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		return nil, fmt.Errorf("%s: %w", p.Command[0], err)
	}
	o := &Observation{Status: c.ProcessState.ExitCode(), Hangs: ctx.Err() != nil, Text: string(text)}
	o.Sinks = p.arrivals(o.Text)
	return o, nil
}

func (p Program) arrivals(text string) map[string]*Arrivals {
	sinks := map[string]*Arrivals{}
	at := func(name string) *Arrivals {
		if sinks[name] == nil {
			sinks[name] = &Arrivals{}
		}
		return sinks[name]
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if m := p.caps.FindStringSubmatch(line); m != nil {
			at(m[1]).Caps = strings.ReplaceAll(m[2], `\`, "")
		} else if m := p.frame.FindStringSubmatch(line); m != nil {
			a := at(m[1])
			a.Times = append(a.Times, strings.Replace(m[2], "99:99:99.999999999", "none", 1))
		}
	}
	return sinks
}
