package keeper

import (
	"crypto/rand"
	"encoding/hex"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"golang.org/x/sys/unix"
)

// prefix begins the names of folders of programs, which go on with hex digits.
const prefix = "eiengine-model-"

var ownDir = regexp.MustCompile("^" + prefix + "[0-9a-f]{10}$")

// stale is the age from which a folder that no keeper holds is a leftover; a
// younger one may belong to a keeper that is about to hold it.
const stale = time.Minute

// NewDir is a name for the folder of a program.
func NewDir(base string) string {
	var b [5]byte
	rand.Read(b[:]) // never fails, says its documentation
	return filepath.Join(base, prefix+hex.EncodeToString(b[:]))
}

// holdDir marks the folder as in use for as long as the keeper lives.
func holdDir(dir string) error {
	fd, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	return unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB)
}

// RemoveStale removes folders of programs that lost engine and keeper in the
// same moment.
func RemoveStale(base string) {
	entries, err := os.ReadDir(base)
	if err != nil {
		return
	}
	for _, e := range entries {
		if !e.IsDir() || !ownDir.MatchString(e.Name()) {
			continue
		}
		dir := filepath.Join(base, e.Name())
		fd, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC|unix.O_NOFOLLOW, 0)
		if err != nil {
			continue
		}
		var st unix.Stat_t
		if unix.Fstat(fd, &st) == nil && int(st.Uid) == os.Geteuid() && time.Since(time.Unix(st.Mtim.Unix())) > stale &&
			unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB) == nil {
			os.RemoveAll(dir)
		}
		unix.Close(fd)
	}
}
