//go:build !linux || (!amd64 && !arm64) || nodlopen

package jpeg

import (
	"errors"

	"github.com/eiengine/eiengine/frames"
)

var errNoLibrary = errors.New("this build cannot open libturbojpeg: build for Linux on amd64 or arm64 and without -tags nodlopen")

type library struct{ name string }

func findLibrary() (*library, error) { return nil, errNoLibrary }

type turboDecoder struct{}

func (*turboDecoder) forget() {}

func (*turboDecoder) decodePlanes(*library, planes, []byte) error { return errNoLibrary }

func (*turboDecoder) decodeRGB(*library, *frames.Picture, []byte) error { return errNoLibrary }

type turboEncoder struct{}

func (*turboEncoder) encodePlanes(*library, planes, int, int, int) ([]byte, error) {
	return nil, errNoLibrary
}

func (*turboEncoder) encodeRGB(*library, *frames.Picture, int) ([]byte, error) {
	return nil, errNoLibrary
}
