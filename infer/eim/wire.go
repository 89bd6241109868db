package eim

import (
	"io"
	"net"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// quickly makes a system call that does not block, mostly on n bytes at p. Go's
// scheduler is not told of it. Told of one by a program that mostly waits, as ours does
// for its models, it wakes its monitor: a thread that then looks again every few dozen
// microseconds, on the processors that the models need, until all is idle again.
func quickly(call uintptr, fd int, p unsafe.Pointer, n int) (int, error) {
	for {
		done, _, errno := unix.RawSyscall(call, uintptr(fd), uintptr(p), uintptr(n))
		switch errno {
		case 0:
			return int(done), nil
		case unix.EINTR:
		default:
			return 0, errno
		}
	}
}

// wire is a connection that is read and written by quick calls, and waited for by Go
// as any other. One Read or Write at a time; Close from anywhere.
type wire struct {
	conn *net.UnixConn
	raw  syscall.RawConn

	buf  []byte // of the call under way: what is left of it
	done int    // bytes
	err  error
	// The methods of the same names, so that no call makes them anew.
	tryRead, tryWrite func(fd uintptr) bool
}

func newWire(c *net.UnixConn) (*wire, error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return nil, err
	}
	w := &wire{conn: c, raw: raw}
	w.tryRead, w.tryWrite = w.readSome, w.writeRest
	return w, nil
}

// Read implements io.Reader.
func (w *wire) Read(b []byte) (int, error) {
	w.begin(b)
	return w.end(w.raw.Read(w.tryRead))
}

// Write implements io.Writer.
func (w *wire) Write(b []byte) (int, error) {
	w.begin(b)
	return w.end(w.raw.Write(w.tryWrite))
}

// Close implements io.Closer.
func (w *wire) Close() error { return w.conn.Close() }

func (w *wire) begin(b []byte) { w.buf, w.done, w.err = b, 0, nil }

// end takes the error of a wait that was cut short.
func (w *wire) end(cut error) (int, error) {
	w.buf = nil
	if cut != nil {
		return w.done, cut
	}
	return w.done, w.err
}

func (w *wire) readSome(fd uintptr) bool {
	w.done, w.err = quickly(unix.SYS_READ, int(fd), unsafe.Pointer(unsafe.SliceData(w.buf)), len(w.buf))
	if w.err == nil && w.done == 0 {
		w.err = io.EOF
	}
	return w.err != unix.EAGAIN
}

func (w *wire) writeRest(fd uintptr) bool {
	for len(w.buf) > 0 {
		var n int
		if n, w.err = quickly(unix.SYS_WRITE, int(fd), unsafe.Pointer(unsafe.SliceData(w.buf)), len(w.buf)); w.err != nil {
			return w.err != unix.EAGAIN
		}
		w.done += n
		w.buf = w.buf[n:]
	}
	return true
}
