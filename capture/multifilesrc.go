package capture

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/filepattern"
)

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "multifilesrc", LongName: "Multi-File Source", Class: "Source/File",
		Description: "Reads numbered files, each as one frame",
		Pads:        []eiengine.PadTemplate{eiengine.SrcPad(frames.AnyCaps())},
		New:         func() eiengine.Element { return new(multiFileSrc) },
	})
}

type multiFileSrcProps struct {
	eiengine.SourceProps
	BlockSize  uint        `prop:"blocksize" default:"4096" doc:"Accepted without effect: a frame is a file"`
	Location   string      `prop:"location" default:"%05d" doc:"Names of the files, with a printf format for the index; a name without one is read again and again"`
	Caps       frames.Caps `prop:"caps" default:"ANY" doc:"What the files hold; ANY lets what follows look at the bytes. Where it has a framerate, files are timed by it"`
	Index      int         `prop:"index" min:"0" max:"2147483647" doc:"Index of the next file; the first is the larger one of index and start-index"`
	StartIndex int         `prop:"start-index" min:"0" max:"2147483647" doc:"Index to go back to when looping"`
	StopIndex  int         `prop:"stop-index" default:"-1" min:"-1" max:"2147483647" doc:"Index of the last file, -1 for the last one that there is"`
	Loop       bool        `prop:"loop,live" doc:"Begin again at start-index after the last file"`
}

// multiFileSrc reads one file a frame. The stream ends at stop-index, or where a
// file is missing after some were read.
type multiFileSrc struct {
	eiengine.Settings[multiFileSrcProps]
	extent
	names  filepattern.Pattern
	stop   time.Duration // where a seek wants the end, 0 for nowhere
	format *frames.Format
	fps    frames.Fraction
	index  atomic.Int64 // of the next file
	opened atomic.Bool  // index counts, not the property
	seq    uint64
	found  bool // a file was read since the stream, or the round, began
}

// SourceSettings implements eiengine.SourceSettings.
func (s *multiFileSrc) SourceSettings() eiengine.SourceProps { return s.Load().SourceProps }

// LateFormat implements eiengine.LateFormat: without caps, what follows must look
// at the bytes.
func (s *multiFileSrc) LateFormat() {}

// ReadProperty implements eiengine.PropertyReader: the index moves on.
func (s *multiFileSrc) ReadProperty(name string) (string, bool) {
	if name != "index" || !s.opened.Load() {
		return "", false
	}
	return strconv.FormatInt(s.index.Load(), 10), true
}

// Open implements eiengine.Opener.
func (s *multiFileSrc) Open(*eiengine.Ctx) error {
	p := s.Load()
	var err error
	if s.names, err = filepattern.Parse(p.Location); err != nil {
		return err
	}
	if p.StopIndex >= 0 && p.StopIndex < max(p.Index, p.StartIndex) {
		return fmt.Errorf("stop-index %d is less than the first index, %d: no file is left to read", p.StopIndex, max(p.Index, p.StartIndex))
	}
	if s.format, err = frames.NewFormat(p.Caps); err != nil {
		return fmt.Errorf("caps must say exactly what the files hold: %w", err)
	}
	s.fps = frames.Fraction{}
	if list := p.Caps.Structures(); len(list) == 1 {
		if v, ok := list[0].Get("framerate"); ok {
			s.fps, _ = v.(frames.Fraction)
		}
	}
	return nil
}

// Close implements eiengine.Opener.
func (s *multiFileSrc) Close(*eiengine.Ctx) error {
	s.opened.Store(false)
	return nil
}

// Start implements eiengine.Starter.
func (s *multiFileSrc) Start(*eiengine.Ctx) error {
	p := s.Load()
	s.index.Store(int64(max(p.Index, p.StartIndex)))
	s.opened.Store(true)
	s.seq, s.found, s.stop = 0, false, 0
	s.known(s.length(p))
	return nil
}

// length is how long the files last, if that is said.
func (s *multiFileSrc) length(p *multiFileSrcProps) time.Duration {
	n := int64(-1)
	if p.StopIndex >= 0 && !p.Loop {
		n = int64(p.StopIndex-max(p.Index, p.StartIndex)) + 1
	}
	if p.NumBuffers >= 0 && (n < 0 || int64(p.NumBuffers) < n) {
		n = int64(p.NumBuffers)
	}
	if n < 0 || s.fps.Num == 0 {
		return frames.NoTime
	}
	return s.fps.Time(n)
}

// SeekRange implements eiengine.Seeker.
func (s *multiFileSrc) SeekRange() (eiengine.SeekRange, error) {
	p := s.Load()
	switch list := p.Caps.Structures(); {
	case len(list) != 1 || !hasRate(list[0]):
		return eiengine.SeekRange{}, errors.New("its files have no times: give caps a framerate, such as caps=image/png,framerate=30/1")
	case p.Loop && p.StopIndex < 0:
		return eiengine.SeekRange{}, errors.New("it loops over files that it has not counted: set stop-index to the last one")
	}
	return s.extent.SeekRange()
}

func hasRate(s frames.Structure) bool {
	v, _ := s.Get("framerate")
	fps, ok := v.(frames.Fraction)
	return ok && fps.Num > 0
}

// Seek implements eiengine.Seeker.
func (s *multiFileSrc) Seek(_ *eiengine.Ctx, to *eiengine.SeekEvent) (was time.Duration, err error) {
	p := s.Load()
	was = s.fps.Time(int64(s.seq))
	n := s.fps.Count(to.Position)
	first := int64(max(p.Index, p.StartIndex))
	index := first + n
	if round := int64(p.StopIndex-p.StartIndex) + 1; p.Loop && index > int64(p.StopIndex) {
		index = int64(p.StartIndex) + (index-int64(p.StopIndex)-1)%round
	}
	s.index.Store(index)
	s.seq, s.stop, s.found = uint64(n), to.Stop, true // a missing file is the end
	if to.KeyUnit {
		to.Position = s.fps.Time(n)
	}
	return was, nil
}

// Stop implements eiengine.Starter.
func (s *multiFileSrc) Stop(*eiengine.Ctx) error { return nil }

// Read implements eiengine.Source.
func (s *multiFileSrc) Read(c *eiengine.Ctx) error {
	p := s.Load()
	if s.past(p) {
		return io.EOF
	}
	index := int(s.index.Load())
	if p.StopIndex >= 0 && index > p.StopIndex {
		if !p.Loop {
			return io.EOF
		}
		index = s.again(p)
	}
	f, err := s.load(c, s.names.Name(index))
	switch {
	case errors.Is(err, eiengine.ErrFlushing), errors.Is(err, eiengine.ErrNotNegotiated):
		return err
	case errors.Is(err, fs.ErrNotExist) && s.found:
		if !p.Loop || index == p.StartIndex {
			return io.EOF
		}
		// Not read here: a round without a file must not last for ever.
		s.again(p)
		return nil
	case err != nil:
		return eiengine.Fatal(err)
	}
	s.found = true
	s.index.Store(int64(index) + 1)
	return s.push(c, f)
}

// past reports whether the stream goes no further.
func (s *multiFileSrc) past(p *multiFileSrcProps) bool {
	return p.NumBuffers >= 0 && s.seq >= uint64(p.NumBuffers) || s.stop > 0 && s.fps.Time(int64(s.seq)) >= s.stop
}

// again goes back to start-index.
func (s *multiFileSrc) again(p *multiFileSrcProps) int {
	s.index.Store(int64(p.StartIndex))
	s.found = false
	return p.StartIndex
}

// load reads a file into a frame; with the first one it announces the format.
func (s *multiFileSrc) load(c *eiengine.Ctx, name string) (*frames.Frame, error) {
	f, err := wholeFile(c, name, s.format)
	if err == nil && s.seq == 0 {
		if err = c.SetFormat(0, s.format); err != nil {
			f.Release()
		}
	}
	return f, err
}

func (s *multiFileSrc) push(c *eiengine.Ctx, f *frames.Frame) error {
	n := int64(s.seq)
	f.Seq, f.Mono = s.seq, c.Now()
	if s.fps.Num > 0 {
		f.PTS = s.fps.Time(n)
		f.Duration = s.fps.Time(n+1) - f.PTS
	}
	if s.Load().DoTimestamp {
		f.PTS = c.Running()
	}
	s.seq++
	return c.Push(0, f)
}
