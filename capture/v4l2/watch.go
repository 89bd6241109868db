package v4l2

import (
	"context"
	"fmt"
	"iter"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Change is a camera that came or went.
type Change struct {
	CameraInfo
	Gone bool
}

// settling is how long a change waits for those that come with it: a camera has several
// nodes, and rights are given to a node after it was made.
const settling = 200 * time.Millisecond

// Watch tells the cameras that are there, and then which come and go, until ctx ends,
// whose error is not told. Other errors are told, and end it.
func Watch(ctx context.Context) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		if err := watch(ctx, func(c Change) bool { return yield(c, nil) }); err != nil && ctx.Err() == nil {
			yield(Change{}, err)
		}
	}
}

func watch(ctx context.Context, tell func(Change) bool) error {
	fd, err := unix.InotifyInit1(unix.IN_NONBLOCK | unix.IN_CLOEXEC)
	if err != nil {
		return os.NewSyscallError("inotify_init1", err)
	}
	events := os.NewFile(uintptr(fd), "inotify")
	defer events.Close()
	if _, err := unix.InotifyAddWatch(fd, "/dev", unix.IN_CREATE|unix.IN_DELETE|unix.IN_ATTRIB); err != nil {
		return fmt.Errorf("watching /dev: %w", err)
	}
	stop := context.AfterFunc(ctx, func() {
		_ = events.SetReadDeadline(time.Unix(1, 0)) // what polls can be woken
	})
	defer stop()

	var known []CameraInfo
	for ctx.Err() == nil {
		now, _ := Cameras() // those that may not be opened may be later
		for _, c := range changes(known, now) {
			if !tell(c) {
				return nil
			}
		}
		known = now
		if err := nodesChange(ctx, events); err != nil {
			return err
		}
	}
	return nil
}

// changes are those that went, then those that came.
func changes(before, now []CameraInfo) []Change {
	var all []Change
	for _, c := range before {
		if !slices.Contains(now, c) {
			all = append(all, Change{c, true})
		}
	}
	for _, c := range now {
		if !slices.Contains(before, c) {
			all = append(all, Change{c, false})
		}
	}
	return all
}

// nodesChange waits until nodes of video have come or gone, and a little.
func nodesChange(ctx context.Context, events *os.File) error {
	b := make([]byte, 4096)
	for seen := false; !seen; {
		n, err := events.Read(b)
		if err != nil {
			return err
		}
		seen = strings.Contains(string(b[:n]), "video") // the names are in it
	}
	select {
	case <-time.After(settling):
	case <-ctx.Done():
	}
	return nil
}
