package v4l2

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"golang.org/x/sys/unix"
)

// What a stream can suffer. Errors of [Camera.Next] wrap one of these.
var (
	// ErrStalled says that no picture came in time; the camera may still go on.
	ErrStalled = errors.New("no picture in time")
	// ErrGone says that the camera was unplugged.
	ErrGone = errors.New("the camera is gone")
	// ErrBroken says that the driver gave the stream up.
	ErrBroken = errors.New("the driver gave up")
	// ErrInUse says that somebody captures from the camera, or holds frames of its last stream.
	ErrInUse = errors.New("in use")
	// ErrStopped says that the camera is not capturing.
	ErrStopped = errors.New("not capturing: call Start")
	// ErrNotCamera says that a node captures no pictures.
	ErrNotCamera = errors.New("captures no pictures")
	// ErrNotFound says that no camera has that identity.
	ErrNotFound = errors.New("no such camera")
)

// failed says what was attempted on which node.
func (d *Camera) failed(what string, err error) error {
	if errors.Is(err, unix.ENODEV) {
		return fmt.Errorf("%s: %s: %w", d.info.Path, what, ErrGone)
	}
	return fmt.Errorf("%s: %s: %w", d.info.Path, what, err)
}

// refused is failed for what only one may do at a time.
func (d *Camera) refused(what string, err error) error {
	if errors.Is(err, unix.EBUSY) {
		return fmt.Errorf("%s: %s: %w (%w): end the program that captures from it (fuser -v %s names it)", d.info.Path, what, ErrInUse, err, d.info.Path)
	}
	return d.failed(what, err)
}

// openError says what to do about a node that could not be opened.
func openError(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, unix.ENXIO), errors.Is(err, unix.ENODEV):
		return fmt.Errorf("no camera at %s: %w: %s", path, err, present())
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s may not be opened: %w: add yourself to its group (usermod -aG video NAME, and log in anew)", path, err)
	case errors.Is(err, unix.EBUSY):
		return fmt.Errorf("%s is in use: %w: end the other program (fuser -v %s names it)", path, err, path)
	}
	return fmt.Errorf("could not open %s: %w: %s", path, err, present())
}

// present lists the cameras that there are, for error messages.
func present() string {
	all, _ := Cameras()
	if len(all) == 0 {
		return "no camera is connected; in a container, pass it in with --device /dev/video0"
	}
	var words []string
	for _, c := range all {
		words = append(words, fmt.Sprintf("%s (%s)", c.Path, c.Name))
	}
	return "there is " + strings.Join(words, ", ")
}
