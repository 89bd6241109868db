package encode

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func init() {
	eiengine.Register(eiengine.Factory{Name: "testpictures", Class: "Test",
		Pads: []eiengine.PadTemplate{eiengine.SrcPad(frames.MustCaps("video/x-raw"))},
		New:  func() eiengine.Element { return new(pictures) }})
	eiengine.Register(eiengine.Factory{Name: "testbytes", Class: "Test",
		Pads: []eiengine.PadTemplate{eiengine.SrcPad(frames.AnyCaps())},
		New:  func() eiengine.Element { return new(texts) }})
	eiengine.Register(eiengine.Factory{Name: "testcaps", Class: "Test",
		Pads: []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps()), eiengine.SrcPad(frames.AnyCaps())},
		New:  func() eiengine.Element { return new(capsfilter) }})
	eiengine.Register(eiengine.Factory{Name: "testsink", Class: "Test",
		Pads: []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps())},
		New:  func() eiengine.Element { return new(collector) }})
}

type testProps struct {
	eiengine.SourceProps
	Format string `prop:"format" default:"RGB"`
	Width  int    `prop:"width" default:"33"`
	Height int    `prop:"height" default:"17"`
}

// pictures makes pictures whose bytes are the number of the picture in one plane.
type pictures struct {
	eiengine.Settings[testProps]
	n int
}

func (s *pictures) SourceSettings() eiengine.SourceProps { return s.Load().SourceProps }

func (s *pictures) Limit() frames.Caps {
	p := s.Load()
	return frames.MustCaps(fmt.Sprintf("video/x-raw,format=%s,width=%d,height=%d,framerate=10/1", p.Format, p.Width, p.Height))
}

func (s *pictures) Read(c *eiengine.Ctx) error {
	f, err := c.NewFrame(0)
	if err != nil {
		return err
	}
	picture := f.Picture()
	for plane := range picture.Format.Planes() {
		for i := range picture.Data[plane] {
			picture.Data[plane][i] = byte(16 + 20*s.n)
		}
	}
	f.PTS, f.Duration, f.Seq = time.Duration(s.n)*100*time.Millisecond, 100*time.Millisecond, uint64(s.n)
	s.n++
	return c.Push(0, f)
}

// texts makes frames of a line each.
type texts struct {
	eiengine.Settings[testProps]
	n int
}

func (s *texts) SourceSettings() eiengine.SourceProps { return s.Load().SourceProps }

func (s *texts) Read(c *eiengine.Ctx) error {
	line := fmt.Sprintf("line %d\n", s.n)
	s.n++
	f, err := c.NewBuffer(c.OutFormat(0), len(line))
	if err != nil {
		return err
	}
	copy(f.Memory().Bytes(), line)
	return c.Push(0, f)
}

type capsProps struct {
	Caps frames.Caps `prop:"caps" default:"ANY"`
}

type capsfilter struct{ eiengine.Settings[capsProps] }

func (f *capsfilter) Limit() frames.Caps                              { return f.Load().Caps }
func (f *capsfilter) Process(c *eiengine.Ctx, in *frames.Frame) error { return c.Push(0, in) }

// collector keeps what arrives; read it when the pipeline has stopped.
type collector struct {
	formats []string
	data    [][]byte
	times   []time.Duration
}

func (s *collector) Process(_ *eiengine.Ctx, in *frames.Frame) error {
	s.formats = append(s.formats, in.Format.String())
	s.data = append(s.data, append([]byte(nil), in.Bytes()...))
	s.times = append(s.times, in.PTS)
	in.Release()
	return nil
}

// wantFailure runs the line and checks that its error says all of the words.
func wantFailure(t *testing.T, text string, words ...string) {
	t.Helper()
	err := graphtest.Launch(t, text).Run(graphtest.Context(t))
	if err == nil {
		t.Errorf("%s\nran without an error", text)
		return
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%s\nerror %q does not say %q", text, err, w)
		}
	}
}
