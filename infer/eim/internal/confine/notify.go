package confine

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Watcher decides what the filter of a confined program leaves open.
type Watcher struct {
	Policy *Policy
	// Count gives how many processes there are beside the program now.
	Count func() int
	// Tell gets one sentence part per refusal, such as "a network socket".
	Tell func(what string)
	// Ending refuses all new processes once it is set.
	Ending atomic.Bool
}

// notification is the kernel's struct seccomp_notif.
type notification struct {
	id   uint64
	pid  uint32
	_    uint32 // flags
	nr   int32
	_    uint32 // arch
	_    uint64 // instruction pointer
	args [6]uint64
}

// response is the kernel's struct seccomp_notif_resp.
type response struct {
	id    uint64
	_     int64 // value
	err   int32
	flags uint32
}

// Run answers until the listener fails, which it does when all that it listens
// to is gone.
func (w *Watcher) Run(listener int) {
	for {
		var n notification
		if !control(listener, unix.SECCOMP_IOCTL_NOTIF_RECV, uintptrOf(&n)) {
			if gone(listener) {
				return
			}
			continue // the caller was killed meanwhile
		}
		r := response{id: n.id}
		if errno := w.decide(&n); errno != 0 {
			r.err = -int32(errno)
		} else {
			r.flags = unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE
		}
		control(listener, unix.SECCOMP_IOCTL_NOTIF_SEND, uintptrOf(&r)) // fails if the caller was killed
	}
}

func control(fd int, request, arg uintptr) bool {
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), request, arg)
	return errno == 0
}

func gone(listener int) bool {
	poll := []unix.PollFd{{Fd: int32(listener), Events: unix.POLLIN}}
	_, err := unix.Poll(poll, 0)
	return err != nil && err != unix.EINTR || poll[0].Revents&(unix.POLLHUP|unix.POLLERR|unix.POLLNVAL) != 0
}

// decide is 0 for what may go on, and tells of what may not.
func (w *Watcher) decide(n *notification) unix.Errno {
	switch n.nr {
	case unix.SYS_SOCKET, unix.SYS_SOCKETPAIR:
		w.Tell(socketText(n))
		return unix.EACCES
	case unix.SYS_CLONE:
		if n.args[0]&namespaces != 0 {
			w.Tell("another namespace")
			return unix.EPERM
		}
		return w.spawn()
	}
	for _, c := range calls {
		if int32(c.number) != n.nr {
			continue
		}
		switch c.kind {
		case spawn:
			return w.spawn()
		case path:
			return w.path(n, c)
		}
		w.Tell(c.does)
		return unix.EPERM
	}
	return unix.EPERM
}

func (w *Watcher) spawn() unix.Errno {
	if w.Ending.Load() {
		return unix.EAGAIN
	}
	if w.Policy.Processes > 0 && w.Count() < w.Policy.Processes {
		return 0
	}
	what := "starting a process"
	if n := w.Policy.Processes; n > 0 {
		what = fmt.Sprintf("starting more than %d processes", n)
	}
	w.Tell(what)
	return unix.EAGAIN
}

func socketText(n *notification) string {
	families := map[uint64]string{
		unix.AF_INET: "IPv4", unix.AF_INET6: "IPv6", unix.AF_NETLINK: "netlink", unix.AF_PACKET: "packet",
		unix.AF_VSOCK: "vsock", unix.AF_BLUETOOTH: "Bluetooth", unix.AF_ALG: "kernel cryptography", unix.AF_UNIX: "Unix datagram",
	}
	family := n.args[0] & 0xffffffff
	if name, ok := families[family]; ok {
		return "a socket (" + name + ")"
	}
	return fmt.Sprintf("a socket (family %d)", family)
}

// path tells of paths outside of what may be written. What cannot be found out
// goes on: Landlock decides then, as it does if the text changes meanwhile.
func (w *Watcher) path(n *notification, c call) unix.Errno {
	text, ok := readText(int(n.pid), uintptr(n.args[c.path]))
	if !ok {
		return 0
	}
	full, ok := w.resolve(n, c, text)
	if !ok || w.mayWrite(full) {
		return 0
	}
	w.Tell(c.does + " " + strconv.Quote(full))
	return unix.EACCES
}

// resolve gives the real path of what a call names; its last part need not
// exist. Paths of nowhere are left to the kernel.
func (w *Watcher) resolve(n *notification, c call, text string) (string, bool) {
	if text == "" {
		return "", false
	}
	if !filepath.IsAbs(text) {
		base := fmt.Sprintf("/proc/%d/cwd", n.pid)
		if at := int32(n.args[max(c.at, 0)]); c.at >= 0 && at != unix.AT_FDCWD {
			base = fmt.Sprintf("/proc/%d/fd/%d", n.pid, at)
		}
		dir, err := os.Readlink(base)
		if err != nil {
			return "", false
		}
		text = filepath.Join(dir, text)
	}
	text = filepath.Clean(text)
	if strings.HasPrefix(text, "/proc/") {
		return "", false // means another process to us than to the caller
	}
	if real, err := filepath.EvalSymlinks(text); err == nil && c.flags >= 0 {
		return real, true
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(text))
	return filepath.Join(dir, filepath.Base(text)), err == nil
}

func (w *Watcher) mayWrite(full string) bool {
	for _, dir := range append([]string{sharedMemory}, w.Policy.Writable...) {
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			dir = real
		}
		if full == dir || strings.HasPrefix(full, dir+"/") {
			return true
		}
	}
	for _, dev := range append(w.Policy.devices(), harmless...) {
		if full == dev || strings.HasPrefix(full, dev+"/") {
			return true
		}
	}
	return false
}

// readText reads a string of another process.
func readText(pid int, at uintptr) (string, bool) {
	var buf [unix.PathMax]byte
	got := 0
	for got < len(buf) {
		// Not across pages: the next may not be there.
		n := min(len(buf)-got, os.Getpagesize()-int((at+uintptr(got))%uintptr(os.Getpagesize())))
		local := unix.Iovec{Base: (*byte)(unsafe.Pointer(&buf[got]))}
		local.SetLen(n)
		read, err := unix.ProcessVMReadv(pid, []unix.Iovec{local}, []unix.RemoteIovec{{Base: at + uintptr(got), Len: n}}, 0)
		if err != nil || read <= 0 {
			return "", false
		}
		if end := bytes.IndexByte(buf[got:got+read], 0); end >= 0 {
			return string(buf[:got+end]), true
		}
		got += read
	}
	return "", false
}
