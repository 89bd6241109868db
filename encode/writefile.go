package encode

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// openForWriting opens a file that is cut to nothing, or appended to.
func openForWriting(name string, flags int) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|flags, 0o666)
	if err != nil {
		return nil, explain(name, err)
	}
	return f, nil
}

// explain says what can be done about a file that cannot be written.
func explain(name string, err error) error {
	var remedy string
	switch dir := filepath.Dir(name); {
	case errors.Is(err, fs.ErrNotExist):
		remedy = fmt.Sprintf("create the directory %s first", dir)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		remedy = "choose a location that this user may write"
	case errors.Is(err, syscall.EISDIR):
		remedy = "give the name of a file in that directory"
	case errors.Is(err, syscall.ENOTDIR):
		remedy = "a part of the location is a file, not a directory"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		remedy = "make room there or choose another location"
	default:
		return fmt.Errorf("could not write %q: %w", name, err)
	}
	return fmt.Errorf("could not write %q: %w: %s", name, cause(err), remedy)
}

// cause is the error without the operation and the path, which are told already.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
