package eim

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// shmDir is where Linux keeps POSIX shared memory.
const shmDir = "/dev/shm"

// errTruncated: the model shrank memory that it shares with us.
var errTruncated = errors.New("the model shrank its shared memory")

// tensor is memory for features or outputs: shared with a process, or our own.
type tensor struct {
	data []float32
	// mem is the mapping and fd its file; nil and -1 for our own memory.
	mem []byte
	fd  int
}

func heapTensor(n int) *tensor { return &tensor{data: make([]float32, n), fd: -1} }

func (t *tensor) shared() bool { return t.mem != nil }

// intact reports whether the file, whose end is sought, still covers the mapping. A
// model can shrink it right after; this catches the honest bug and heals what a fault
// revealed.
func (t *tensor) intact() bool {
	if !t.shared() {
		return true
	}
	size, err := quickly(unix.SYS_LSEEK, t.fd, nil, unix.SEEK_END)
	return err == nil && size >= len(t.mem)
}

func (t *tensor) free() {
	if t == nil || !t.shared() {
		return
	}
	unix.Munmap(t.mem)
	unix.Close(t.fd)
	t.data, t.mem, t.fd = nil, nil, -1
}

// shmOffer is what a model says of a block of shared memory.
type shmOffer struct {
	Name     string `json:"name"`
	Size     number `json:"size_bytes"`
	Type     string `json:"type"`
	Elements number `json:"elements"`
	Index    number `json:"index"`
}

// path is the file of the offer, an error if the name is not one of POSIX
// shared memory: the process chose it, and we are going to unlink it.
func (o *shmOffer) path() (string, error) {
	name := strings.TrimPrefix(o.Name, "/")
	if name == "" || name == "." || name == ".." || len(name) > 255 || strings.ContainsAny(name, "/\x00") {
		return "", fmt.Errorf("shared memory name %q is not valid", o.Name)
	}
	return filepath.Join(shmDir, name), nil
}

// unlink removes the name, so that the memory lives just as long as its
// mappings, whoever dies first.
func (o *shmOffer) unlink() {
	if p, err := o.path(); err == nil {
		unix.Unlink(p)
	}
}

// mapOffer maps what is offered. The caller unlinks the name, also when this
// fails.
func mapOffer(o *shmOffer, write bool) (*tensor, error) {
	path, err := o.path()
	if err != nil {
		return nil, err
	}
	if o.Type != "" && o.Type != "float32" {
		return nil, fmt.Errorf("shared memory %s holds %q, only float32 is known", o.Name, o.Type)
	}
	n := int(o.Elements)
	if n < 1 || n > maxFeatures {
		return nil, fmt.Errorf("shared memory %s has %d elements, expected 1 to %d", o.Name, n, maxFeatures)
	}
	mode, prot := unix.O_RDONLY, unix.PROT_READ
	if write {
		mode, prot = unix.O_RDWR, unix.PROT_READ|unix.PROT_WRITE
	}
	fd, err := unix.Open(path, mode|unix.O_CLOEXEC|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("shared memory %s: %w", path, err)
	}
	var st unix.Stat_t
	err = unix.Fstat(fd, &st)
	switch {
	case err != nil:
	case st.Mode&unix.S_IFMT != unix.S_IFREG:
		err = errors.New("is not a regular file")
	case st.Size < int64(n)*4:
		err = fmt.Errorf("has %d bytes, %d elements need %d", st.Size, n, n*4)
	}
	if err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("shared memory %s: %w", path, err)
	}
	mem, err := unix.Mmap(fd, 0, n*4, prot, unix.MAP_SHARED)
	if err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("shared memory %s: mmap: %w", path, err)
	}
	return &tensor{data: unsafe.Slice((*float32)(unsafe.Pointer(&mem[0])), n), mem: mem, fd: fd}, nil
}

// copyGuarded copies between tensors either of which may be shared memory that
// another process shrank; the fault becomes an error.
func copyGuarded(dst, src []float32) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		// Faults carry the address; anything else is our own bug.
		if f, ok := r.(interface {
			runtime.Error
			Addr() uintptr
		}); !ok || f == nil {
			panic(r)
		}
		err = errTruncated
	}()
	copy(dst, src)
	return nil
}
