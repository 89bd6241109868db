package camera

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/eiengine/eiengine/capture/v4l2"
)

// Options are what a program would like. The zero value is the first camera at about 640x480
// and 30 pictures a second, in whichever encoding is cheapest to read.
type Options struct {
	// Device is a node such as /dev/video0, an identity (v4l2.CameraInfo.ID), or a part of
	// a camera's name. Empty is the first camera.
	Device string
	// Width and Height are in pixels. If only one is given the other does not matter.
	Width, Height int
	// FPS is pictures a second; 30 if 0.
	FPS float64
	// FourCC allows one encoding only, which may be one that Frame.Picture cannot read, such
	// as v4l2.H264.
	FourCC v4l2.FourCC
	// Stall is how long to wait for a picture before ErrStalled; 2 s if 0, and at least
	// three pictures' time. Before the first picture it is five seconds at least.
	Stall time.Duration
	// Buffers is how many the driver is asked for, 6 if 0. All but two may be held at a time.
	Buffers int
}

// Errors of this package; those of v4l2 say what happened to a camera.
var (
	// ErrClosed says that Close was called.
	ErrClosed = errors.New("the camera was closed")
	// ErrNoFormat says that the camera gives no pictures that can be read.
	ErrNoFormat = errors.New("no format that can be read")
)

const (
	usualWidth, usualHeight = 640, 480
	usualFPS                = 30
	usualStall              = 2 * time.Second
)

func (o Options) filled() Options {
	if o.Width <= 0 && o.Height <= 0 {
		o.Width, o.Height = usualWidth, usualHeight
	}
	if o.FPS <= 0 {
		o.FPS = usualFPS
	}
	if o.Stall <= 0 {
		o.Stall = usualStall
	}
	return o
}

// find gives the node of the camera that is meant.
func find(name string) (string, error) {
	if strings.HasPrefix(name, "/") {
		return name, nil
	}
	all, problem := v4l2.Cameras()
	for _, c := range all {
		if name == "" || name == c.ID || strings.Contains(strings.ToLower(c.Name), strings.ToLower(name)) {
			return c.Path, nil
		}
	}
	var present []string
	for _, c := range all {
		present = append(present, fmt.Sprintf("%s %q %s", c.Path, c.Name, c.ID))
	}
	switch {
	case len(present) > 0:
		missing := fmt.Errorf("%w: %q; there is %s", v4l2.ErrNotFound, name, strings.Join(present, ", "))
		return "", errors.Join(missing, problem)
	case problem != nil:
		return "", problem
	}
	return "", fmt.Errorf("%w: none is connected; in a container, pass it in with --device /dev/video0", v4l2.ErrNotFound)
}
