package eim

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/eiengine/eiengine/infer/eim/internal/keeper"
)

// ErrLost is in the chain of every error that cost the model its process. The
// model recovers by itself: the next request is worth trying.
var ErrLost = errors.New("model process lost")

// ErrTimeout is in the chain of errors of requests that missed their deadline.
var ErrTimeout = errors.New("no answer in time")

// LostError says how a process was lost.
type LostError struct {
	Path string
	PID  int
	// Cause is what the driver saw first, such as ErrTimeout, the context's
	// error or a garbled reply. Nil if the process ended by itself.
	Cause error
	// ExitCode is the exit status, -1 if the process was ended by Signal, which
	// is SIGKILL where the driver ended it because of Cause.
	ExitCode int
	Signal   syscall.Signal
	// Limit is the bound that the process went over and was ended for, such as
	// "memory limit of 1 GiB"; empty if it did not.
	Limit string
	// Lines are the last that the process printed, oldest first.
	Lines []string
	// Refused is what the process tried in its life and may not do, because it is
	// confined.
	Refused []string
}

func (e *LostError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (process %d): ", filepath.Base(e.Path), e.PID)
	switch {
	case e.Limit != "":
		fmt.Fprintf(&b, "%v: ended at its %s; raise the limit if the model is to be trusted", ErrLost, e.Limit)
	case e.Cause != nil:
		fmt.Fprintf(&b, "%v; %v, restarting it", e.Cause, ErrLost)
	default:
		fmt.Fprintf(&b, "%v: %s", ErrLost, exitText(keeper.End{Code: e.ExitCode, Signal: e.Signal}))
	}
	b.WriteString(lastLines(e.Lines))
	b.WriteString(refusedText(e.Refused))
	return b.String()
}

// Unwrap gives ErrLost and the cause.
func (e *LostError) Unwrap() []error {
	if e.Cause == nil {
		return []error{ErrLost}
	}
	return []error{ErrLost, e.Cause}
}

// ModelError is a request that the model refused. It stays usable.
type ModelError struct {
	Path string
	// Message is the model's own text.
	Message string
	// Hint is what the driver knows about it, may be empty.
	Hint string
}

func (e *ModelError) Error() string {
	s := fmt.Sprintf("%s: model answers %q", filepath.Base(e.Path), e.Message)
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s
}

func exitText(e keeper.End) string {
	switch {
	case e.Limit != "":
		return "ended at its " + e.Limit
	case e.Signal != 0:
		return fmt.Sprintf("ended by signal %d (%v)", int(e.Signal), e.Signal)
	case e.Code < 0:
		return "ended, " + e.Lost
	}
	return fmt.Sprintf("exited with status %d", e.Code)
}

// refusedText names at most three things: one of them may be why it ended.
func refusedText(what []string) string {
	if len(what) == 0 {
		return ""
	}
	return "; it is confined and was refused " + strings.Join(what[:min(len(what), 3)], ", ") + ": if it is to be trusted with that, set confine=off"
}

// lastLines quotes at most three lines of a process's output: enough for the
// reason, short enough for one line of log.
func lastLines(lines []string) string {
	lines = slices.DeleteFunc(slices.Clone(lines), isGreeting)
	if len(lines) == 0 {
		return ""
	}
	if len(lines) > 3 {
		lines = lines[len(lines)-3:]
	}
	quoted := make([]string, len(lines))
	for i, l := range lines {
		quoted[i] = fmt.Sprintf("%q", l)
	}
	return "; it printed last: " + strings.Join(quoted, ", ")
}

// isGreeting reports whether a line is one that every model prints when it starts,
// the public SDK's and infer/eimserve's: it says nothing about the reason.
func isGreeting(line string) bool {
	return line == "Connected" || strings.HasPrefix(line, "Waiting for connection on ") ||
		strings.HasPrefix(line, "Edge Impulse Linux impulse runner") || strings.HasPrefix(line, "eiengine model server: ")
}
