package confine

import (
	"testing"

	"golang.org/x/sys/unix"
)

// run is what the kernel does with a filter.
func run(t *testing.T, f []unix.SockFilter, arch, number uint32, args ...uint32) uint32 {
	t.Helper()
	data := map[uint32]uint32{offNumber: number, offArch: arch}
	for i, a := range args {
		data[offArgs+8*uint32(i)] = a
	}
	var acc uint32
	for pc := 0; pc < len(f); pc++ {
		in := f[pc]
		jump := func(yes bool) {
			if yes {
				pc += int(in.Jt)
			} else {
				pc += int(in.Jf)
			}
		}
		switch in.Code {
		case unix.BPF_LD | unix.BPF_W | unix.BPF_ABS:
			acc = data[in.K]
		case unix.BPF_ALU | unix.BPF_AND | unix.BPF_K:
			acc &= in.K
		case unix.BPF_JMP | unix.BPF_JA:
			pc += int(in.K)
		case unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K:
			jump(acc == in.K)
		case unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K:
			jump(acc&in.K != 0)
		case unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K:
			jump(acc >= in.K)
		case unix.BPF_RET | unix.BPF_K:
			return in.K
		default:
			t.Fatalf("instruction %d: %+v", pc, in)
		}
	}
	t.Fatal("the program does not end")
	return 0
}

// TestFilter runs the filter as the kernel would, with somebody to ask and
// without, which is what kernels before 5.0 and nested filters get.
func TestFilter(t *testing.T) {
	if auditArch == 0 {
		t.Skip("skipped: there is no filter for this processor")
	}
	const thread = unix.CLONE_VM | unix.CLONE_THREAD | unix.CLONE_SIGHAND
	cases := []struct {
		name         string
		number       uint32
		args         []uint32
		asked, alone uint32
	}{
		{"read", unix.SYS_READ, nil, retAllow, retAllow},
		{"execve", unix.SYS_EXECVE, nil, retAllow, retAllow},
		{"TCP", unix.SYS_SOCKET, []uint32{unix.AF_INET, unix.SOCK_STREAM}, retAsk, retRefuse},
		{"netlink", unix.SYS_SOCKET, []uint32{unix.AF_NETLINK, unix.SOCK_RAW}, retAsk, retRefuse},
		{"Unix stream", unix.SYS_SOCKET, []uint32{unix.AF_UNIX, unix.SOCK_STREAM | unix.SOCK_CLOEXEC}, retAllow, retAllow},
		{"Unix packets", unix.SYS_SOCKET, []uint32{unix.AF_UNIX, unix.SOCK_SEQPACKET}, retAllow, retAllow},
		{"Unix datagram", unix.SYS_SOCKET, []uint32{unix.AF_UNIX, unix.SOCK_DGRAM | unix.SOCK_NONBLOCK}, retAsk, retRefuse},
		{"socket pair", unix.SYS_SOCKETPAIR, []uint32{unix.AF_UNIX, unix.SOCK_STREAM}, retAllow, retAllow},
		{"connect", unix.SYS_CONNECT, nil, retAsk, retRefuse},
		{"listen", unix.SYS_LISTEN, nil, retAllow, retAllow},
		{"accept", unix.SYS_ACCEPT4, nil, retAllow, retAllow},
		{"thread", unix.SYS_CLONE, []uint32{thread}, retAllow, retAllow},
		{"process", unix.SYS_CLONE, []uint32{uint32(unix.SIGCHLD)}, retAsk, retRefuse},
		{"namespace", unix.SYS_CLONE, []uint32{thread | unix.CLONE_NEWUSER}, retAsk, retRefuse},
		{"clone3", unix.SYS_CLONE3, nil, retAbsent, retAbsent},
		{"open to read", unix.SYS_OPENAT, []uint32{0, 0, unix.O_RDONLY | unix.O_CLOEXEC}, retAllow, retAllow},
		{"open to write", unix.SYS_OPENAT, []uint32{0, 0, unix.O_WRONLY}, retAsk, retAllow},
		{"open to make", unix.SYS_OPENAT, []uint32{0, 0, unix.O_CREAT}, retAsk, retAllow},
		{"remove", unix.SYS_UNLINKAT, nil, retAsk, retAllow},
		{"mode", unix.SYS_FCHMODAT, nil, retAsk, retRefuse},
		{"io_uring", unix.SYS_IO_URING_SETUP, nil, retAsk, retRefuse},
		{"processors", unix.SYS_SCHED_SETAFFINITY, nil, retAllow, retAllow},
	}
	asked, alone := buildFilter(&Policy{}, true), buildFilter(&Policy{}, false)
	for _, c := range cases {
		if got := run(t, asked, auditArch, c.number, c.args...); got != c.asked {
			t.Errorf("%s: %#x, want %#x", c.name, got, c.asked)
		}
		if got := run(t, alone, auditArch, c.number, c.args...); got != c.alone {
			t.Errorf("%s, with nobody to ask: %#x, want %#x", c.name, got, c.alone)
		}
	}
	if got := run(t, asked, auditArch^1, unix.SYS_READ); got != retRefuse {
		t.Errorf("another instruction set: %#x", got)
	}
	if foreignCalls != 0 {
		if got := run(t, asked, auditArch, foreignCalls|unix.SYS_READ); got != retRefuse {
			t.Errorf("a call of x32: %#x", got)
		}
	}
	few := buildFilter(&Policy{Processes: 3, CPUs: 1}, false)
	if got := run(t, few, auditArch, unix.SYS_CLONE, uint32(unix.SIGCHLD)); got != retAllow {
		t.Errorf("a process where some are allowed and nobody counts: %#x", got)
	}
	if got := run(t, few, auditArch, unix.SYS_SCHED_SETAFFINITY); got != retRefuse {
		t.Errorf("more processors: %#x", got)
	}
}

func TestDevicePatterns(t *testing.T) {
	for pattern, good := range map[string]bool{"/dev/nvidia*": true, "/dev/dri": true, "nvidia0": false, "/dev/[": false} {
		if err := CheckDevices([]string{pattern}); (err == nil) != good {
			t.Errorf("%s: %v", pattern, err)
		}
	}
	p := Policy{Devices: []string{"/dev/nul[l]", "/dev/none*"}}
	if got := p.devices(); len(got) != 1 || got[0] != "/dev/null" {
		t.Errorf("devices %v", got)
	}
}
