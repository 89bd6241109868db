package convert_test

import (
	"bytes"
	"context"
	"io"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	_ "github.com/eiengine/eiengine/capture"
	_ "github.com/eiengine/eiengine/flow"
	"github.com/eiengine/eiengine/frames"
	_ "github.com/eiengine/eiengine/frames/convert"
	"github.com/eiengine/eiengine/internal/graphtest"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// collect is a sink that keeps a copy of all it gets.
type collect struct {
	eiengine.Settings[eiengine.NoProps]
	got []collected
}

type collected struct {
	format        *frames.Format
	data          []byte
	pts, duration time.Duration
	seq           uint64
	picture       frames.Picture
	metas         []frames.Meta
}

// given is a source of prepared frames.
type given struct {
	eiengine.Settings[eiengine.NoProps]
	format *frames.Format
	list   []given1
	next   int
}

type given1 struct {
	data  []byte
	pts   time.Duration
	meta  frames.Meta
	flags frames.Flags
}

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "collect", LongName: "Collector", Class: "Sink", Description: "Keeps what it gets, for tests",
		Pads: []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps())},
		New:  func() eiengine.Element { return new(collect) },
	})
	eiengine.Register(eiengine.Factory{
		Name: "given", LongName: "Given", Class: "Source", Description: "Gives prepared frames, for tests",
		Pads: []eiengine.PadTemplate{eiengine.SrcPad(frames.AnyCaps())},
		New:  func() eiengine.Element { return new(given) },
	})
}

func (s *collect) Process(_ *eiengine.Ctx, in *frames.Frame) error {
	g := collected{format: in.Format, data: bytes.Clone(in.Bytes()), pts: in.PTS, duration: in.Duration, seq: in.Seq}
	if in.Format.IsVideo() {
		g.picture = in.Format.Video.Picture(g.data, in.Layout())
	}
	for m := range in.Metas() {
		g.metas = append(g.metas, m)
	}
	s.got = append(s.got, g)
	in.Release()
	return nil
}

func (s *given) LateFormat() {}

func (s *given) Read(c *eiengine.Ctx) error {
	if s.next == len(s.list) {
		return io.EOF
	}
	if s.next == 0 {
		if err := c.SetFormat(0, s.format); err != nil {
			return err
		}
	}
	g := s.list[s.next]
	f := frames.NewFrame(s.format, frames.WrapMemory(g.data, nil))
	f.PTS, f.Seq, f.Flags = g.pts, uint64(s.next), g.flags
	if g.meta != nil {
		f.Attach(g.meta)
	}
	s.next++
	return c.Push(0, f)
}

// run plays "text ! collect" to its end and gives what came out. Warnings are
// errors.
func run(t testing.TB, text string) []collected {
	t.Helper()
	p := graphtest.Launch(t, text+" ! collect name=out")
	if err := play(t, p); err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	return p.Element("out").(*collect).got
}

func play(t testing.TB, p *eiengine.Pipeline) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	sub := p.Bus().Subscribe(64, bus.TypeWarning)
	err := p.Run(ctx)
	sub.Close()
	for _, w := range bus.Payloads[*bus.Warning](context.Background(), sub) {
		t.Errorf("warning: %s", w.Text)
	}
	return err
}

// give runs frames of a format through elements.
func give(t testing.TB, format *frames.Format, elements string, list ...given1) []collected {
	t.Helper()
	p := graphtest.Launch(t, "given name=in ! "+elements+" ! collect name=out")
	in := p.Element("in").(*given)
	in.format, in.list = format, list
	if err := play(t, p); err != nil {
		t.Fatalf("%s\n%v", elements, err)
	}
	return p.Element("out").(*collect).got
}
