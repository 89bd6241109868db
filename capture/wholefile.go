package capture

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// wholeFile reads a file into a frame of the format. Errors name the file.
func wholeFile(c *eiengine.Ctx, name string, format *frames.Format) (*frames.Frame, error) {
	// Not blocking, so that a pipe opens at once, whether or not somebody writes to it.
	file, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, openError(name, err)
	}
	f, err := contents(c, file, format)
	if closed := file.Close(); err == nil && closed != nil {
		f.Release()
		err = closed
	}
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w", name, err)
	}
	return f, nil
}

func contents(c *eiengine.Ctx, file *os.File, format *frames.Format) (*frames.Frame, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	size := info.Size()
	want := int64(format.FrameSize())
	switch {
	case !info.Mode().IsRegular():
		return nil, errors.New("this is no regular file: let location name files only")
	case size == 0:
		return nil, errors.New("the file is empty, 0 bytes: check that it was written")
	case want > 0 && size != want:
		return nil, fmt.Errorf("the file has %d bytes, but a frame of %s has %d: let caps say what the file holds", size, format, want)
	case size > maxBlock:
		return nil, fmt.Errorf("the file has %d bytes, more than the %d that one frame may have: read it with filesrc", size, maxBlock)
	}
	f, err := c.NewBuffer(format, int(size))
	if err != nil {
		return nil, err
	}
	if _, err := io.ReadFull(file, f.Bytes()); err != nil {
		f.Release()
		return nil, err
	}
	return f, nil
}
