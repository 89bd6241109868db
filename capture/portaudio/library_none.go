//go:build !(cgo && portaudio) && (!linux || (!amd64 && !arm64) || nodlopen)

package portaudio

import (
	"errors"
	"fmt"
)

// backend is how this build reaches PortAudio.
const backend = "not built in"

var errNotBuiltIn = errors.New("this program was built without opening libraries at run time")

type library struct{}

func load() (*library, error) { return nil, fmt.Errorf("%w: %w", ErrNoLibrary, errNotBuiltIn) }

func (*library) version() string                      { return "" }
func (*library) begin() error                         { return errNotBuiltIn }
func (*library) end() error                           { return errNotBuiltIn }
func (*library) devices() ([]Device, error)           { return nil, errNotBuiltIn }
func (*library) supports(*streamOptions) error        { return errNotBuiltIn }
func (*library) open(*streamOptions) (*stream, error) { return nil, errNotBuiltIn }

type stream struct{}

func (*stream) start() error     { return errNotBuiltIn }
func (*stream) stop() error      { return errNotBuiltIn }
func (*stream) abort() error     { return errNotBuiltIn }
func (*stream) close() error     { return errNotBuiltIn }
func (*stream) read() error      { return errNotBuiltIn }
func (*stream) write(int) error  { return errNotBuiltIn }
func (*stream) available() int   { return 0 }
func (*stream) latency() float64 { return 0 }
