package confine

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// What the filter answers.
const (
	retAllow  = unix.SECCOMP_RET_ALLOW
	retAsk    = unix.SECCOMP_RET_USER_NOTIF
	retRefuse = unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)
	retAbsent = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
)

// Where the kernel's seccomp_data has its fields.
const (
	offNumber = 0
	offArch   = 4
	offArgs   = 16
)

// namespaces are the flags of clone that make new ones.
const namespaces = unix.CLONE_NEWNS | unix.CLONE_NEWCGROUP | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC | unix.CLONE_NEWUSER |
	unix.CLONE_NEWPID | unix.CLONE_NEWNET

// opensForWriting are the flags of open that change a file.
const opensForWriting = unix.O_WRONLY | unix.O_RDWR | unix.O_CREAT | unix.O_TRUNC

// program is a filter in the making. The accumulator holds the number of the
// call outside of a case.
type program []unix.SockFilter

func (p *program) load(offset uint32) {
	*p = append(*p, unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset})
}

// arg loads the low half of an argument: those that are looked at are ints.
func (p *program) arg(n int) { p.load(offArgs + 8*uint32(n)) }

func (p *program) mask(k uint32) {
	*p = append(*p, unix.SockFilter{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: k})
}

func (p *program) ret(k uint32) {
	*p = append(*p, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: k})
}

// when does what body adds if the accumulator passes the test, and skips it
// otherwise. Every body ends with ret.
func (p *program) when(test uint16, k uint32, body func()) {
	at := len(*p)
	*p = append(*p, unix.SockFilter{Code: unix.BPF_JMP | test | unix.BPF_K, K: k})
	body()
	(*p)[at].Jf = uint8(len(*p) - at - 1)
}

func (p *program) call(number uint32, body func()) { p.when(unix.BPF_JEQ, number, body) }

// buildFilter is the program for a policy. Without somebody to ask, what would
// be asked is refused, but for paths, which Landlock guards, and processes
// where some are allowed, which nobody counts then.
func buildFilter(p *Policy, asking bool) []unix.SockFilter {
	ask, askSpawn, askPath := uint32(retAsk), uint32(retAsk), uint32(retAsk)
	if !asking {
		ask, askSpawn, askPath = retRefuse, retRefuse, retAllow
		if p.Processes > 0 {
			askSpawn = retAllow
		}
	}
	var f program
	f.load(offArch)
	f.when(unix.BPF_JEQ, auditArch, func() { f.load(offNumber); f.jumpOver(1) })
	f.ret(retRefuse) // the calls of another instruction set go by other numbers
	if foreignCalls != 0 {
		f.when(unix.BPF_JGE, foreignCalls, func() { f.ret(retRefuse) })
	}
	for _, c := range calls {
		switch c.kind {
		case refused:
			f.call(c.number, func() { f.ret(ask) })
		case path:
			f.call(c.number, func() { f.openCase(c, askPath) })
		case spawn:
			f.call(c.number, func() { f.ret(askSpawn) })
		}
	}
	f.call(unix.SYS_CLONE, func() {
		f.arg(0)
		f.when(unix.BPF_JSET, namespaces, func() { f.ret(ask) })
		f.when(unix.BPF_JSET, unix.CLONE_THREAD, func() { f.ret(retAllow) })
		f.ret(askSpawn)
	})
	// Its flags lie in memory; the C libraries fall back to clone.
	f.call(unix.SYS_CLONE3, func() { f.ret(retAbsent) })
	f.call(unix.SYS_SOCKET, func() { f.socketCase(ask) })
	f.call(unix.SYS_SOCKETPAIR, func() { f.socketCase(ask) })
	if p.CPUs > 0 {
		f.call(unix.SYS_SCHED_SETAFFINITY, func() { f.ret(retRefuse) })
	}
	f.ret(retAllow)
	return f
}

// jumpOver skips the next n instructions.
func (p *program) jumpOver(n uint32) {
	*p = append(*p, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JA, K: n})
}

// openCase asks about paths; those of open only if it is for writing.
func (p *program) openCase(c call, ask uint32) {
	if c.flags >= 0 {
		p.arg(c.flags)
		p.when(unix.BPF_JSET, opensForWriting, func() { p.ret(ask) })
		p.ret(retAllow)
		return
	}
	p.ret(ask)
}

// socketCase lets Unix stream sockets pass: those of datagrams reach whoever
// listens, without a call that names whom.
func (p *program) socketCase(ask uint32) {
	p.arg(0)
	p.when(unix.BPF_JEQ, unix.AF_UNIX, func() {
		p.arg(1)
		p.mask(0xf)
		p.when(unix.BPF_JEQ, unix.SOCK_STREAM, func() { p.ret(retAllow) })
		p.when(unix.BPF_JEQ, unix.SOCK_SEQPACKET, func() { p.ret(retAllow) })
		p.ret(ask)
	})
	p.ret(ask)
}

// restrictCalls installs the filter. listener is -1 if the kernel cannot ask.
func restrictCalls(p *Policy) (listener int, err error) {
	if auditArch == 0 {
		return -1, fmt.Errorf("%s", lacksFilter())
	}
	listener, err = install(buildFilter(p, true), unix.SECCOMP_FILTER_FLAG_NEW_LISTENER)
	if err == nil {
		return listener, nil
	}
	// EINVAL before Linux 5.0, EBUSY if a filter above has a listener already.
	if _, err := install(buildFilter(p, false), 0); err != nil {
		return -1, fmt.Errorf("seccomp: %w", err)
	}
	return -1, nil
}

func install(f []unix.SockFilter, flags uintptr) (int, error) {
	prog := unix.SockFprog{Len: uint16(len(f)), Filter: &f[0]}
	fd, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, flags, uintptrOf(&prog))
	if errno != 0 {
		return -1, errno
	}
	return int(fd), nil
}
