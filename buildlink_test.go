package eiengine_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

var (
	smallRGB  = frames.MustCaps("video/x-raw, format=RGB, width=8, height=8, framerate=30/1")
	smallGray = frames.MustCaps("video/x-raw, format=GRAY8, width=8, height=8, framerate=30/1")
)

// twin is a source with a coloured and a grey pad.
type twin struct {
	eiengine.Settings[eiengine.NoProps]
	n int
}

func (s *twin) Start(*eiengine.Ctx) error { s.n = 0; return nil }
func (s *twin) Stop(*eiengine.Ctx) error  { return nil }

func (s *twin) Read(c *eiengine.Ctx) error {
	if s.n++; s.n > 3 {
		return io.EOF
	}
	for pad := range 2 {
		f, err := c.NewFrame(pad)
		if err != nil {
			return err
		}
		if err := c.Push(pad, f); err != nil {
			return err
		}
	}
	return nil
}

// table has inputs with places.
type table struct {
	merge
	places map[string]string
}

func (e *table) SetPadProperty(pad, name, value string) error {
	switch {
	case name != "place":
		return &eiengine.UnknownPropertyError{Property: pad + "::" + name, Near: []string{"place"}}
	case value == "nowhere":
		return errors.New("want a place")
	}
	e.places[pad] += value
	return nil
}

func linkEngine(t testing.TB) *eiengine.Engine {
	t.Helper()
	r := testRegistry()
	pad := func(name string, d eiengine.Direction, p eiengine.Presence, caps frames.Caps) eiengine.PadTemplate {
		return eiengine.PadTemplate{Name: name, Direction: d, Presence: p, Caps: caps}
	}
	for _, f := range []eiengine.Factory{
		{Name: "twin", Pads: []eiengine.PadTemplate{pad("rgb", eiengine.Src, eiengine.Always, smallRGB), pad("gray", eiengine.Src, eiengine.Always, smallGray)},
			New: func() eiengine.Element { return new(twin) }},
		{Name: "duo", Pads: []eiengine.PadTemplate{pad("gray", eiengine.Sink, eiengine.Always, smallGray), pad("rgb", eiengine.Sink, eiengine.Always, smallRGB)},
			New: func() eiengine.Element { return new(collect) }},
		{Name: "graysink", Pads: []eiengine.PadTemplate{eiengine.SinkPad(smallGray)}, New: func() eiengine.Element { return new(collect) }},
		{Name: "table", Pads: []eiengine.PadTemplate{pad("sink_%u", eiengine.Sink, eiengine.OnRequest, frames.AnyCaps()), eiengine.SrcPad(frames.AnyCaps())},
			New: func() eiengine.Element { return &table{places: map[string]string{}} }},
	} {
		if err := r.Register(f); err != nil {
			t.Fatal(err)
		}
	}
	e := eiengine.New(eiengine.Options{Registry: r})
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// TestLinkChoosesPadsThatFit: the first pad of the source is not the one that the
// first sink takes.
func TestLinkChoosesPadsThatFit(t *testing.T) {
	p := launch(t, linkEngine(t), "twin name=x ! graysink name=g  x. ! collect name=c")
	run(t, p)
	if g, c := sink(p, "g").count(), sink(p, "c").count(); g != 3 || c != 3 {
		t.Errorf("%d grey frames, %d coloured ones", g, c)
	}
}

func TestLinkAll(t *testing.T) {
	e := linkEngine(t)
	for _, line := range []string{
		"twin name=a : duo name=b", "twin name=a : video/x-raw : duo name=b", "( twin name=a ) : ( duo name=b )",
		"twin name=a .rgb,gray ! .rgb,gray duo name=b", "twin name=a .gray,rgb : video/x-raw : .gray,rgb duo name=b",
	} {
		launch(t, e, line)
		for _, pad := range []string{"a.rgb ! collect", "a.gray ! collect", "counter ! b.rgb", "counter ! b.gray"} {
			if _, err := e.Launch(line + "  " + pad); err == nil || !strings.Contains(err.Error(), "is linked already") {
				t.Errorf("%s: also %s: %v", line, pad, err)
			}
		}
	}
	// Only the grey pads are within the caps.
	launch(t, e, "twin name=a : video/x-raw,format=GRAY8 : duo name=b  a.rgb ! b.rgb")
	// New pads: as many as the other side has, and one if both sides make them.
	launch(t, e, "twin : merge name=m  counter ! m.sink_2  m. ! collect")
	launch(t, e, "counter ! fork name=f : merge ! collect  f.src_1 ! collect")
	for _, tt := range []struct{ line, want string }{
		{"twin : pngonly", "column 6: could not link twin0 to pngonly0: they have no free pads that fit together"},
		{"twin : image/png : duo", "no free pads"},
		{"twin .x : duo", `twin0 has no src pad "x"`},
		{"twin ! pngonly", "could not link twin0 to pngonly0: twin0 gives video/x-raw"},
	} {
		if _, err := e.Launch(tt.line); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v\nwant %s", tt.line, err, tt.want)
		}
	}
}

func TestPadProperties(t *testing.T) {
	e := linkEngine(t)
	p := launch(t, e, "table name=t sink_1::place=left sink_1::place=top ! collect  counter ! t.  counter ! t.  counter ! t.")
	if got := fmt.Sprint(p.Element("t").(*table).places); got != "map[sink_1:lefttop]" {
		t.Error(got)
	}
	p = launch(t, e, "( u::sink_0::place=low table name=u ! collect  counter ! u. )")
	if got := fmt.Sprint(p.Element("u").(*table).places); got != "map[sink_0:low]" || len(p.Warnings) != 0 {
		t.Error(got, p.Warnings)
	}
	p = launch(t, e, "table name=t sink_7::place=left ! collect  counter ! t.")
	if len(p.Warnings) != 1 || !strings.Contains(p.Warnings[0].Error(), `column 14: t has no pad "sink_7" yet`) {
		t.Error(p.Warnings)
	}
	for _, tt := range []struct{ line, want string }{
		{"table name=t sink_0::plac=x ! collect counter ! t.", `column 14: no property "sink_0::plac" in element "table"; did you mean place?`},
		{"table name=t sink_0::place=nowhere ! collect counter ! t.", `column 14: could not set property "sink_0::place" in element "table" to "nowhere": want a place`},
		{"counter src::place=x ! collect", `column 9: no property "src::place" in element "counter"`},
	} {
		if _, err := e.Launch(tt.line); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v\nwant %s", tt.line, err, tt.want)
		}
	}
}

func TestBins(t *testing.T) {
	e := linkEngine(t)
	p := launch(t, e, "counter num-buffers=2 ! ( name=b q::text=hello async-handling=true pass name=q ! pass ) ! collect name=c")
	run(t, p)
	if text, err := p.Get("q", "text"); err != nil || text != "hello" || sink(p, "c").count() != 2 {
		t.Errorf("%q, %v, %d frames", text, err, sink(p, "c").count())
	}
	launch(t, e, "pipeline.( latency=5 delay=1 counter ! collect )")
	launch(t, e, "( i::q::text=x ( name=i pass name=q ) )")
	p = launch(t, e, "( nosuch::text=x pass )")
	if len(p.Warnings) != 1 || !strings.Contains(p.Warnings[0].Error(), `column 3: no element named "nosuch" in the bin "bin0"`) {
		t.Error(p.Warnings)
	}
	for _, tt := range []struct{ line, want string }{
		{"nosuch.( pass )", `column 1: no bin "nosuch"`},
		{"( nosuch=x pass )", `column 3: no property "nosuch" in element "bin0"`},
		{"( async-handling=maybe pass )", `could not set property "async-handling" in element "bin0" to "maybe"`},
		{"( q::text2=x pass name=q )", `column 3: no property "text2" in element "pass"; did you mean text?`},
		{"pass @preset=fast", `column 6: could not set preset "fast" in element "pass0"`},
	} {
		if _, err := e.Launch(tt.line); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v\nwant %s", tt.line, err, tt.want)
		}
	}
}

// TestBinsOfSpecs: descriptions that no text could give.
func TestBinsOfSpecs(t *testing.T) {
	e := linkEngine(t)
	pass := eiengine.NodeSpec{Element: "pass", Name: "p", Bin: "b"}
	for _, tt := range []struct {
		spec eiengine.Spec
		want string
	}{
		{eiengine.Spec{Nodes: []eiengine.NodeSpec{pass}}, `p stands in the bin "b", which is not described`},
		{eiengine.Spec{Nodes: []eiengine.NodeSpec{{Element: "pass", Name: "p"}}, Bins: []eiengine.BinSpec{{Element: "bin", Name: "b"}}}, `specified empty bin "b"`},
		{eiengine.Spec{Nodes: []eiengine.NodeSpec{pass}, Bins: []eiengine.BinSpec{{Element: "bin", Name: "b", Bin: "b"}}}, "not described before it"},
		{eiengine.Spec{Nodes: []eiengine.NodeSpec{pass}, Bins: []eiengine.BinSpec{{Element: "bin", Name: "b"}, {Element: "bin", Name: "b"}}}, "two bins"},
		{eiengine.Spec{Nodes: []eiengine.NodeSpec{{Element: "pass", Name: "p"}, {Element: "pass", Name: "q"}},
			Links: []eiengine.LinkSpec{{From: eiengine.PadRef{Node: "p"}, To: eiengine.PadRef{Node: "q"}, All: true, Caps: "="}}}, `could not parse caps "="`},
	} {
		if _, err := e.Build(tt.spec); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v\nwant %s", tt.spec, err, tt.want)
		}
	}
}

// TestLoops: gst-launch refuses the first, and hangs on the others.
func TestLoops(t *testing.T) {
	e := linkEngine(t)
	for _, tt := range []struct{ line, want string }{
		{"pass name=p p. ! p.", "could not link p ! p: the links form a loop"},
		{"pass name=p : p.", "p ! p"},
		{"pass name=p ! buffer ! p.", "p ! buffer0 ! p"},
		{"counter ! merge name=m ! fork name=f  f. ! m.  f. ! collect", "m ! f ! m"},
		{"counter ! merge name=m ! pass ! later ! buffer ! m.", "m ! pass0 ! later0 ! buffer0 ! m"},
	} {
		if _, err := e.Launch(tt.line); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v\nwant %s", tt.line, err, tt.want)
		}
	}
	p := launch(t, e, "counter is-live=true ! merge name=m ! fork name=f ! collect")
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	var back eiengine.Spec
	back.Link(back.Add("buffer", "back"), "m")
	if _, err := p.AddBranchSpec(soon(t), "f", back); err == nil || !strings.Contains(err.Error(), `no element named "m" in the branch`) {
		t.Errorf("a branch back to what is before its tee: %v", err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// TestBuildOfLongChain: building is linear in the number of elements.
func TestBuildOfLongChain(t *testing.T) {
	e := linkEngine(t)
	text := "counter num-buffers=1 " + strings.Repeat("! pass ", 600) + "! collect name=c"
	start := time.Now()
	p := launch(t, e, text)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("building 600 elements took %v", took)
	} else {
		t.Logf("building 600 elements took %v", took)
	}
	run(t, p)
	if sink(p, "c").count() != 1 {
		t.Error("the frame did not arrive")
	}
}

// FuzzLaunch builds whatever text describes, from elements that have every kind
// of pad: mistakes are told as such.
func FuzzLaunch(f *testing.F) {
	for _, s := range []string{
		"twin name=a : duo a. ! pngonly", "twin : x/y : merge ! collect counter ! fork name=f : merge f. : f.", "table sink_0::place=1 sink_0::x=2 src::place=3 ! collect",
		"( a::b=1 t::sink_0::place=x async-handling=2 table name=t pass @preset=x ) ! later ! buffer ! ( capsfilter caps=x/y )", "pass name=p p. ! p. counter ! p.sink p.src : p.",
	} {
		f.Add(s)
	}
	e := linkEngine(f)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := e.Launch(text)
		if err == nil {
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
			return
		}
		var syntax *eiengine.SyntaxError
		var build *eiengine.BuildError
		if !errors.As(err, &syntax) && !errors.As(err, &build) {
			t.Fatalf("%q: %v", text, err)
		}
	})
}
