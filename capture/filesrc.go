package capture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "filesrc", LongName: "File Source", Class: "Source/File",
		Description: "Reads a file as bytes, whatever they are",
		Pads:        []eiengine.PadTemplate{eiengine.SrcPad(frames.AnyCaps())},
		New:         func() eiengine.Element { return new(fileSrc) },
		Rank:        256,
	})
}

type fileSrcProps struct {
	eiengine.SourceProps
	Location  string `prop:"location" doc:"The file to read"`
	BlockSize uint   `prop:"blocksize" default:"4096" doc:"Bytes per buffer, -1 for the default"`
	Loop      bool   `prop:"loop,live" doc:"Begin again after the last byte; wavparse and gdpdepay have the times go on. GStreamer has no such property"`
}

// defaultBlock is used for -1 and 0, which would mean no progress.
const defaultBlock = 4096

// maxBlock bounds what one buffer may ask of the memory budget.
const maxBlock = 1 << 30

// fileSrc reads a file from its beginning each time data starts to flow.
type fileSrc struct {
	eiengine.Settings[fileSrcProps]
	file    *os.File
	regular bool
	size    atomic.Int64 // of a regular file, otherwise -1
	offset  int64
	seq     uint64
	limit   int64 // where num-buffers ends once somebody seeks, -1 for nowhere
	again   bool  // the next buffer begins another round
}

// SourceSettings implements eiengine.SourceSettings.
func (s *fileSrc) SourceSettings() eiengine.SourceProps { return s.Load().SourceProps }

// LateFormat implements eiengine.LateFormat: what follows must look at the bytes,
// rather than believe that a file is what it can take.
func (s *fileSrc) LateFormat() {}

// Open implements eiengine.Opener.
func (s *fileSrc) Open(*eiengine.Ctx) error {
	name := s.Load().Location
	if name == "" {
		return errors.New("no file name: set location to the file to read")
	}
	// Without O_NONBLOCK a pipe nobody writes to would hold the pipeline up.
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return openError(name, err)
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%q is a directory: set location to a file in it", name)
	}
	if err != nil {
		return errors.Join(err, f.Close())
	}
	s.file, s.regular = f, info.Mode().IsRegular()
	s.size.Store(-1)
	if s.regular {
		s.size.Store(info.Size())
	}
	return nil
}

func openError(name string, err error) error {
	remedy := "check location"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		remedy = "check the spelling of location, and the directory you are in"
	case errors.Is(err, fs.ErrPermission):
		remedy = "give the user who runs this the right to read it"
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err // the name is told already
	}
	return fmt.Errorf("could not open file %q for reading: %w: %s", name, err, remedy)
}

// Close implements eiengine.Opener.
func (s *fileSrc) Close(*eiengine.Ctx) error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	s.file = nil
	return err
}

// Start implements eiengine.Starter.
func (s *fileSrc) Start(*eiengine.Ctx) error {
	s.offset, s.seq, s.limit, s.again = 0, 0, -1, false
	if !s.regular {
		return nil
	}
	_, err := s.file.Seek(0, io.SeekStart)
	return err
}

// Stop implements eiengine.Starter.
func (s *fileSrc) Stop(*eiengine.Ctx) error { return nil }

// SeekSize implements eiengine.ByteSeeker.
func (s *fileSrc) SeekSize() (int64, error) {
	size := s.size.Load()
	if size < 0 {
		return -1, fmt.Errorf("%q is no regular file, which is read once from its beginning: save it to a file to seek in it", s.Load().Location)
	}
	return size, nil
}

// SeekByte implements eiengine.ByteSeeker.
func (s *fileSrc) SeekByte(_ *eiengine.Ctx, offset int64) error {
	if _, err := s.file.Seek(offset, io.SeekStart); err != nil {
		return fmt.Errorf("going to byte %d of %q: %w: check the disk", offset, s.Load().Location, err)
	}
	p := s.Load()
	if p.NumBuffers >= 0 {
		s.limit = int64(p.NumBuffers) * int64(p.block())
	}
	s.offset, s.again = offset, false
	return nil
}

// block is the size of a buffer.
func (p *fileSrcProps) block() int {
	if p.BlockSize == 0 || p.BlockSize == math.MaxUint32 {
		return defaultBlock
	}
	return int(p.BlockSize)
}

// Read implements eiengine.Source.
func (s *fileSrc) Read(c *eiengine.Ctx) error {
	p := s.Load()
	size := p.block()
	if s.limit >= 0 {
		if size = int(min(int64(size), s.limit-s.offset)); size <= 0 {
			return io.EOF
		}
	}
	if size > maxBlock {
		return eiengine.Fatal(fmt.Errorf("blocksize %d is more than %d: set a smaller one", size, maxBlock))
	}
	if s.seq == 0 {
		if err := c.SetFormat(0, frames.Untyped); err != nil {
			return err
		}
	}
	f, err := c.NewBuffer(frames.Untyped, size)
	if err != nil {
		return err
	}
	n, err := s.read(c.Context(), f.Bytes())
	if n == 0 {
		f.Release()
		switch {
		case errors.Is(err, io.EOF) && p.Loop && s.offset > 0:
			return s.rewind(p)
		case err != nil && !errors.Is(err, io.EOF):
			return eiengine.Fatal(fmt.Errorf("reading %q at byte %d: %w: check the disk", p.Location, s.offset, err))
		}
		return err
	}
	s.offset += int64(n)
	f.Truncate(n)
	f.Seq, f.Mono = s.seq, c.Now()
	if s.again {
		f.Flags, s.again = frames.Discont, false
	}
	if p.DoTimestamp {
		f.PTS = c.Running()
	}
	s.seq++
	return c.Push(0, f)
}

// rewind goes back to the beginning of the file.
func (s *fileSrc) rewind(p *fileSrcProps) error {
	if !s.regular {
		return eiengine.Fatal(fmt.Errorf("%q is no regular file, which is read only once: set loop=false, or save it to a file", p.Location))
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return eiengine.Fatal(fmt.Errorf("going back to the beginning of %q: %w: check the disk", p.Location, err))
	}
	if s.limit >= 0 {
		s.limit -= s.offset
	}
	s.offset, s.again = 0, true
	return nil
}

// read reads once; a pipe or device is let go when ctx ends.
func (s *fileSrc) read(ctx context.Context, b []byte) (int, error) {
	if s.regular {
		return s.file.Read(b)
	}
	if err := s.file.SetReadDeadline(time.Time{}); err == nil {
		stop := context.AfterFunc(ctx, func() {
			// It could be set a line above, so it can be set here.
			_ = s.file.SetReadDeadline(time.Unix(1, 0))
		})
		defer stop()
	}
	n, err := s.file.Read(b)
	if n == 0 && ctx.Err() != nil {
		return 0, eiengine.ErrFlushing
	}
	return n, err
}
