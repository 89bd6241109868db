package confine

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

func uintptrOf[T any](p *T) uintptr { return uintptr(unsafe.Pointer(p)) }

// landlockVersion is that of the kernel's Landlock; an error says why there is
// none.
func landlockVersion() (int, error) {
	v, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0, errno
	}
	return int(v), nil
}

// The rights of Landlock that belong together.
const (
	writeFile = unix.LANDLOCK_ACCESS_FS_WRITE_FILE
	makeAny   = unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_MAKE_DIR | unix.LANDLOCK_ACCESS_FS_MAKE_SOCK |
		unix.LANDLOCK_ACCESS_FS_MAKE_FIFO | unix.LANDLOCK_ACCESS_FS_MAKE_SYM
	makeNode = unix.LANDLOCK_ACCESS_FS_MAKE_CHAR | unix.LANDLOCK_ACCESS_FS_MAKE_BLOCK
	remove   = unix.LANDLOCK_ACCESS_FS_REMOVE_FILE | unix.LANDLOCK_ACCESS_FS_REMOVE_DIR
)

// writing is what the version can guard of changing files. Reading and
// executing stay free.
func writing(version int) uint64 {
	rights := uint64(writeFile | makeAny | makeNode | remove)
	if version >= 2 {
		rights |= unix.LANDLOCK_ACCESS_FS_REFER
	}
	if version >= 3 {
		rights |= unix.LANDLOCK_ACCESS_FS_TRUNCATE
	}
	if version >= 5 {
		rights |= unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	}
	return rights
}

// restrictFiles makes all but a few places read-only, cuts TCP off, and keeps
// signals and abstract sockets within. It gives what could not be done.
func restrictFiles(p *Policy) []string {
	version, err := landlockVersion()
	if err != nil {
		return []string{"files: " + lacksFiles(0, err), "signals: " + lacksSignals(0)}
	}
	var missing []string
	for _, part := range []Part{{"files", lacksFiles(version, nil)}, {"signals", lacksSignals(version)}} {
		if part.Lacks != "" {
			missing = append(missing, part.Name+": "+part.Lacks)
		}
	}
	if err := landlock(p, version); err != nil {
		missing = append(missing, "files: "+err.Error())
	}
	return missing
}

func landlock(p *Policy, version int) error {
	attr := unix.LandlockRulesetAttr{Handled_access_fs: writing(version)}
	size := unsafe.Sizeof(attr.Handled_access_fs)
	if version >= 4 {
		attr.Handled_access_net = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
		size += unsafe.Sizeof(attr.Handled_access_net)
	}
	if version >= 6 {
		attr.Scoped = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
		size += unsafe.Sizeof(attr.Scoped)
	}
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptrOf(&attr), size, 0)
	if errno != 0 {
		return fmt.Errorf("landlock: %w", errno)
	}
	rules := int(fd)
	defer unix.Close(rules)
	for _, dir := range p.Writable {
		if err := allow(rules, dir, attr.Handled_access_fs&^makeNode&^unix.LANDLOCK_ACCESS_FS_IOCTL_DEV); err != nil {
			return err
		}
	}
	if isDir(sharedMemory) {
		const rights = writeFile | unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_REMOVE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE
		if err := allow(rules, sharedMemory, attr.Handled_access_fs&rights); err != nil {
			return err
		}
	}
	device := attr.Handled_access_fs & (writeFile | unix.LANDLOCK_ACCESS_FS_TRUNCATE | unix.LANDLOCK_ACCESS_FS_IOCTL_DEV)
	for _, path := range append(p.devices(), harmless...) {
		if err := allowDevice(rules, path, device); err != nil {
			return err
		}
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(rules), 0, 0); errno != 0 {
		return fmt.Errorf("landlock: %w", errno)
	}
	return nil
}

// allowDevice allows a device file, or all of them below a folder. What is not
// there needs no rule.
func allowDevice(rules int, path string, rights uint64) error {
	err := allow(rules, path, rights)
	if err == unix.ENOENT {
		return nil
	}
	return err
}

func allow(rules int, path string, rights uint64) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err == unix.ENOENT {
		return err
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer unix.Close(fd)
	attr := unix.LandlockPathBeneathAttr{Allowed_access: rights, Parent_fd: int32(fd)}
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(rules), unix.LANDLOCK_RULE_PATH_BENEATH, uintptrOf(&attr), 0, 0, 0)
	if errno != 0 {
		return fmt.Errorf("landlock: %s: %w", path, errno)
	}
	return nil
}
