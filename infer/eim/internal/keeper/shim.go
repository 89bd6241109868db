package keeper

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine/infer/eim/internal/confine"
)

// shimOrder is what the keeper tells the run that becomes the program.
type shimOrder struct {
	Program string
	Args    []string
	Policy  *confine.Policy
	Parent  int
}

// shimReport is what that run answers, with the listener of the filter. A second
// one follows only if the program cannot be executed.
type shimReport struct {
	Missing []string      `json:",omitempty"`
	Failed  string        `json:",omitempty"`
	Errno   syscall.Errno `json:",omitempty"`
}

// shim takes rights from this process and becomes the program.
func shim() {
	runtime.LockOSThread()
	unix.CloseOnExec(controlFD)
	var o shimOrder
	if len(os.Args) != 2 || json.Unmarshal([]byte(os.Args[1]), &o) != nil {
		leave(2)
	}
	listener, missing, err := confine.Thread(o.Policy)
	if err != nil {
		report(shimReport{Failed: err.Error()}, -1)
		leave(1)
	}
	report(shimReport{Missing: missing}, listener)
	if listener >= 0 {
		unix.Close(listener)
	}
	// Changes of rights can clear it.
	_ = unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0)
	if os.Getppid() != o.Parent {
		leave(1)
	}
	err = syscall.Exec(o.Program, append([]string{o.Program}, o.Args...), os.Environ())
	m := shimReport{Failed: err.Error()}
	errors.As(err, &m.Errno)
	report(m, -1)
	leave(1)
}

func report(r shimReport, listener int) {
	b, err := json.Marshal(r)
	if err != nil {
		leave(1)
	}
	var rights []byte
	if listener >= 0 {
		rights = unix.UnixRights(listener)
	}
	if err := unix.Sendmsg(controlFD, b, rights, nil, 0); err != nil {
		leave(1)
	}
}

// shimAnswer returns when the program is executed, with the listener of its
// filter or -1.
func shimAnswer(from *os.File) (listener int, missing []string, err error) {
	r, fd, ok, err := receive(from)
	switch {
	case err != nil:
		return -1, nil, err
	case !ok:
		return -1, nil, errors.New("the program that confines the model ended without a word")
	case r.Failed != "":
		return -1, nil, errors.New(r.Failed)
	}
	listener = fd
	again, _, ok, err := receive(from)
	switch {
	case err != nil:
	case !ok:
		return listener, r.Missing, nil // its end closed when the program began
	case again.Errno != 0:
		err = again.Errno
	default:
		err = errors.New(again.Failed)
	}
	if listener >= 0 {
		unix.Close(listener)
	}
	return -1, nil, err
}

// receive reads one report; ok is false at the end.
func receive(from *os.File) (r shimReport, listener int, ok bool, err error) {
	listener = -1
	raw, err := from.SyscallConn()
	if err != nil {
		return r, -1, false, err
	}
	buf, rights := make([]byte, 64<<10), make([]byte, unix.CmsgSpace(4))
	var n, nr int
	var got error
	err = raw.Read(func(fd uintptr) bool {
		n, nr, _, _, got = unix.Recvmsg(int(fd), buf, rights, unix.MSG_CMSG_CLOEXEC)
		return got != unix.EAGAIN && got != unix.EINTR
	})
	if err = errors.Join(err, got); err != nil || n == 0 {
		return r, -1, false, err
	}
	if messages, err := unix.ParseSocketControlMessage(rights[:nr]); err == nil && len(messages) == 1 {
		if fds, err := unix.ParseUnixRights(&messages[0]); err == nil && len(fds) == 1 {
			listener = fds[0]
		}
	}
	if err := json.Unmarshal(buf[:n], &r); err != nil {
		return r, listener, false, fmt.Errorf("report of the program that confines the model: %w", err)
	}
	return r, listener, true, nil
}
