package capture

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/filepattern"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "imagesequencesrc", LongName: "Image Sequence Source", Class: "Source/File/Video",
		Description: "Reads a folder of pictures as a video, each file as one frame",
		Pads:        []eiengine.PadTemplate{eiengine.SrcPad(frames.AnyCaps())},
		New:         func() eiengine.Element { return new(imageSequenceSrc) },
	})
}

type imageSequenceProps struct {
	eiengine.SourceProps
	BlockSize  uint            `prop:"blocksize" default:"4096" doc:"Accepted without effect: a frame is a file"`
	Location   string          `prop:"location" null:"null" doc:"Names of the files, with a printf format for the index, or, unlike GStreamer's, with * and ? for any, which are read by name"`
	Framerate  frames.Fraction `prop:"framerate" default:"30/1" min:"1/1" max:"2147483647/1" doc:"Pictures per second"`
	StartIndex int             `prop:"start-index" min:"0" max:"2147483647" doc:"Index of the first file; of files by name the first one is 0"`
	StopIndex  int             `prop:"stop-index" default:"-1" min:"-1" max:"2147483647" doc:"Index of the last file, -1 for the last one that there is"`
	Loop       bool            `prop:"loop,live" doc:"Begin again after the last file, with times that go on. GStreamer has no such property"`
}

// imageSequenceSrc counts its files when it starts.
type imageSequenceSrc struct {
	eiengine.Settings[imageSequenceProps]
	extent
	name   func(n int64) string // of the file that is nth of all, from 0
	files  int64
	format *frames.Format
	stop   time.Duration // where a seek wants the end, 0 for nowhere
	seq    int64
}

// SourceSettings implements eiengine.SourceSettings.
func (s *imageSequenceSrc) SourceSettings() eiengine.SourceProps { return s.Load().SourceProps }

// LateFormat implements eiengine.LateFormat: the first file tells.
func (s *imageSequenceSrc) LateFormat() {}

// Start implements eiengine.Starter.
func (s *imageSequenceSrc) Start(*eiengine.Ctx) error {
	p := s.Load()
	s.seq, s.stop, s.format = 0, 0, nil
	if err := s.find(p); err != nil {
		return err
	}
	switch {
	case p.Framerate.Num < p.Framerate.Den:
		return fmt.Errorf("framerate %s is less than 1/1: set a larger one, and slow the stream down by videorate rate=0.1", p.Framerate)
	case s.files == 0:
		return fmt.Errorf("there is no file %q: check the spelling of location, the directory you are in, and start-index", s.name(0))
	case p.Loop:
		s.known(frames.NoTime)
	default:
		s.known(p.Framerate.Time(s.files))
	}
	return nil
}

// Stop implements eiengine.Starter.
func (s *imageSequenceSrc) Stop(*eiengine.Ctx) error { return nil }

// find counts the files and says how they are called.
func (s *imageSequenceSrc) find(p *imageSequenceProps) error {
	if p.StopIndex >= 0 && p.StopIndex < p.StartIndex {
		return fmt.Errorf("stop-index %d is less than start-index %d: no file is left to read", p.StopIndex, p.StartIndex)
	}
	names, err := filepattern.Parse(p.Location)
	if strings.ContainsAny(p.Location, "*?") || strings.Contains(p.Location, "[") && !names.Numbered {
		return s.findByName(p)
	}
	if err != nil {
		return err
	}
	s.name = func(n int64) string { return names.Name(p.StartIndex + int(n)) }
	s.files = 1
	if names.Numbered {
		s.files = 0
		for p.StopIndex < 0 || int64(p.StopIndex-p.StartIndex) >= s.files {
			if _, err := os.Stat(s.name(s.files)); err != nil {
				break
			}
			s.files++
		}
	}
	return nil
}

func (s *imageSequenceSrc) findByName(p *imageSequenceProps) error {
	list, err := filepath.Glob(p.Location)
	if err != nil {
		return fmt.Errorf("location %q: %w: write * for any name, as in dir/*.jpg", p.Location, err)
	}
	s.name = func(int64) string { return p.Location }
	list = list[min(p.StartIndex, len(list)):]
	if p.StopIndex >= 0 {
		list = list[:min(p.StopIndex-p.StartIndex+1, len(list))]
	}
	if s.files = int64(len(list)); s.files > 0 {
		s.name = func(n int64) string { return list[n] }
	}
	return nil
}

// Seek implements eiengine.Seeker.
func (s *imageSequenceSrc) Seek(_ *eiengine.Ctx, to *eiengine.SeekEvent) (was time.Duration, err error) {
	fps := s.Load().Framerate
	was = s.time(s.seq)
	s.seq, s.stop = fps.Count(to.Position), to.Stop
	if to.KeyUnit {
		to.Position = s.time(s.seq)
	}
	return was, nil
}

// time is when a frame begins. As GStreamer's, it is rounded up.
func (s *imageSequenceSrc) time(n int64) time.Duration {
	fps := s.Load().Framerate
	num := int64(fps.Num)
	if n%num*(int64(time.Second)*int64(fps.Den)%num)%num == 0 {
		return fps.Time(n)
	}
	return fps.Time(n) + 1
}

// Read implements eiengine.Source.
func (s *imageSequenceSrc) Read(c *eiengine.Ctx) error {
	p := s.Load()
	pts := s.time(s.seq)
	if p.NumBuffers >= 0 && s.seq >= int64(p.NumBuffers) || s.stop > 0 && pts >= s.stop || s.seq >= s.files && !p.Loop {
		return io.EOF
	}
	f, err := s.load(c, s.name(s.seq%s.files))
	switch {
	case errors.Is(err, eiengine.ErrFlushing), errors.Is(err, eiengine.ErrNotNegotiated):
		return err
	case err != nil:
		return eiengine.Fatal(err)
	}
	f.PTS, f.Duration = pts, p.Framerate.Time(1)
	f.Seq, f.Mono = uint64(s.seq), c.Now()
	if p.DoTimestamp {
		f.PTS = c.Running()
	}
	s.seq++
	return c.Push(0, f)
}

// load reads a file into a frame; the first one tells what all are.
func (s *imageSequenceSrc) load(c *eiengine.Ctx, name string) (*frames.Frame, error) {
	f, err := wholeFile(c, name, frames.Untyped)
	if err != nil {
		return nil, err
	}
	if s.format == nil {
		if s.format, err = s.formatOf(name, f.Bytes()); err == nil {
			err = c.SetFormat(0, s.format)
		}
		if err != nil {
			f.Release()
			return nil, err
		}
	}
	f.Format = s.format
	return f, nil
}

// formatOf is the format of files that begin as the one of that name, with head.
func (s *imageSequenceSrc) formatOf(name string, head []byte) (*frames.Format, error) {
	media, _ := findType(head)
	if media == "" {
		return nil, fmt.Errorf("reading %q: this is no picture: %s; let location name pictures only", name, describeHead(head))
	}
	return frames.NewFormat(frames.NewCaps(frames.Structure{Media: media, Fields: []frames.Field{{Name: "framerate", Value: s.Load().Framerate}}}))
}
