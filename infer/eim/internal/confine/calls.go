package confine

import "golang.org/x/sys/unix"

// kind is how a system call is treated.
type kind int

const (
	refused kind = iota // always
	path                // where the path is outside of what may be written
	spawn               // beyond the number of processes
)

// call is a system call that the filter treats.
type call struct {
	number uint32
	kind   kind
	// does is what it does, for the message.
	does string
	// path is the argument that has the path, at the one with the folder that it
	// is relative to, -1 for the current one.
	path, at int
	// flags is the argument with the flags of open, -1 if it has none.
	flags int
}

func refuse(does string, numbers ...uint32) []call {
	var all []call
	for _, n := range numbers {
		all = append(all, call{number: n, kind: refused, does: does})
	}
	return all
}

func changes(number uint32, does string, at, arg int) call {
	return call{number: number, kind: path, does: does, at: at, path: arg, flags: -1}
}

func opens(number uint32, at, arg, flags int) call {
	return call{number: number, kind: path, does: "writing", at: at, path: arg, flags: flags}
}

// commonCalls are those that every processor has.
func commonCalls() []call {
	list := []call{
		opens(unix.SYS_OPENAT, 0, 1, 2),
		changes(unix.SYS_UNLINKAT, "removing", 0, 1),
		changes(unix.SYS_MKDIRAT, "making", 0, 1),
		changes(unix.SYS_MKNODAT, "making", 0, 1),
		changes(unix.SYS_SYMLINKAT, "making", 1, 2),
		changes(unix.SYS_LINKAT, "making", 2, 3),
		changes(unix.SYS_RENAMEAT2, "renaming", 0, 1),
		changes(unix.SYS_TRUNCATE, "cutting", -1, 0),
	}
	for _, more := range [][]call{
		refuse("connecting a socket", unix.SYS_CONNECT),
		refuse("changing the mode of a file", unix.SYS_FCHMOD, unix.SYS_FCHMODAT, unix.SYS_FCHMODAT2),
		refuse("changing the owner of a file", unix.SYS_FCHOWN, unix.SYS_FCHOWNAT),
		refuse("changing the times of a file", unix.SYS_UTIMENSAT),
		refuse("changing attributes of a file", unix.SYS_SETXATTR, unix.SYS_LSETXATTR, unix.SYS_FSETXATTR,
			unix.SYS_REMOVEXATTR, unix.SYS_LREMOVEXATTR, unix.SYS_FREMOVEXATTR),
		refuse("opening files by handle", unix.SYS_OPEN_BY_HANDLE_AT),
		refuse("tracing another process", unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV,
			unix.SYS_PIDFD_GETFD, unix.SYS_PROCESS_MADVISE, unix.SYS_KCMP),
		refuse("memory of another process", unix.SYS_MIGRATE_PAGES, unix.SYS_MOVE_PAGES),
		refuse("mounting", unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT, unix.SYS_FSOPEN,
			unix.SYS_FSCONFIG, unix.SYS_FSMOUNT, unix.SYS_FSPICK, unix.SYS_MOVE_MOUNT, unix.SYS_OPEN_TREE, unix.SYS_MOUNT_SETATTR),
		refuse("another namespace", unix.SYS_UNSHARE, unix.SYS_SETNS),
		refuse("kernel modules", unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE),
		refuse("another kernel", unix.SYS_KEXEC_LOAD, unix.SYS_REBOOT),
		refuse("swap and accounting", unix.SYS_SWAPON, unix.SYS_SWAPOFF, unix.SYS_ACCT, unix.SYS_QUOTACTL),
		refuse("the clock", unix.SYS_SETTIMEOFDAY, unix.SYS_CLOCK_SETTIME, unix.SYS_CLOCK_ADJTIME, unix.SYS_ADJTIMEX),
		refuse("the name of the machine", unix.SYS_SETHOSTNAME, unix.SYS_SETDOMAINNAME),
		refuse("the log of the kernel", unix.SYS_SYSLOG),
		refuse("keys", unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY, unix.SYS_KEYCTL),
		// Its queue does what the filter never sees.
		refuse("io_uring", unix.SYS_IO_URING_SETUP),
		refuse("programs in the kernel", unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD, unix.SYS_FANOTIFY_INIT),
	} {
		list = append(list, more...)
	}
	return list
}
