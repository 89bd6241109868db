package hotplug

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// settling is how long a change waits for those that come with it: a device has several
// nodes, and rights are given to a node after it was made.
const settling = 200 * time.Millisecond

// Follow calls look at once, and again whenever nodes have come, gone or changed their
// rights whose paths begin as one of those does, such as "/dev/video", until look returns
// false or ctx ends; whose error it does not return. The folder of the first must be there;
// those of the others may come and go.
func Follow(ctx context.Context, look func() bool, nodes ...string) error {
	fd, err := unix.InotifyInit1(unix.IN_NONBLOCK | unix.IN_CLOEXEC)
	if err != nil {
		return os.NewSyscallError("inotify_init1", err)
	}
	events := os.NewFile(uintptr(fd), "inotify")
	defer events.Close()
	stop := context.AfterFunc(ctx, func() {
		_ = events.SetReadDeadline(time.Unix(1, 0)) // what polls can be woken
	})
	defer stop()

	for ctx.Err() == nil {
		if err := listen(fd, nodes); err != nil {
			return err
		}
		if !look() {
			return nil
		}
		if err := change(ctx, events, nodes); err != nil && ctx.Err() == nil {
			return err
		}
	}
	return nil
}

// listen asks for news of the nodes' folders; asking again changes nothing.
func listen(fd int, nodes []string) error {
	for i, node := range nodes {
		folder := filepath.Dir(node)
		_, err := unix.InotifyAddWatch(fd, folder, unix.IN_CREATE|unix.IN_DELETE|unix.IN_ATTRIB)
		if err != nil && (i == 0 || !errors.Is(err, fs.ErrNotExist)) {
			return fmt.Errorf("watching %s: %w", folder, err)
		}
	}
	return nil
}

// change waits for news of such a node, and a little.
func change(ctx context.Context, events *os.File, nodes []string) error {
	b := make([]byte, 4096)
	for seen := false; !seen; {
		n, err := events.Read(b)
		if err != nil {
			return err
		}
		seen = slices.ContainsFunc(nodes, func(node string) bool {
			return strings.Contains(string(b[:n]), filepath.Base(node)) // the names are in it
		})
	}
	settled := time.NewTimer(settling)
	defer settled.Stop()
	select {
	case <-settled.C:
	case <-ctx.Done():
	}
	return nil
}

// Changes compares two lists: what is missing from the second, and what is new in it.
func Changes[T comparable](before, now []T) (gone, come []T) {
	for _, d := range before {
		if !slices.Contains(now, d) {
			gone = append(gone, d)
		}
	}
	for _, d := range now {
		if !slices.Contains(before, d) {
			come = append(come, d)
		}
	}
	return gone, come
}
