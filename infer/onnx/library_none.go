//go:build !linux || (!amd64 && !arm64) || nodlopen

package onnx

import "errors"

var errNoLibrary = errors.New("this build cannot open ONNX Runtime: build for Linux on amd64 or arm64 and without -tags nodlopen")

type session struct{}

func openSession(string, Options) (*session, error) { return nil, errNoLibrary }

func (*session) inputs() []tensorInfo  { return nil }
func (*session) outputs() []tensorInfo { return nil }
func (*session) close()                {}

func (*session) run(*inputs, int, []int64, *interrupt, []tensor) error { return errNoLibrary }

type interrupt struct{}

func (*session) newInterrupt() (*interrupt, error) { return nil, errNoLibrary }
func (*interrupt) now() error                      { return nil }
func (*interrupt) reset() error                    { return nil }
func (*interrupt) close()                          {}

// Probe says why ONNX Runtime cannot be used.
func Probe(string) (version string, err error) { return "", errNoLibrary }
