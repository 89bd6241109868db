package pcm

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/sys/unix"
)

var (
	// ErrNoLibrary means that ALSA's library could not be opened.
	ErrNoLibrary = errors.New("libasound.so.2 cannot be opened: install libasound2 (Debian 13 on: libasound2t64)")
	// ErrGone means that the device has vanished: unplugged, or its server ended.
	ErrGone = errors.New("the sound device is gone")
	// ErrStalled means that the device has neither delivered nor taken a sample for
	// a second, though it should have.
	ErrStalled = errors.New("the sound device stands still")
)

// Error is a failure of a call to ALSA.
type Error struct {
	Device string
	Doing  string // such as "open"
	Errno  unix.Errno
	Text   string // what ALSA calls it
	Remedy string // what can be done about it, empty if nothing is known
}

// Error implements error.
func (e *Error) Error() string {
	text := fmt.Sprintf("sound device %q: cannot %s: %s", e.Device, e.Doing, e.Text)
	if e.Remedy != "" {
		text += " (" + e.Remedy + ")"
	}
	return text
}

// Unwrap lets errors.Is find the number, and ErrGone where it means that.
func (e *Error) Unwrap() []error {
	if gone(e.Errno) && e.Doing != doingOpen {
		return []error{e.Errno, ErrGone}
	}
	return []error{e.Errno}
}

const doingOpen = "open"

// gone reports whether a stream that has run cannot go on: the device was unplugged,
// the handle is void, or the server behind it ended.
func gone(errno unix.Errno) bool {
	switch errno {
	case unix.ENODEV, unix.ENXIO, unix.EBADF, unix.EIO, unix.ENOTTY, unix.ENOENT, unix.ETIMEDOUT:
		return true
	}
	return false
}

// remedy says what can be done about a device that does not open.
func remedy(device string, direction Direction, errno unix.Errno) string {
	switch errno {
	case unix.EBUSY:
		who := "another program has it: end that"
		if d, ok := Find(device); ok {
			if by := running.holders(&d, direction); by != "" {
				who = "it is in use by " + by + ": end that"
			}
		}
		return who + ", or use a device that several can share, such as default or dsnoop"
	case unix.ETIMEDOUT:
		return "it does not answer: start its sound server anew, or name a card"
	case unix.EACCES, unix.EPERM:
		return "add yourself to the group audio: usermod -aG audio NAME, and log in anew"
	case unix.ENOENT, unix.ENODEV, unix.ENXIO, unix.EINVAL:
		return present(direction)
	}
	return ""
}

// present lists what there is.
func present(direction Direction) string {
	all, err := Devices()
	if err != nil {
		return err.Error()
	}
	does := map[Direction]string{Capture: "record", Playback: "play"}[direction]
	var names []string
	for _, d := range all {
		if d.does(direction) {
			names = append(names, d.Name)
		}
	}
	if len(names) == 0 {
		return "there is none that can " + does
	}
	return "those that can " + does + ": " + strings.Join(names, " ")
}
