package encode

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "filesink", LongName: "File Sink", Class: "Sink/File", Rank: 256,
		Description: "Writes all frames into one file, one after the other",
		Pads:        []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps())},
		New:         func() eiengine.Element { return new(filesink) },
	})
}

// bufferMode says when bytes go to the file.
type bufferMode int

const (
	bufferDefault    bufferMode = -1 + iota
	bufferFull                  // when the buffer is full
	bufferLine                  // after each frame with the end of a line
	bufferUnbuffered            // after each frame
)

// EnumValues implements eiengine.Enum.
func (bufferMode) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{
		{Value: int(bufferDefault), Nick: "default", Name: "Default buffering"},
		{Value: int(bufferFull), Nick: "full", Name: "Fully buffered"},
		{Value: int(bufferLine), Nick: "line", Name: "Line buffered"},
		{Value: int(bufferUnbuffered), Nick: "unbuffered", Name: "Unbuffered"},
	}
}

type filesinkProps struct {
	eiengine.SinkProps
	Sync       bool       `prop:"sync,live" doc:"Write frames when they are due by the pipeline's clock"`
	Location   string     `prop:"location" null:"null" doc:"The file to write"`
	Append     bool       `prop:"append" doc:"Add to a file that is there already instead of replacing it"`
	BufferMode bufferMode `prop:"buffer-mode" default:"default" doc:"When bytes go to the file"`
	BufferSize uint       `prop:"buffer-size" default:"65536" doc:"Bytes that are gathered before they go to the file"`
	Patience   int        `prop:"max-transient-error-timeout" min:"0" doc:"Milliseconds to go on trying when a write is denied, as network file systems do for a moment"`
	OSync      bool       `prop:"o-sync" doc:"Have each write wait for the disk"`
}

// filesink writes through a buffer, which is emptied at the end of the stream
// and when the pipeline stops.
type filesink struct {
	eiengine.Settings[filesinkProps]
	file    *os.File
	out     *bufio.Writer
	scratch []byte
}

// Rendering implements eiengine.Renderer.
func (s *filesink) Rendering() eiengine.Rendering {
	p := s.Load()
	return p.Rendering(p.Sync)
}

// Open implements eiengine.Opener.
func (s *filesink) Open(c *eiengine.Ctx) (err error) {
	p := s.Load()
	if p.Location == "" {
		return errors.New("location is not set: give the file to write, such as location=out.bin")
	}
	flags := os.O_TRUNC
	if p.Append {
		flags = os.O_APPEND
	}
	if p.OSync {
		flags |= os.O_SYNC
	}
	if s.file, err = openForWriting(p.Location, flags); err != nil {
		return err
	}
	patient := &patientWriter{ctx: c.Context(), to: s.file, patience: time.Duration(p.Patience) * time.Millisecond}
	s.out = bufio.NewWriterSize(patient, int(min(p.BufferSize, maxBuffer)))
	return nil
}

// maxBuffer bounds buffer-size; larger writes bring nothing.
const maxBuffer = 1 << 26

// PropertyChanged implements eiengine.PropertyWatcher.
func (s *filesink) PropertyChanged(_ *eiengine.Ctx, name string) error {
	switch name {
	case "location", "append", "buffer-mode", "buffer-size", "o-sync", "max-transient-error-timeout":
		return fmt.Errorf("%s was set while %q is open: it counts from the next start on; stop the pipeline to null first", name, s.file.Name())
	}
	return nil
}

// Process implements eiengine.Filter.
func (s *filesink) Process(_ *eiengine.Ctx, in *frames.Frame) error {
	defer in.Release()
	data := in.Contiguous(&s.scratch)
	_, err := s.out.Write(data)
	if mode := s.Load().BufferMode; err == nil && (mode == bufferUnbuffered || mode == bufferLine && bytes.IndexByte(data, '\n') >= 0) {
		err = s.out.Flush()
	}
	if err != nil {
		return s.failed(err)
	}
	return nil
}

// failed ends the pipeline: with a hole in it the file is of no use.
func (s *filesink) failed(err error) error { return eiengine.Fatal(explain(s.file.Name(), err)) }

// Drain implements eiengine.Drainer.
func (s *filesink) Drain(*eiengine.Ctx) error {
	if err := s.out.Flush(); err != nil {
		return s.failed(err)
	}
	return nil
}

// Start implements eiengine.Starter.
func (s *filesink) Start(*eiengine.Ctx) error { return nil }

// Stop implements eiengine.Starter. What arrived is written also when the stream
// did not end.
func (s *filesink) Stop(c *eiengine.Ctx) error { return s.Drain(c) }

// Close implements eiengine.Opener.
func (s *filesink) Close(*eiengine.Ctx) error {
	if err := s.file.Close(); err != nil {
		return explain(s.file.Name(), err)
	}
	return nil
}
