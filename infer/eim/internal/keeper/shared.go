package keeper

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const sharedDir = "/dev/shm"

// clockStep is how far the times of files may lie behind the clock.
const clockStep = 50 * time.Millisecond

// modelShared are the names that models give their shared memory.
var modelShared = regexp.MustCompile(`^shm-[0-9a-z-]+$`)

// removeLeftShared removes shared memory that a program made since then and did
// not live to say the name of: that of this user, called as models call theirs,
// and held by no process. A process that makes shared memory holds it by a file
// first and then by a mapping, so looking for them in this order misses none.
func removeLeftShared(since time.Time) {
	entries, err := os.ReadDir(sharedDir)
	if err != nil {
		return
	}
	left := map[uint64]string{}
	for _, e := range entries {
		if !modelShared.MatchString(e.Name()) {
			continue
		}
		var st unix.Stat_t
		path := filepath.Join(sharedDir, e.Name())
		if unix.Lstat(path, &st) != nil || st.Mode&unix.S_IFMT != unix.S_IFREG || int(st.Uid) != os.Geteuid() {
			continue
		}
		if time.Unix(st.Ctim.Unix()).Before(since.Add(-clockStep)) {
			continue
		}
		left[st.Ino] = path
	}
	if len(left) == 0 {
		return
	}
	for _, p := range processes(func(stat) bool { return true }) {
		for inode, path := range left {
			if holds(p.pid, path) {
				delete(left, inode)
			}
		}
	}
	for _, path := range left {
		unix.Unlink(path)
	}
}

// holds reports whether a process has the file open or mapped.
func holds(pid int, path string) bool {
	proc := filepath.Join("/proc", itoa(pid))
	fds, err := os.ReadDir(filepath.Join(proc, "fd"))
	if err != nil {
		return false // gone, or of another user, who cannot open it
	}
	for _, fd := range fds {
		if to, err := os.Readlink(filepath.Join(proc, "fd", fd.Name())); err == nil && to == path {
			return true
		}
	}
	maps, err := os.ReadFile(filepath.Join(proc, "maps"))
	return err == nil && strings.Contains(string(maps), " "+path+"\n")
}
