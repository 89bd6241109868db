package v4l2

import (
	"errors"
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Export gives a file descriptor of the driver's memory of a plane (a DMA-BUF), to hand to
// a GPU or an encoder without copying. The caller closes it, and may use it as long as the frame is
// not released. Copied frames have none.
func (f *Frame) Export(plane int) (fd int, err error) {
	s := f.slot
	if s == nil {
		return -1, errors.New("a copied frame is not in the driver's memory")
	}
	r := s.ring
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fd < 0 {
		return -1, fmt.Errorf("exporting plane %d: %w", plane, ErrStopped)
	}
	e := exportBuffer{typ: r.typ, index: s.buf.index, plane: uint32(plane), flags: unix.O_CLOEXEC | unix.O_RDWR}
	if err := ioctl(r.fd, vidiocExpBuf, unsafe.Pointer(&e)); err != nil {
		return -1, fmt.Errorf("exporting plane %d: %w", plane, err)
	}
	return int(e.fd), nil
}
