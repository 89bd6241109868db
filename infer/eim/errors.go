package eim

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
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
	// Lines are the last that the process printed, oldest first.
	Lines []string
}

func (e *LostError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (process %d): ", filepath.Base(e.Path), e.PID)
	if e.Cause != nil {
		fmt.Fprintf(&b, "%v; %v, restarting it", e.Cause, ErrLost)
	} else {
		fmt.Fprintf(&b, "%v: %s", ErrLost, exitText(e.ExitCode, e.Signal))
	}
	b.WriteString(lastLines(e.Lines))
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

func exitText(code int, sig syscall.Signal) string {
	if sig != 0 {
		return fmt.Sprintf("ended by signal %d (%v)", int(sig), sig)
	}
	if code < 0 {
		return "ended (something else in this program took its exit status)"
	}
	return fmt.Sprintf("exited with status %d", code)
}

// lastLines quotes at most three lines of a process's output: enough for the
// reason, short enough for one line of log.
func lastLines(lines []string) string {
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
