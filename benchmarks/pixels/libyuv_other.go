//go:build !linux || (!amd64 && !arm64) || nodlopen

package main

import (
	"errors"

	"github.com/eiengine/eiengine/frames"
)

type libyuv struct{}

func openLibyuv() (*libyuv, error) {
	return nil, errors.New("it is opened on linux, amd64 and arm64, without the build tag nodlopen")
}

func (*libyuv) chain(pair, *frames.Picture, *frames.Picture) (func(), error) { return nil, nil }

func (*libyuv) scale(scaling, *frames.Picture, *frames.Picture) (func(), error) { return nil, nil }
