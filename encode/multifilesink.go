package encode

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/filepattern"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "multifilesink", LongName: "Multi-File Sink", Class: "Sink/File",
		Description: "Writes each frame into a file of its own",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps())},
		New:         func() eiengine.Element { return new(multifilesink) },
	})
}

// nextFile says when a new file begins.
type nextFile int

const nextBuffer nextFile = 0

// EnumValues implements eiengine.Enum.
func (nextFile) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{{Value: int(nextBuffer), Nick: "buffer", Name: "New file for each buffer"}}
}

type multifilesinkProps struct {
	eiengine.SinkProps
	Sync         bool     `prop:"sync,live" doc:"Write frames when they are due by the pipeline's clock"`
	Location     string   `prop:"location" default:"%05d" doc:"Names of the files, with a printf format for the index"`
	Index        int      `prop:"index" min:"0" doc:"Index of the next file"`
	MaxFiles     uint     `prop:"max-files,live" doc:"Files to keep, the oldest is deleted first; 0 for all"`
	NextFile     nextFile `prop:"next-file" default:"buffer" doc:"When a new file begins"`
	PostMessages bool     `prop:"post-messages,live" doc:"Publish a message for each file"`
}

// FileWritten is the message of a file that multifilesink has written. Times are
// in nanoseconds, -1 if unknown.
type FileWritten struct {
	Filename    string        `json:"filename"`
	Index       int           `json:"index"`
	Timestamp   time.Duration `json:"timestamp"`
	StreamTime  time.Duration `json:"stream-time"`
	RunningTime time.Duration `json:"running-time"`
	Duration    time.Duration `json:"duration"`
}

// StructureName implements bus.Payload; the name is GStreamer's.
func (*FileWritten) StructureName() string { return "GstMultiFileSink" }

type multifilesink struct {
	eiengine.Settings[multifilesinkProps]
	names   filepattern.Pattern
	index   atomic.Int64 // of the next file
	opened  atomic.Bool  // index counts, not the property
	written []string     // those that max-files may delete, oldest first
}

// Rendering implements eiengine.Renderer.
func (s *multifilesink) Rendering() eiengine.Rendering {
	p := s.Load()
	return p.Rendering(p.Sync)
}

// ReadProperty implements eiengine.PropertyReader.
func (s *multifilesink) ReadProperty(name string) (string, bool) {
	if name != "index" || !s.opened.Load() {
		return "", false
	}
	return strconv.FormatInt(s.index.Load(), 10), true
}

// Open implements eiengine.Opener. It finds mistakes before the first frame.
func (s *multifilesink) Open(*eiengine.Ctx) (err error) {
	p := s.Load()
	if s.names, err = filepattern.Parse(p.Location); err != nil {
		return err
	}
	first := s.names.Name(p.Index)
	dir := filepath.Dir(first)
	info, err := os.Stat(dir)
	if err != nil {
		return explain(first, err)
	}
	if !info.IsDir() {
		return fmt.Errorf("could not write %q: %s is not a directory", first, dir)
	}
	s.index.Store(int64(p.Index))
	s.opened.Store(true)
	s.written = nil
	return nil
}

// Close implements eiengine.Opener.
func (s *multifilesink) Close(*eiengine.Ctx) error {
	s.opened.Store(false)
	return nil
}

// PropertyChanged implements eiengine.PropertyWatcher.
func (s *multifilesink) PropertyChanged(c *eiengine.Ctx, name string) error {
	switch name {
	case "location", "index":
		return s.Open(c)
	}
	return nil
}

// Process implements eiengine.Filter.
func (s *multifilesink) Process(c *eiengine.Ctx, in *frames.Frame) error {
	defer in.Release()
	p := s.Load()
	if err := s.makeRoom(p.MaxFiles); err != nil {
		c.Warn(err)
	}
	index := int(s.index.Load())
	name := s.names.Name(index)
	if err := writeFile(name, in.Bytes()); err != nil {
		return eiengine.Fatal(err)
	}
	s.index.Add(1)
	if p.MaxFiles > 0 && s.names.Numbered {
		s.written = append(s.written, name)
	}
	if p.PostMessages {
		c.Post(&FileWritten{Filename: name, Index: index, Timestamp: in.PTS, StreamTime: in.PTS, RunningTime: in.PTS, Duration: in.Duration})
	}
	return nil
}

// makeRoom deletes the oldest files so that one more may be written.
func (s *multifilesink) makeRoom(limit uint) error {
	if limit == 0 {
		s.written = nil
		return nil
	}
	for uint(len(s.written)) >= limit {
		oldest := s.written[0]
		s.written = s.written[1:]
		if err := os.Remove(oldest); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("max-files=%d: could not delete %q: %w", limit, oldest, cause(err))
		}
	}
	return nil
}

// writeFile writes a whole file and closes it before its name is told.
func writeFile(name string, data []byte) error {
	f, err := openForWriting(name, os.O_TRUNC)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return explain(name, err)
	}
	return nil
}
