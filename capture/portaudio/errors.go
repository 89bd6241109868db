package portaudio

import (
	"errors"
	"fmt"
)

// ErrNoLibrary means that PortAudio's library could not be opened.
var ErrNoLibrary = errors.New("libportaudio.so.2 cannot be opened: install it (apt-get install libportaudio2)")

// Error is a failure of a call to PortAudio.
type Error struct {
	Device string
	Doing  string // such as "open"
	// Code is PortAudio's number of the error, such as -9985 for a device that is not
	// available; 0 if the failure is not PortAudio's own.
	Code int
	Text string // what PortAudio calls it
}

// Error implements error.
func (e *Error) Error() string {
	device := "PortAudio"
	if e.Device != "" {
		device = fmt.Sprintf("PortAudio device %q", e.Device)
	}
	return fmt.Sprintf("%s: cannot %s: %s%s", device, e.Doing, e.Text, e.remedy())
}

// remedy says what can be done about a device that does not open.
func (e *Error) remedy() string {
	switch e.Code {
	case codeDeviceUnavailable:
		return " (another program may have it: end that, or use a device that several can share, such as default)"
	case codeInvalidChannelCount, codeInvalidSampleRate, codeFormatNotSupported:
		return " (put audioconvert ! audioresample beside it, or use a device that converts, such as default)"
	}
	return ""
}

// PortAudio's numbers of errors.
const (
	codeHostError           = -9999
	codeInvalidChannelCount = -9998
	codeInvalidSampleRate   = -9997
	codeFormatNotSupported  = -9994
	codeDeviceUnavailable   = -9985
	codeInputOverflowed     = -9981
	codeOutputUnderflowed   = -9980
)

// callError is a call to the library that failed.
type callError struct {
	code int
	text string
}

func (e *callError) Error() string { return e.text }

// failedWith reports whether an error is the library's of that number.
func failedWith(err error, code int) bool {
	var e *callError
	return errors.As(err, &e) && e.code == code
}
