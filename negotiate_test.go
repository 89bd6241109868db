package eiengine_test

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// resize is a scaler in name only: it changes the format, not the bytes.
type resize struct {
	eiengine.Settings[eiengine.NoProps]
	in, out *frames.Format
}

func (*resize) Transform(caps frames.Caps, _ eiengine.Direction) frames.Caps {
	var out []frames.Structure
	for _, s := range caps.Structures() {
		out = append(out, s.With("width", frames.IntRange{Min: 1, Max: 4096}).With("height", frames.IntRange{Min: 1, Max: 4096}))
	}
	return frames.NewCaps(out...)
}

func (r *resize) Configure(_ *eiengine.Ctx, in, out *frames.Format) error {
	r.in, r.out = in, out
	return nil
}

func (r *resize) Process(c *eiengine.Ctx, f *frames.Frame) error {
	if r.in == r.out {
		return c.Push(0, f)
	}
	out, err := c.NewFrame(0)
	if err != nil {
		f.Release()
		return err
	}
	out.CopyTimes(f)
	f.Release()
	return c.Push(0, out)
}

func scalingEngine(t *testing.T) *eiengine.Engine {
	t.Helper()
	e := newEngine(t, eiengine.Options{})
	if err := e.Registry().Register(eiengine.Factory{
		Name: "resize", Rank: 1, Pads: []eiengine.PadTemplate{eiengine.SinkPad(rgb), eiengine.SrcPad(rgb)},
		New: func() eiengine.Element { return new(resize) },
	}); err != nil {
		t.Fatal(err)
	}
	return e
}

func capsOf(t *testing.T, p *eiengine.Pipeline, element string) (in, out *frames.Format) {
	t.Helper()
	r := p.Element(element).(*resize)
	return r.in, r.out
}

func TestDownstreamSuggestsUpstreamDecides(t *testing.T) {
	for name, c := range map[string]struct{ text, in, out string }{
		"nothing asked":         {"counter num-buffers=1 ! resize name=r ! collect", "32x16", "32x16"},
		"the source can":        {"counter num-buffers=1 ! resize name=r ! video/x-raw,width=64 ! collect", "64x16", "64x16"},
		"the source may not":    {"counter num-buffers=1 ! video/x-raw,width=32 ! resize name=r ! video/x-raw,width=64 ! collect", "32x16", "64x16"},
		"nearest in a range":    {"counter num-buffers=1 ! video/x-raw,width=32 ! resize name=r ! video/x-raw,width=[100,200] ! collect", "32x16", "100x16"},
		"one of a list":         {"counter num-buffers=1 ! video/x-raw,width=32 ! resize name=r ! video/x-raw,width={50,60} ! collect", "32x16", "50x16"},
		"through a queue":       {"counter num-buffers=1 ! buffer ! resize name=r ! buffer ! video/x-raw,height=8 ! collect", "32x8", "32x8"},
		"through a tee":         {"counter num-buffers=1 ! fork name=t ! resize name=r ! video/x-raw,width=64 ! collect  t. ! video/x-raw,width=32 ! collect", "32x16", "64x16"},
		"alternatives in order": {"counter num-buffers=1 ! resize name=r ! video/x-raw,width=5;video/x-raw,width=7 ! collect", "5x16", "5x16"},
	} {
		t.Run(name, func(t *testing.T) {
			p := launch(t, scalingEngine(t), c.text)
			run(t, p)
			in, out := capsOf(t, p, "r")
			for what, f := range map[string][2]string{"in": {size(in), c.in}, "out": {size(out), c.out}} {
				if f[0] != f[1] {
					t.Errorf("%s: %s, not %s", what, f[0], f[1])
				}
			}
		})
	}
}

func size(f *frames.Format) string {
	return frames.Int(f.Video.Width).String() + "x" + frames.Int(f.Video.Height).String()
}

func TestEveryMistakeIsReportedAtOnce(t *testing.T) {
	e := scalingEngine(t)
	_, err := e.Launch(`countre ! collect  counter bloc=1 num-buffers=x ! pngonly  counter ! collect ! pass
		counter ! video/x-raw,width=3 ! pass ! video/x-raw,width=4 ! collect`)
	var build *eiengine.BuildError
	if !errors.As(err, &build) {
		t.Fatalf("got %v", err)
	}
	text := err.Error()
	for _, want := range []string{
		`column 1: no element "countre"; did you mean counter?`,
		`no property "bloc" in element "counter"; did you mean block?`,
		`could not set property "num-buffers" in element "counter" to "x": want an integer`,
		`could not link counter0 to pngonly0: counter0 gives video/x-raw`,
		`could not link collect1 to pass0: collect1 has no src pad`,
		`put resize between them`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("not said: %s\nin:\n%s", want, text)
		}
	}
}

func TestNumbersOutOfRangeRunWithTheDefault(t *testing.T) {
	p := launch(t, newEngine(t, eiengine.Options{}), "counter num-buffers=-5 ! collect")
	if len(p.Warnings) != 1 || !strings.Contains(p.Warnings[0].Error(), "want -1 to 2147483647; the default is used") {
		t.Errorf("warnings: %v", p.Warnings)
	}
	if v, err := p.Get("counter0", "num-buffers"); err != nil || v != "-1" {
		t.Errorf("num-buffers is %s, %v", v, err)
	}
}

// asked is how often the elements of a row are asked for caps while it is built
// and plays one frame. between stands behind each of them.
func asked(t *testing.T, n int, between string) int64 {
	t.Helper()
	e := newEngine(t, eiengine.Options{})
	var questions atomic.Int64
	addElement(t, e, "open", func() eiengine.Element {
		return &transformingStub{stub: stub{transform: func(caps frames.Caps) frames.Caps {
			questions.Add(1)
			return caps.Union(rgb)
		}}}
	})
	run(t, launch(t, e, "counter num-buffers=1 ! "+strings.Repeat("open ! "+between, n)+"collect"))
	return questions.Load()
}

// TestQuestionsGrowWithTheRow: what a pad accepts is found out once, not once for
// every element in front of it.
func TestQuestionsGrowWithTheRow(t *testing.T) {
	for _, between := range []string{"", "buffer ! ", "video/x-raw,width=[1,4000] ! ", "fork ! buffer ! "} {
		short, long := asked(t, 50, between), asked(t, 300, between)
		if short < 50 || long > 7*short {
			t.Errorf("with %q between them 50 elements were asked %d times, 300 elements %d times", between, short, long)
		}
	}
}

// TestAnswersFollowWhatChanges: no answer outlives a property, a branch or a run.
func TestAnswersFollowWhatChanges(t *testing.T) {
	p := launch(t, scalingEngine(t), "counter num-buffers=1 ! resize name=r ! fork name=t ! capsfilter name=c ! collect")
	for _, width := range []string{"50", "60"} {
		if err := p.Set("c", "caps", "video/x-raw,width="+width); err != nil {
			t.Fatal(err)
		}
		run(t, p)
		if in, out := capsOf(t, p, "r"); size(out) != width+"x16" {
			t.Errorf("with width=%s in front of the sink the scaler makes %s of %s", width, out, in)
		}
		if err := p.Stop(soon(t)); err != nil {
			t.Fatal(err)
		}
	}
}
