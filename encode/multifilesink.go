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
		Description: "Writes a stream into numbered files, by default each frame into one of its own",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps())},
		New:         func() eiengine.Element { return new(multifilesink) },
	})
}

// nextFile says when a new file begins.
type nextFile int

const (
	nextBuffer nextFile = iota
	nextDiscont
	nextKeyFrame
	nextKeyUnitEvent
	nextMaxSize
	nextMaxDuration
)

// EnumValues implements eiengine.Enum.
func (nextFile) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(nextBuffer), Nick: "buffer", Name: "New file for each buffer"},
		{Value: int(nextDiscont), Nick: "discont", Name: "New file after each discontinuity"},
		{Value: int(nextKeyFrame), Nick: "key-frame", Name: "New file at each key frame (Useful for MPEG-TS segmenting)"},
		{Value: int(nextKeyUnitEvent), Nick: "key-unit-event", Name: "New file after a force key unit event"},
		{Value: int(nextMaxSize), Nick: "max-size", Name: "New file when the configured maximum file size would be exceeded with the next buffer or buffer list"},
		{Value: int(nextMaxDuration), Nick: "max-duration", Name: "New file when the configured maximum file duration would be exceeded with the next buffer or buffer list"},
	}
}

type multifilesinkProps struct {
	eiengine.SinkProps
	Sync                bool     `prop:"sync,live" doc:"Write frames when they are due by the pipeline's clock"`
	Location            string   `prop:"location" default:"%05d" doc:"Names of the files, with a printf format for the index"`
	Index               int      `prop:"index" min:"0" doc:"Index of the next file"`
	MaxFiles            uint     `prop:"max-files,live" doc:"Files to keep, the oldest is deleted first; 0 for all"`
	NextFile            nextFile `prop:"next-file" default:"buffer" doc:"When a new file begins; what a stream begins with, its headers, is at the beginning of each"`
	MaxFileSize         uint64   `prop:"max-file-size,live" default:"2147483648" doc:"With next-file=max-size, bytes that a file may have; one frame may be larger"`
	MaxFileDuration     uint64   `prop:"max-file-duration,live" default:"18446744073709551615" doc:"With next-file=max-duration, nanoseconds that a file may last"`
	MinKeyframeDistance uint64   `prop:"min-keyframe-distance,live" default:"10000000000" doc:"With next-file=key-frame, nanoseconds that a file lasts at least"`
	AggregateGOPs       bool     `prop:"aggregate-gops" doc:"Keep a frame that stands alone and those that follow from it together, as if they were one"`
	PostMessages        bool     `prop:"post-messages,live" doc:"Publish a message for each file"`
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
	group   []*frames.Frame
	part    part
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

// Start implements eiengine.Starter.
func (s *multifilesink) Start(*eiengine.Ctx) error {
	s.part = part{next: frames.NoTime}
	return nil
}

// Stop implements eiengine.Starter. What arrived is written also when the stream
// did not end.
func (s *multifilesink) Stop(c *eiengine.Ctx) error {
	err := s.finish(c)
	s.Flush(c)
	return err
}

// Flush implements eiengine.Flusher.
func (s *multifilesink) Flush(c *eiengine.Ctx) {
	for _, f := range s.group {
		c.Drop(f)
	}
	s.group = s.group[:0]
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
	if s.Load().AggregateGOPs {
		if in.Flags&frames.DeltaUnit == 0 {
			if err := s.writeGroup(c); err != nil {
				in.Release()
				return err
			}
		}
		s.group = append(s.group, in)
		return nil
	}
	s.group = append(s.group[:0], in)
	return s.writeGroup(c)
}

// HandleEvent implements eiengine.EventHandler.
func (s *multifilesink) HandleEvent(_ *eiengine.Ctx, e eiengine.Event) (handled bool, err error) {
	if custom, ok := e.(eiengine.CustomEvent); ok && custom.Name == "GstForceKeyUnit" && s.Load().NextFile == nextKeyUnitEvent {
		s.part.asked = true
	}
	return false, nil
}

// Drain implements eiengine.Drainer.
func (s *multifilesink) Drain(c *eiengine.Ctx) error {
	if err := s.writeGroup(c); err != nil {
		return err
	}
	return s.finish(c)
}

// writeGroup writes the frames that belong together and releases them.
func (s *multifilesink) writeGroup(c *eiengine.Ctx) error {
	defer func() {
		for _, f := range s.group {
			f.Release()
		}
		s.group = s.group[:0]
	}()
	if len(s.group) == 0 {
		return nil
	}
	p := s.Load()
	if s.part.file != nil && s.part.ends(p, s.group) {
		if err := s.finish(c); err != nil {
			return err
		}
	}
	if s.part.file == nil {
		if err := s.begin(c, p); err != nil {
			return err
		}
	}
	if err := s.part.write(s.group); err != nil {
		return eiengine.Fatal(explain(s.part.name, err))
	}
	if p.NextFile == nextBuffer {
		return s.finish(c)
	}
	return nil
}

// begin opens the next file.
func (s *multifilesink) begin(c *eiengine.Ctx, p *multifilesinkProps) error {
	if err := s.makeRoom(p.MaxFiles); err != nil {
		c.Warn(err)
	}
	name := s.names.Name(int(s.index.Load()))
	file, err := openForWriting(name, os.O_TRUNC)
	if err != nil {
		return eiengine.Fatal(err)
	}
	if err := s.part.begin(file, name, p.NextFile != nextBuffer); err != nil {
		return eiengine.Fatal(explain(name, err))
	}
	return nil
}

// finish closes the file under way, if there is one, before its name is told.
func (s *multifilesink) finish(c *eiengine.Ctx) error {
	if s.part.file == nil {
		return nil
	}
	file, name := s.part.file, s.part.name
	s.part.file = nil
	if err := file.Close(); err != nil {
		return eiengine.Fatal(explain(name, err))
	}
	p := s.Load()
	index := int(s.index.Add(1)) - 1
	if p.MaxFiles > 0 && s.names.Numbered {
		s.written = append(s.written, name)
	}
	if p.PostMessages {
		at := s.part.from
		c.Post(&FileWritten{Filename: name, Index: index, Timestamp: at, StreamTime: at, RunningTime: at, Duration: s.part.duration()})
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
