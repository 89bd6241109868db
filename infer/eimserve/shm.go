package eimserve

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

const shmDir = "/dev/shm"

// block is shared memory that the client may map: the input tensor or an
// output. The name goes on every way out; the client may remove it earlier.
type block struct {
	name string // as in shm_open: "/shm-" and 12 hex digits
	data []float32
	mem  []byte
	gone sync.Once
}

// newBlock makes shared memory for n values that only this user can open.
func newBlock(n int) (*block, error) {
	var random [6]byte
	rand.Read(random[:]) // never fails, says its documentation
	b := &block{name: "/shm-" + hex.EncodeToString(random[:])}
	size := int64(n) * 4
	f, err := os.OpenFile(shmDir+b.name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("shm_open for '%s' failed (%d)", b.name, errno(err))
	}
	defer f.Close() // the mapping stays
	// Reserve it now: a sparse file on a full /dev/shm would fault later.
	if err := unix.Fallocate(int(f.Fd()), 0, 0, size); err != nil {
		_ = b.unlink()
		return nil, fmt.Errorf("ftruncate for '%s' failed (%d)", b.name, errno(err))
	}
	b.mem, err = unix.Mmap(int(f.Fd()), 0, int(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		_ = b.unlink()
		return nil, fmt.Errorf("mmap for '%s' failed (%d)", b.name, errno(err))
	}
	b.data = unsafe.Slice((*float32)(unsafe.Pointer(&b.mem[0])), n)
	return b, nil
}

func errno(err error) int {
	var e unix.Errno
	if errors.As(err, &e) {
		return int(e)
	}
	return -1
}

// unlink removes the name; from any goroutine, once. That it is gone already
// is as it should be.
func (b *block) unlink() error {
	var err error
	b.gone.Do(func() {
		if e := os.Remove(shmDir + b.name); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = e
		}
	})
	return err
}

// free unmaps; not while a request runs.
func (b *block) free() error {
	err := b.unlink()
	return errors.Join(err, unix.Munmap(b.mem))
}
