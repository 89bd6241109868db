package eim

import (
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// SharedMemory says when features travel by shared memory.
type SharedMemory string

// The choices, named as in the Edge Impulse command line runner.
const (
	// SharedMemoryAuto uses it where the model offers it. The zero value.
	SharedMemoryAuto SharedMemory = ""
	// SharedMemoryNever sends JSON always.
	SharedMemoryNever SharedMemory = "never"
	// SharedMemoryAlways refuses models that do not offer it.
	SharedMemoryAlways SharedMemory = "always"
)

// Defaults of Options.
const (
	DefaultStartTimeout  = 10 * time.Second
	DefaultTimeout       = 30 * time.Second
	DefaultWarmUpTimeout = time.Hour
)

// Options says how to run a model. The zero value is right for most.
type Options struct {
	// Args come before the name of the socket, for programs that serve the
	// protocol as one of several commands.
	Args []string
	// Env is the environment of the process; nil means that of this process.
	Env []string

	SharedMemory SharedMemory

	// Confine says whether the process loses rights that no model needs.
	Confine Confine
	// Limits bound what a confined process uses.
	Limits Limits
	// Devices are patterns of the device files that a confined process may use,
	// absolute. Nil means DefaultDevices, an empty list none.
	Devices []string
	// Writable are directories below which a confined process may write, beside
	// its own and /dev/shm: the caches of accelerators, for instance. See also
	// WritableVariable.
	Writable []string
	// Keeper is the program that runs as the keeper of the process, where this
	// program cannot: it is no Go program, but one that loaded this package as a
	// library. Any that imports this package will do. Empty means this program.
	Keeper string

	// StartTimeout bounds the time from start to the model's description.
	StartTimeout time.Duration
	// Timeout bounds one request. A model that misses it is restarted.
	Timeout time.Duration
	// WarmUpTimeout bounds the first request, which Open makes itself, of
	// models that compile for an accelerator at that point. It can take long.
	WarmUpTimeout time.Duration

	// Debug asks the model to print its features with each request.
	Debug bool
	// Log receives each line that the process prints, at level Debug, and what
	// happens to the process. Nil is silent.
	Log *slog.Logger
	// OnEvent is told of loss and recovery, and of what the process was refused.
	// It is never called twice at the same time; it must return soon and must not call methods of the model that
	// wait: Close, Classify, ClassifyContinuous, SetThreshold.
	OnEvent func(Event)
}

func (o *Options) check() error {
	switch o.SharedMemory {
	case SharedMemoryAuto, SharedMemoryNever, SharedMemoryAlways, "auto":
	default:
		return fmt.Errorf("shared memory mode is %q, expected auto, never or always", o.SharedMemory)
	}
	return o.checkConfinement()
}

func (o Options) withDefaults() Options {
	if o.StartTimeout <= 0 {
		o.StartTimeout = DefaultStartTimeout
	}
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	if o.WarmUpTimeout <= 0 {
		o.WarmUpTimeout = DefaultWarmUpTimeout
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	onEvent, mu := o.OnEvent, new(sync.Mutex)
	o.OnEvent = func(e Event) {
		mu.Lock()
		defer mu.Unlock()
		if onEvent != nil {
			onEvent(e)
		}
	}
	return o
}

// EventKind says what happened to the process of a model.
type EventKind int

// The kinds of events.
const (
	// Lost: the process is gone. A new one is being started.
	Lost EventKind = iota + 1
	// RestartFailed: an attempt failed; there will be another after Event.Retry.
	RestartFailed
	// Restored: a new process serves. Continuous windows and object tracks
	// begin anew.
	Restored
	// Refused: the process tried what a confined one may not, see Options.Confine.
	// It goes on without. Each such thing is told once per process.
	Refused
)

func (k EventKind) String() string {
	switch k {
	case Lost:
		return "lost"
	case RestartFailed:
		return "restart failed"
	case Restored:
		return "restored"
	case Refused:
		return "refused"
	}
	return "unknown"
}

// Event is a change in the life of a model's process.
type Event struct {
	Kind EventKind
	// Path is the model's file.
	Path string
	// PID is the process that was lost or that serves now, 0 if there is none.
	PID int
	// Reason is why the process was lost (a *LostError), the attempt failed, or
	// what was refused (a *RefusedError).
	// Restored events repeat the reason of the loss.
	Reason error
	// Retry is the pause before the next attempt, zero if it begins at once.
	Retry time.Duration
	// Down is the time since the loss, for Restored.
	Down time.Duration
}
