package soak

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Vitals are what a process holds at a moment.
type Vitals struct {
	// RSS is the memory that it has, Heap what of it are Go's objects, and Pool what of
	// those an engine keeps for frames, in bytes.
	RSS, Heap, Pool int64
	// Descriptors, Goroutines and Threads are those of the process, Children its
	// processes, dead ones among them that nobody has waited for.
	Descriptors, Goroutines, Threads, Children int
	// Shared is how many pieces of shared memory are mapped.
	Shared int
	// CPU is the processor time that it took so far.
	CPU time.Duration
}

// looking is held by who looks, so that nobody counts what another opens for it.
var looking sync.Mutex

// Read reads the vitals of this process, but for Pool.
func Read() Vitals {
	looking.Lock()
	defer looking.Unlock()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	status, _ := os.ReadFile("/proc/self/status") // there is one
	maps, _ := os.ReadFile("/proc/self/maps")     // and that
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // nothing can be wrong with it
	return Vitals{
		RSS: field(status, "VmRSS:") << 10, Heap: int64(m.HeapAlloc), //nolint:gosec // it fits
		Descriptors: len(Open()), Goroutines: runtime.NumGoroutine(), Threads: int(field(status, "Threads:")),
		Children: children(), Shared: bytes.Count(maps, []byte(" /dev/shm/")), CPU: time.Duration(u.Utime.Nano() + u.Stime.Nano()),
	}
}

// Settled reads them after the garbage is collected and given back to the system.
func Settled() Vitals {
	runtime.GC() // what finalizers keep is garbage only then
	debug.FreeOSMemory()
	return Read()
}

func (v Vitals) String() string {
	const mb = 1 << 20
	return fmt.Sprintf("rss %.2f MB heap %.2f MB pool %.2f MB fds %d goroutines %d threads %d children %d shm %d cpu %.1f s",
		float64(v.RSS)/mb, float64(v.Heap)/mb, float64(v.Pool)/mb, v.Descriptors, v.Goroutines, v.Threads, v.Children, v.Shared, v.CPU.Seconds())
}

// Open lists what the descriptors of this process are open on, without the one that
// it takes to look.
func Open() []string {
	const dir = "/proc/self/fd"
	all, _ := os.ReadDir(dir) // there is one
	var open []string
	for _, e := range all {
		if target, err := os.Readlink(filepath.Join(dir, e.Name())); err == nil {
			open = append(open, target)
		}
	}
	return open
}

// Kill kills what runs a program, whoever started it, and says how many that were.
func Kill(program string) (n int) {
	all, _ := filepath.Glob("/proc/[0-9]*/exe") // the pattern is right
	for _, name := range all {
		if target, _ := os.Readlink(name); target != program { // gone, perhaps
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(name))) // the pattern's digits
		if syscall.Kill(pid, syscall.SIGKILL) == nil {
			n++
		}
	}
	return n
}

// children counts the processes whose parent this one is.
func children() (n int) {
	all, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is right
	for _, name := range all {
		b, _ := os.ReadFile(name) // gone, perhaps
		_, rest, _ := strings.Cut(string(b[bytes.LastIndexByte(b, ')')+1:]), " ")
		if f := strings.Fields(rest); len(f) > 1 && f[1] == strconv.Itoa(os.Getpid()) {
			n++
		}
	}
	return n
}

// field reads a number of /proc/self/status.
func field(status []byte, name string) int64 {
	_, rest, _ := bytes.Cut(status, []byte("\n"+name))
	f := bytes.Fields(rest)
	if len(f) == 0 {
		return 0
	}
	n, _ := strconv.ParseInt(string(f[0]), 10, 64) // the kernel's numbers are numbers
	return n
}
