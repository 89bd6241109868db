package confine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/sys/unix"
)

// Policy says what a program keeps.
type Policy struct {
	// Writable are folders below which it may write, beside /dev/shm.
	Writable []string
	// Devices are patterns of device files that it may read, write and control.
	Devices []string
	// Processes is how many it may start beside itself; threads do not count.
	Processes int
	// CPUs is on how many processors it may run, 0 for all.
	CPUs int
	// FileBytes bounds each file that it writes, 0 for no bound.
	FileBytes int64
	// Native says that it is a program for the processor's own instruction set:
	// the filter of system calls knows only that one.
	Native bool
}

// Part is one kind of confinement.
type Part struct {
	Name string
	// Lacks is what cannot be had, empty if all of it can.
	Lacks string
}

// Parts says what this kernel allows.
func Parts() []Part {
	abi, err := landlockVersion()
	return []Part{
		{"files", lacksFiles(abi, err)},
		{"signals", lacksSignals(abi)},
		{"network, processes and system calls", lacksFilter()},
	}
}

func lacksFiles(abi int, err error) string {
	switch {
	case errors.Is(err, unix.EOPNOTSUPP):
		return "Landlock is switched off; add landlock to lsm= on the command line of the kernel"
	case errors.Is(err, unix.ENOSYS):
		return "no Landlock; use Linux 5.13 or later with CONFIG_SECURITY_LANDLOCK"
	case err != nil:
		return fmt.Sprintf("Landlock: %v; allow the landlock calls in the profile of the container", err)
	case abi < 3:
		return "cutting files short is not guarded before Linux 6.2"
	}
	return ""
}

func lacksSignals(abi int) string {
	if abi < 6 {
		return "a model may send signals to programs of its user before Linux 6.12"
	}
	return ""
}

func lacksFilter() string {
	if auditArch == 0 {
		return "no filter of system calls for " + runtime.GOARCH + " in this engine"
	}
	var action uint32 = unix.SECCOMP_RET_USER_NOTIF
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_GET_ACTION_AVAIL, 0, uintptrOf(&action))
	switch errno {
	case 0:
		return ""
	case unix.EOPNOTSUPP:
		return "what is refused is not told before Linux 5.5"
	}
	return fmt.Sprintf("no filter of system calls: %v; allow seccomp in the profile of the container", errno)
}

// Thread confines the calling thread, which must be locked, and all that it
// executes and starts from now on. listener is where Watch hears of what the
// filter leaves to decide, -1 if there is none. missing names what this kernel
// could not do. An error means that the thread is in an unknown state: end it.
func Thread(p *Policy) (listener int, missing []string, err error) {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return -1, nil, fmt.Errorf("no_new_privs: %w", err)
	}
	if err := limits(p); err != nil {
		return -1, nil, err
	}
	missing = append(missing, restrictFiles(p)...)
	if err := dropCapabilities(); err != nil {
		missing = append(missing, "capabilities: "+err.Error())
	}
	if !p.Native {
		return -1, append(missing, "network, processes and system calls: the program is for another instruction set"), nil
	}
	listener, err = restrictCalls(p)
	if err != nil {
		missing = append(missing, "network, processes and system calls: "+err.Error())
	} else if listener < 0 {
		missing = append(missing, "telling what was refused, and counting processes")
	}
	return listener, missing, nil
}

func limits(p *Policy) error {
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return fmt.Errorf("size of core files: %w", err)
	}
	if p.FileBytes > 0 {
		n := uint64(p.FileBytes)
		var now unix.Rlimit
		if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &now); err == nil {
			n = min(n, now.Max)
		}
		if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: n, Max: n}); err != nil {
			return fmt.Errorf("size of files: %w", err)
		}
	}
	if p.CPUs <= 0 {
		return nil
	}
	var all, few unix.CPUSet
	if err := unix.SchedGetaffinity(0, &all); err != nil {
		return fmt.Errorf("processors: %w", err)
	}
	for i := 0; few.Count() < min(p.CPUs, all.Count()); i++ {
		if all.IsSet(i) {
			few.Set(i)
		}
	}
	if err := unix.SchedSetaffinity(0, &few); err != nil {
		return fmt.Errorf("processors: %w", err)
	}
	return nil
}

// dropCapabilities leaves root what an ordinary user has, and reading: models
// may lie in the folders of other users.
func dropCapabilities() error {
	hdr := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&hdr, &data[0]); err != nil {
		return err
	}
	if data[0].Permitted == 0 && data[1].Permitted == 0 {
		return nil
	}
	// What is not in the bounding set does not come back when root executes a
	// program. Without the right to change it, no_new_privs sees to that.
	for c := range unix.CAP_LAST_CAP + 1 {
		if c != unix.CAP_DAC_READ_SEARCH {
			_ = unix.Prctl(unix.PR_CAPBSET_DROP, uintptr(c), 0, 0, 0)
		}
	}
	const keep = 1 << unix.CAP_DAC_READ_SEARCH
	kept := data[0].Permitted & keep
	data = [2]unix.CapUserData{{Permitted: kept, Effective: kept}}
	return unix.Capset(&hdr, &data[0])
}

// devices are the files that the patterns name now.
func (p *Policy) devices() []string {
	var all []string
	for _, pattern := range p.Devices {
		found, err := filepath.Glob(pattern)
		if err != nil {
			continue // a wrong pattern names nothing
		}
		all = append(all, found...)
	}
	return all
}

// harmless are devices that every program writes to.
var harmless = []string{"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"}

// sharedMemory is where POSIX shared memory lies.
const sharedMemory = "/dev/shm"

// CheckDevices reports patterns that cannot be read.
func CheckDevices(patterns []string) error {
	for _, pattern := range patterns {
		if _, err := filepath.Match(pattern, ""); err != nil {
			return fmt.Errorf("devices %q: %w", pattern, err)
		}
		if !filepath.IsAbs(pattern) {
			return fmt.Errorf("devices %q: give absolute paths or patterns, such as /dev/nvidia*", pattern)
		}
	}
	return nil
}

func isDir(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.IsDir()
}
