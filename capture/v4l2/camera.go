package v4l2

import (
	"fmt"
	"os"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Camera is one open node. Its methods are for one goroutine at a time, but those
// of controls, Stats, Info and Close, which any goroutine may call, and the release of
// frames.
type Camera struct {
	info   CameraInfo
	typ    uint32 // of buffers
	wake   int    // an eventfd, written to end the waiting in Next
	format Format

	waiting sync.Mutex     // held by Next
	watched watched        // under waiting
	polled  [2]unix.PollFd // under waiting

	mu      sync.Mutex // over fd and ring, against Close
	fd      int        // -1 once closed
	ring    *ring      // nil unless capturing
	stream  stream
	retired []*ring // of streams that ended, some with buffers that readers hold
	totals  Stats   // of those before them

	// What taking a buffer writes. The kernel is told where planes is: it is on the
	// heap and stays there.
	in     *buffer
	planes *[maxPlanes]plane
}

// Open opens a node for capture. It does not take it away from others: only Start
// does. The error says what to do.
func Open(path string) (*Camera, error) {
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, openError(path, err)
	}
	info, err := query(fd, path)
	if err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("%w: %s", err, present())
	}
	wake, err := unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
	if err != nil {
		unix.Close(fd)
		return nil, os.NewSyscallError("eventfd", err)
	}
	d := &Camera{info: info, typ: captureSingle, fd: fd, wake: wake, in: new(buffer), planes: new([maxPlanes]plane)}
	if info.Multiplanar {
		d.typ = captureMulti
	}
	return d, nil
}

// query asks a node what it is.
func query(fd int, path string) (info CameraInfo, err error) {
	var c capability
	if err := ioctl(fd, vidiocQueryCap, unsafe.Pointer(&c)); err != nil {
		return info, fmt.Errorf("%s: %w (%w)", path, ErrNotCamera, err)
	}
	caps := c.capabilities
	if caps&capDeviceCaps != 0 {
		caps = c.deviceCaps // those of this node; the others are of all nodes of the device
	}
	if caps&(capCapture|capCaptureMulti) == 0 || caps&capMemToMem != 0 || caps&capStreaming == 0 {
		return info, fmt.Errorf("%s (%s) %w", path, text(c.card[:]), ErrNotCamera)
	}
	info = CameraInfo{
		Path: path, Name: text(c.card[:]), Driver: text(c.driver[:]), Bus: text(c.busInfo[:]),
		Multiplanar: caps&capCapture == 0,
	}
	info.ID, info.Port = identity(path, info.Name)
	return info, nil
}

// Info says which camera this is.
func (d *Camera) Info() CameraInfo { return d.info }

// FD is the file descriptor, for what this package does not offer; it is the
// camera's own.
func (d *Camera) FD() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.fd
}

// control is ioctl on the open node.
func (d *Camera) control(request uintptr, arg unsafe.Pointer) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fd < 0 {
		return os.ErrClosed
	}
	return ioctl(d.fd, request, arg)
}

// Close stops and closes. A Next under way ends with ErrStopped. Frames that are
// still held stay valid until they are released. A second call does nothing.
func (d *Camera) Close() error {
	d.mu.Lock()
	if d.fd < 0 {
		d.mu.Unlock()
		return nil
	}
	fd := d.fd
	d.halt()
	d.interrupt()
	d.fd = -1
	d.mu.Unlock()

	d.waiting.Lock() // Next polls what is closed now
	defer d.waiting.Unlock()
	d.watched.end()
	unix.Close(d.wake)
	return os.NewSyscallError("close", unix.Close(fd))
}
