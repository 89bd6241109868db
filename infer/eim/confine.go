package eim

import (
	"debug/elf"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine/infer/eim/internal/confine"
	"github.com/eiengine/eiengine/infer/eim/internal/keeper"
)

// Confine says how far a process is confined.
type Confine string

// The choices.
const (
	// ConfineAuto confines as far as the kernel allows; what it lacks is logged
	// once. The zero value.
	ConfineAuto Confine = ""
	// ConfineOn refuses to start a model if the kernel lacks a part.
	ConfineOn Confine = "on"
	// ConfineOff leaves the process all rights of this program. It is looked after
	// all the same.
	ConfineOff Confine = "off"
)

// Limits bound a confined process. Zero values are defaults, negative ones mean
// no bound.
type Limits struct {
	// Memory is what the process may have in memory, shared memory included, in
	// bytes; by default half of what this machine or container has. A process that
	// has more is ended.
	Memory int64
	// CPUs is on how many processors it may run; by default on all.
	CPUs int
	// Processes is how many it may start; none by default. Threads do not count.
	Processes int
	// File bounds each file that it writes, in bytes; 1 GiB by default.
	File int64
}

const defaultFile = 1 << 30

// DefaultDevices are patterns of the device files of accelerators that models
// are built for.
func DefaultDevices() []string {
	return []string{
		"/dev/nvidia*", "/dev/nvhost*", "/dev/nvmap", "/dev/nvgpu", "/dev/nvsciipc", "/dev/dri", "/dev/kfd", "/dev/mali*",
		"/dev/kgsl*", "/dev/fastrpc*", "/dev/adsprpc*", "/dev/dma_heap", "/dev/ion", "/dev/dmabuf*", "/dev/galcore",
		"/dev/apex_*", "/dev/akida*", "/dev/hailo*", "/dev/memx*", "/dev/drpai*", "/dev/accel", "/dev/ethosu*", "/dev/rpmsg*", "/dev/teepriv*",
	}
}

// RefusedError is something that a confined process tried and may not do.
type RefusedError struct {
	Path string
	// What it tried, such as "a socket (IPv4)".
	What string
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s: the model was refused %s; if it is to be trusted with that, set confine=off", filepath.Base(e.Path), e.What)
}

// ConfinementPart is one kind of confinement that this kernel has or lacks.
type ConfinementPart struct {
	Name string
	// Lacks says what cannot be had and how to get it, empty if nothing.
	Lacks string
}

// Confinement says what of it this kernel allows.
func Confinement() []ConfinementPart {
	var all []ConfinementPart
	for _, p := range confine.Parts() {
		all = append(all, ConfinementPart(p))
	}
	return all
}

func (o *Options) checkConfinement() error {
	switch o.Confine {
	case ConfineAuto, ConfineOn, ConfineOff, "auto":
	default:
		return fmt.Errorf("confine is %q, expected auto, on or off", o.Confine)
	}
	if err := checkWritable(o.Writable); err != nil {
		return err
	}
	return confine.CheckDevices(o.Devices)
}

func checkWritable(dirs []string) error {
	for _, dir := range dirs {
		if st, err := os.Stat(dir); err != nil {
			return fmt.Errorf("writable directory: %w", err)
		} else if !st.IsDir() || !filepath.IsAbs(dir) {
			return fmt.Errorf("writable directory %q: give the absolute path of a directory", dir)
		}
	}
	return nil
}

// WritableVariable is the variable of the environment that names directories
// below which confined processes may write, separated by colons: it adds to
// Options.Writable for programs whose users cannot set that.
const WritableVariable = "EIENGINE_MODEL_WRITABLE"

func writableByEnvironment() ([]string, error) {
	dirs := filepath.SplitList(os.Getenv(WritableVariable))
	if err := checkWritable(dirs); err != nil {
		return nil, fmt.Errorf("%s: %w", WritableVariable, err)
	}
	return dirs, nil
}

// spec is what the keeper is told.
func (o *Options) spec(path string) (*keeper.Spec, error) {
	dirs := socketDirs()
	if len(dirs) == 0 {
		return nil, fmt.Errorf("no directory with a path short enough for a socket (%d bytes); set TMPDIR to a short path", maxSocketPath)
	}
	env := o.Env
	if env == nil {
		env = os.Environ()
	}
	s := &keeper.Spec{
		Keeper: o.Keeper, Program: path, Args: append(append([]string{}, o.Args...), socketName), Env: env, Dirs: dirs,
	}
	if o.Confine == ConfineOff {
		return s, nil
	}
	writable, err := writableByEnvironment()
	if err != nil {
		return nil, err
	}
	s.Strict = o.Confine == ConfineOn
	s.Memory = limitOf(o.Limits.Memory, halfOfMemory())
	s.Policy = &confine.Policy{
		Writable: append(writable, o.Writable...), Devices: o.Devices, Processes: o.Limits.Processes,
		CPUs: max(o.Limits.CPUs, 0), FileBytes: limitOf(o.Limits.File, defaultFile), Native: isNative(path),
	}
	if s.Policy.Processes < 0 {
		s.Policy.Processes = math.MaxInt32
	}
	if o.Devices == nil {
		s.Policy.Devices = DefaultDevices()
	}
	return s, nil
}

// limitOf gives 0 for no bound.
func limitOf(set, byDefault int64) int64 {
	if set == 0 {
		return byDefault
	}
	return max(set, 0)
}

// halfOfMemory is half of what this machine has, or the container if it says so.
func halfOfMemory() int64 {
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) != nil {
		return 0
	}
	total := int64(info.Totalram) * int64(info.Unit)
	for _, name := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		b, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		if n, err := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64); err == nil && n > 0 {
			total = min(total, n)
		}
	}
	return total / 2
}

// isNative is false for programs of another instruction set that this processor
// also runs, 32-bit ones for instance. Scripts are run by native programs.
func isNative(path string) bool {
	f, err := elf.Open(path)
	if err != nil {
		return true
	}
	defer f.Close()
	return machines[f.Machine] == runtime.GOARCH
}

// tellRefused tells of what the process tried.
func (o *Options) tellRefused(path, what string) {
	o.Log.Warn("model refused", "model", path, "what", what)
	o.OnEvent(Event{Kind: Refused, Path: path, Reason: &RefusedError{Path: path, What: what}})
}

var missingTold sync.Map

// tellMissing logs what the kernel lacks, once in the life of this program.
func (o *Options) tellMissing(path string, missing []string) {
	for _, what := range missing {
		if _, again := missingTold.LoadOrStore(what, true); !again {
			o.Log.Warn("models are confined less than they could be", "model", path, "lacks", what)
		}
	}
}
