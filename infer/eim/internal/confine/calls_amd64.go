package confine

import "golang.org/x/sys/unix"

const (
	auditArch = uint32(unix.AUDIT_ARCH_X86_64)
	// foreignCalls is where the numbers of the x32 calls begin.
	foreignCalls = uint32(0x40000000)
)

var calls = append(commonCalls(), oldCalls()...)

// oldCalls are those that later processors do without.
func oldCalls() []call {
	list := []call{
		opens(unix.SYS_OPEN, -1, 0, 1),
		changes(unix.SYS_CREAT, "writing", -1, 0),
		changes(unix.SYS_UNLINK, "removing", -1, 0),
		changes(unix.SYS_RMDIR, "removing", -1, 0),
		changes(unix.SYS_MKDIR, "making", -1, 0),
		changes(unix.SYS_MKNOD, "making", -1, 0),
		changes(unix.SYS_SYMLINK, "making", -1, 1),
		changes(unix.SYS_LINK, "making", -1, 1),
		changes(unix.SYS_RENAME, "renaming", -1, 0),
		changes(unix.SYS_RENAMEAT, "renaming", 0, 1),
		{number: unix.SYS_FORK, kind: spawn}, {number: unix.SYS_VFORK, kind: spawn},
	}
	for _, more := range [][]call{
		refuse("changing the mode of a file", unix.SYS_CHMOD),
		refuse("changing the owner of a file", unix.SYS_CHOWN, unix.SYS_LCHOWN),
		refuse("changing the times of a file", unix.SYS_UTIME, unix.SYS_UTIMES, unix.SYS_FUTIMESAT),
		refuse("input and output ports", unix.SYS_IOPL, unix.SYS_IOPERM),
		refuse("another kernel", unix.SYS_KEXEC_FILE_LOAD),
	} {
		list = append(list, more...)
	}
	return list
}
