package confine

import "golang.org/x/sys/unix"

const (
	auditArch    = uint32(unix.AUDIT_ARCH_AARCH64)
	foreignCalls = uint32(0) // there are none
)

var calls = append(commonCalls(), append(refuse("another kernel", unix.SYS_KEXEC_FILE_LOAD),
	changes(unix.SYS_RENAMEAT, "renaming", 0, 1))...)
