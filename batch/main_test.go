package batch_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/eiengine/eiengine/internal/graphtest"
	"go.uber.org/goleak"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	_ "github.com/eiengine/eiengine/bus/link"
	_ "github.com/eiengine/eiengine/capture"
	_ "github.com/eiengine/eiengine/flow"
	"github.com/eiengine/eiengine/frames"

	_ "github.com/eiengine/eiengine/batch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// collect is a sink that keeps a copy of all it gets.
type collect struct {
	eiengine.Settings[eiengine.NoProps]
	got []collected
}

type collected struct {
	format        *frames.Format
	pts, duration time.Duration
	seq           uint64
	picture       frames.Picture
	regions       []frames.Region
}

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "collect", LongName: "Collector", Class: "Sink", Description: "Keeps what it gets, for tests",
		Pads: []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps())},
		New:  func() eiengine.Element { return new(collect) },
	})
}

// mark attaches a region to what passes.
type mark struct {
	eiengine.Settings[eiengine.NoProps]
}

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "mark", LongName: "Marker", Class: "Filter", Description: "Attaches a region, for tests",
		Pads: []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps()), eiengine.SrcPad(frames.AnyCaps())},
		New:  func() eiengine.Element { return new(mark) },
	})
}

func (*mark) Process(c *eiengine.Ctx, in *frames.Frame) error {
	in.Attach(&frames.Region{Label: "thing", Confidence: 1, Rect: frames.Rect{X: 2, Y: 4, W: 8, H: 6}})
	return c.Push(0, in)
}

func (s *collect) Process(_ *eiengine.Ctx, in *frames.Frame) error {
	g := collected{format: in.Format, pts: in.PTS, duration: in.Duration, seq: in.Seq}
	g.picture = in.Format.Video.Picture(bytes.Clone(in.Bytes()), in.Layout())
	for _, r := range in.Regions() {
		g.regions = append(g.regions, *r)
	}
	s.got = append(s.got, g)
	in.Release()
	return nil
}

// run plays "compositor name=c … ! collect" to its end and gives what came out. behind is
// what stands between the two, and inputs lead into c. Warnings are errors.
func run(t testing.TB, props, behind, inputs string) []collected {
	t.Helper()
	if behind != "" {
		behind += " ! "
	}
	p := graphtest.Launch(t, "compositor name=c "+props+" ! "+behind+"collect name=out "+inputs)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	sub := p.Bus().Subscribe(64, bus.TypeWarning)
	if err := p.Run(ctx); err != nil {
		t.Fatalf("%s %s\n%v", props, inputs, err)
	}
	sub.Close()
	for _, w := range bus.Payloads[*bus.Warning](context.Background(), sub) {
		t.Errorf("warning: %s", w.Text)
	}
	return p.Element("out").(*collect).got
}
