package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/infer/eim"
)

// machine is what doctor examines; its files are those below root.
type machine struct{ root string }

// examine looks at everything.
func examine(m machine) []finding {
	return []finding{
		m.kernel(), m.memory(), m.sharedMemory(), m.temporary(), m.graphviz(),
		m.cameras(), m.soundCards(), m.portAudio(), m.accelerators(), m.confinement(), m.onnxRuntime(), m.turboJPEG(), m.libraries(),
	}
}

func (m machine) path(name string) string { return filepath.Join(m.root, name) }

// glob lists the files below root that fit, by their names there.
func (m machine) glob(pattern string) []string {
	found, err := filepath.Glob(m.path(pattern))
	if err != nil {
		return nil // of a pattern that is wrong; these are constants
	}
	for i := range found {
		found[i] = "/" + strings.TrimPrefix(strings.TrimPrefix(found[i], m.root), "/")
	}
	return found
}

// first is the first line of a file, "" if it cannot be read.
func (m machine) first(name string) string {
	b, err := os.ReadFile(m.path(name))
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(b), "\n")
	return strings.TrimSpace(line)
}

func (m machine) kernel() finding {
	f := finding{Name: "kernel", Needed: true, Used: true, Note: "everything", OK: true}
	f.Found = fmt.Sprintf("%s %s, %s, %d processors", runtime.GOOS, m.first("proc/sys/kernel/osrelease"), runtime.GOARCH, runtime.NumCPU())
	return f
}

// leastMemory is what a small pipeline with a small model takes.
const leastMemory = 128 << 20

func (m machine) memory() finding {
	f := finding{Name: "memory", Needed: true, Used: true, Note: "frames and models"}
	available, err := m.available()
	if err != nil {
		f.Found, f.Remedy = err.Error(), "mount /proc"
		return f
	}
	f.OK = available >= leastMemory
	f.Found = fmt.Sprintf("%s available; frames take %s at most", bytesText(available), bytesText(eiengine.DefaultMemoryBudget))
	f.Remedy = fmt.Sprintf("end other programs or give the container more: %s are little for a model", bytesText(available))
	return f.tidy()
}

// available is the memory that programs can still get, within the limit of the
// container if there is one.
func (m machine) available() (int64, error) {
	b, err := os.ReadFile(m.path("proc/meminfo"))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		words := strings.Fields(line)
		if len(words) < 2 || words[0] != "MemAvailable:" {
			continue
		}
		kib, err := strconv.ParseInt(words[1], 10, 64)
		if err != nil {
			return 0, fmt.Errorf("/proc/meminfo: %w", err)
		}
		if limit, err := strconv.ParseInt(m.first("sys/fs/cgroup/memory.max"), 10, 64); err == nil {
			return min(kib<<10, limit), nil
		}
		return kib << 10, nil
	}
	return 0, errors.New("/proc/meminfo does not say")
}

func (m machine) sharedMemory() finding {
	f := finding{Name: "/dev/shm", Used: true, Note: "models that run as processes get their input there"}
	free, _, err := m.writable("dev/shm")
	if err != nil {
		f.Found = err.Error()
		f.Remedy = "mount -t tmpfs tmpfs /dev/shm; until then .eim models get their input as text, which is slower"
		return f
	}
	f.OK, f.Found = true, "writable, "+bytesText(free)+" free"
	return f
}

func (m machine) temporary() finding {
	dir := os.TempDir()
	f := finding{Name: "temporary files", Needed: true, Used: true, Note: "sockets of models, and the model of eiengine demo"}
	free, noexec, err := m.writable(dir)
	switch {
	case err != nil:
		f.Found, f.Remedy = err.Error(), "set TMPDIR to a folder that can be written"
	case noexec:
		f.Found, f.Remedy = dir+" runs no programs", "set TMPDIR to a folder of a file system without noexec"
	default:
		f.OK, f.Found = true, dir+" writable, "+bytesText(free)+" free"
	}
	return f
}

// writable tries to write a file in a folder, and says how much fits and whether
// programs cannot run there.
func (m machine) writable(dir string) (free int64, noexec bool, err error) {
	file, err := os.CreateTemp(m.path(dir), "eiengine-doctor-")
	if err != nil {
		return 0, false, err
	}
	defer os.RemoveAll(file.Name())
	defer file.Close()
	var fs unix.Statfs_t
	if err := unix.Fstatfs(int(file.Fd()), &fs); err != nil {
		return 0, false, fmt.Errorf("%s: %w", dir, err)
	}
	return int64(fs.Bavail) * fs.Bsize, fs.Flags&unix.ST_NOEXEC != 0, nil
}

func (m machine) graphviz() finding {
	f := finding{Name: "Graphviz", Note: "it draws what eiengine launch --dot writes"}
	path, err := exec.LookPath("dot")
	if err != nil {
		f.Found, f.Remedy = "no program dot", "apt-get install graphviz"
		return f
	}
	f.OK, f.Found = true, path
	return f
}

// confinement says which rights this kernel can take from models.
func (m machine) confinement() finding {
	f := finding{Name: "confinement", Used: true, Note: "processes of models lose the rights that no model needs"}
	var has, lacks []string
	for _, part := range eim.Confinement() {
		if part.Lacks == "" {
			has = append(has, part.Name)
			continue
		}
		lacks = append(lacks, part.Name+": "+part.Lacks)
	}
	f.OK = len(lacks) == 0
	f.Found = "of models: " + strings.Join(has, ", ")
	if len(has) == 0 {
		f.Found = "none: models may do what this user may"
	}
	f.Remedy = strings.Join(lacks, "; ")
	return f
}

// tidy leaves the remedy out where there is nothing to remedy.
func (f finding) tidy() finding {
	if f.OK {
		f.Remedy = ""
	}
	return f
}

func bytesText(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d KiB", n>>10)
}
