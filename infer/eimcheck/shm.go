package eimcheck

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// sharedMemory is a model's offer to take its input from shared memory.
type sharedMemory struct {
	Name     string `json:"name"`
	Bytes    int    `json:"size_bytes"`
	Type     string `json:"type"`
	Elements int    `json:"elements"`

	mapped []byte
}

func (m *sharedMemory) file() string { return filepath.Join("/dev/shm", filepath.Base(m.Name)) }

// open maps the memory.
func (m *sharedMemory) open() error {
	if strings.Contains(strings.TrimPrefix(m.Name, "/"), "/") {
		return fmt.Errorf("its name is %q: no path is expected", m.Name)
	}
	f, err := os.OpenFile(m.file(), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() < int64(4*m.Elements) {
		return fmt.Errorf("it has %d bytes, %d values need %d", info.Size(), m.Elements, 4*m.Elements)
	}
	m.mapped, err = unix.Mmap(int(f.Fd()), 0, 4*m.Elements, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	return err
}

func (m *sharedMemory) put(features []float32) {
	copy(unsafe.Slice((*float32)(unsafe.Pointer(&m.mapped[0])), m.Elements), features)
}

func (m *sharedMemory) close() error { return unix.Munmap(m.mapped) }
