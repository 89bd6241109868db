package eiengine

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestParseLaunch gives for each line what String writes: the canonical form.
func TestParseLaunch(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"a ! b", "a ! b"},
		{"a!b", "a ! b"},
		{"  a\n!\tb  ", "a ! b"},
		{"a ! b c ! d", "a ! b c ! d"},
		{"a b c", "a b c"},
		// properties
		{"videotestsrc pattern=ball", "videotestsrc pattern=ball"},
		{"videotestsrc pattern = 18 ! b", "videotestsrc pattern=18 ! b"},
		{`videotestsrc pattern="Moving ball"`, `videotestsrc pattern="Moving ball"`},
		{`videotestsrc pattern='Moving ball'`, `videotestsrc pattern="Moving ball"`},
		{`videotestsrc pattern=Moving\ ball`, `videotestsrc pattern="Moving ball"`},
		{`a location=""`, `a location=""`},
		{`a text="say \"hi\" \\ there"`, `a text="say \"hi\" \\ there"`},
		{`a text='it\'s' ! b`, `a text="it's" ! b`},
		{`a text=x!y`, `a text=x!y`},
		{`a text="!" ! b`, `a text="!" ! b`},
		{"a threshold=5.min_score=0.6 threshold=4.x=1", "a threshold=5.min_score=0.6 threshold=4.x=1"},
		{"compositor sink_1::xpos=320 child::prop=v", "compositor sink_1::xpos=320 child::prop=v"},
		{"a fraction=30/1 flags=a+b hex=0x10 float=.5 n=-5", "a fraction=30/1 flags=a+b hex=0x10 float=.5 n=-5"},
		{`a caps="video/x-raw,format=\"RGB\"" ! b`, `a caps="video/x-raw,format=\"RGB\"" ! b`},
		{`a caps="video/x-raw, format=RGB" ! b`, `a caps="video/x-raw, format=RGB" ! b`},
		// caps
		{"a ! video/x-raw,format=I420,width=320 ! b", "a ! video/x-raw, format=(string)I420, width=(int)320 ! b"},
		{"a ! video/x-raw, format=I420, framerate=30/1 ! b", "a ! video/x-raw, format=(string)I420, framerate=(fraction)30/1 ! b"},
		{"a ! video/x-raw,width=[1,64],format={I420,RGB} ! b", "a ! video/x-raw, width=(int)[ 1, 64 ], format=(string){ I420, RGB } ! b"},
		{"a ! video/x-raw,width=1; audio/x-raw ! b", "a ! video/x-raw, width=(int)1; audio/x-raw ! b"},
		{"a ! video/x-raw(memory:NVMM),format=NV12 ! b", "a ! video/x-raw(memory:NVMM), format=(string)NV12 ! b"},
		{`a ! video/x-raw,format=\"RGB\" ! b`, "a ! video/x-raw, format=(string)RGB ! b"},
		{`a ! video/x-raw,format="a!b" ! b`, `a ! video/x-raw, format=(string)"a!b" ! b`},
		{"a!video/x-raw!b", "a ! video/x-raw ! b"},
		{"a ! image/jpeg ! t. tee name=t", "a ! image/jpeg ! tee name=t"},
		{`a ! capsfilter caps="image/jpeg" ! b`, "a ! image/jpeg ! b"},
		{`a ! capsfilter caps="image/jpeg" ! capsfilter caps=image/png ! b`, "a ! capsfilter caps=image/jpeg ! image/png ! b"},
		{`a ! capsfilter caps="image/jpeg,width=1" ! b`, "a ! capsfilter caps=image/jpeg,width=1 ! b"},
		{`a ! capsfilter caps="image/jpeg" name=f ! b`, "a ! capsfilter name=f caps=image/jpeg ! b"},
		// backslashes of shell scripts
		{"a ! \\\n b", "a ! b"},
		{"a \\ ! \\ b", "a ! b"},
		{"a k=v \\\n ! b k=v\\\n ! c\\\n", "a k=v ! b k=v ! c"},
		{"a ! \\\n video/x-raw, \\\n width=3 \\\n ! b", "a ! video/x-raw, width=(int)3 ! b"},
		// references
		{"tee name=t  t. ! queue ! x  t. ! queue ! y", "tee name=t ! queue ! x t. ! queue ! y"},
		{"t. ! queue ! x tee name=t s ! t.", "queue x tee name=t ! queue0. queue0. ! x0. s ! t."},
		{"a ! mix. b ! mix. compositor name=mix ! c", "a b a0. ! compositor name=mix b0. ! mix. mix. ! c"},
		{"tee name=t t.src_1 ! x", "tee name=t .src_1 ! x"},
		{"mux name=mux a ! mux.sink_0", "mux name=mux a ! mux.sink_0"},
		{"a .src ! .sink b", "a .src ! .sink b"},
		{"a .p1,p2 ! .q1,q2 b", "a .p1 ! .q1 b a0.p2 ! b0.q2"},
		{"d name=d d.p1,p2 ! m.q1,q2 m name=m", "d name=d .p1 ! .q1 m name=m d.p2 ! m.q2"},
		{`a name="my cam" b ! my\ cam.`, `a name="my cam" b ! my\ cam.`},
		{"a ! b a0. ! c", "a ! b a0. ! c"},
		// names
		{"a name=a0 a", "a a"},
		{"a name=x a name=a1 a a", "a name=x a name=a1 a a"},
		{"a name=x name=y", "a name=y"},
	} {
		s, err := ParseLaunch(tt.in)
		if err != nil {
			t.Errorf("%s: %v", tt.in, err)
			continue
		}
		again, err := ParseLaunch(s.String())
		if err != nil || !again.Equal(s) {
			t.Errorf("%s\nwritten as %s\nread back %+v, %v", tt.in, s, again, err)
		}
		if s.String() != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.in, s, tt.want)
		}
	}
}

func TestParseLaunchSpec(t *testing.T) {
	// Places count characters: "é" is one of them.
	got, err := ParseLaunch("videotestsrc num-buffers=2 ! video/x-raw,width=8 ! tee name=é  é.src_1 ! k.  fakesink name=k")
	if err != nil {
		t.Fatal(err)
	}
	want := Spec{
		Nodes: []NodeSpec{
			{"videotestsrc", "videotestsrc0", "", []PropSpec{{"num-buffers", "2", 14}}, 1},
			{"capsfilter", "capsfilter0", "", []PropSpec{{"caps", "video/x-raw, width=(int)8", 30}}, 30},
			{"tee", "é", "", nil, 52},
			{"fakesink", "k", "", nil, 78},
		},
		Links: []LinkSpec{
			{From: PadRef{"videotestsrc0", ""}, To: PadRef{"capsfilter0", ""}, Column: 28},
			{From: PadRef{"capsfilter0", ""}, To: PadRef{"é", ""}, Column: 50},
			{From: PadRef{"é", "src_1"}, To: PadRef{"k", ""}, Column: 72},
		},
	}
	if !got.Equal(want) {
		t.Fatalf("got %+v\nwant %+v", got, want)
	}
	for i, n := range got.Nodes {
		if n.Column != want.Nodes[i].Column || len(n.Props) > 0 && n.Props[0].Column != want.Nodes[i].Props[0].Column {
			t.Errorf("places of %+v, want %+v", n, want.Nodes[i])
		}
	}
	for i, l := range got.Links {
		if l.Column != want.Links[i].Column {
			t.Errorf("place of %+v, want %d", l, want.Links[i].Column)
		}
	}
}

// TestParseLaunchPublicLines are lines that users of the original have today.
func TestParseLaunchPublicLines(t *testing.T) {
	for _, tt := range []struct {
		line  string
		nodes string
	}{
		{"v4l2src ! videoconvert ! video/x-raw,format=RGB ! edgeimpulsevideoinfer ! edgeimpulseoverlay ! autovideosink",
			"v4l2src videoconvert capsfilter edgeimpulsevideoinfer edgeimpulseoverlay autovideosink"},
		{`v4l2src ! edgeimpulsevideoinfer ! tee name=t t. ! queue ! edgeimpulseoverlay ! autovideosink
		  t. ! queue ! edgeimpulsecontinueif condition="detection_count >= 1" ! edgeimpulsecrop padding=10 target-width=96 target-height=96 ! edgeimpulsevideoinfer ! fakesink`,
			"v4l2src edgeimpulsevideoinfer tee queue edgeimpulseoverlay autovideosink queue edgeimpulsecontinueif edgeimpulsecrop edgeimpulsevideoinfer fakesink"},
		{"autoaudiosrc ! audioconvert ! audioresample ! audio/x-raw,format=S16LE,channels=1,rate=16000 ! edgeimpulseaudioinfer ! fakesink",
			"autoaudiosrc audioconvert audioresample capsfilter edgeimpulseaudioinfer fakesink"},
		{"autoaudiosrc ! audioconvert ! audioresample ! audio/x-raw,format=S16LE,channels=1,rate=16000 ! edgeimpulsesink api-key=<your-api-key> upload-interval-ms=1000 category=training",
			"autoaudiosrc audioconvert audioresample capsfilter edgeimpulsesink"},
		{"autoaudiosrc ! \\\ncapsfilter caps=\"audio/x-raw,format=F32LE\" ! \\\naudioconvert ! \\\naudioresample ! \\\n" +
			"capsfilter caps=\"audio/x-raw,format=S16LE,channels=1,rate=16000,layout=interleaved\" ! \\\nedgeimpulseaudioinfer model-path=<path-to-model> ! \\\naudioconvert",
			"autoaudiosrc capsfilter audioconvert audioresample capsfilter edgeimpulseaudioinfer audioconvert"},
		{"avfvideosrc ! \\\nqueue max-size-buffers=2 leaky=downstream ! \\\nvideoconvert n-threads=4 ! \\\nvideoscale method=nearest-neighbour ! \\\n" +
			"video/x-raw,format=RGB,width=384,height=384 ! \\\nqueue max-size-buffers=2 leaky=downstream ! \\\nedgeimpulsevideoinfer model-path=<path-to-model> ! \\\nedgeimpulseoverlay ! \\\nautovideosink sync=false",
			"avfvideosrc queue videoconvert videoscale capsfilter queue edgeimpulsevideoinfer edgeimpulseoverlay autovideosink"},
		{"avfvideosrc ! \\\nvideoconvert ! \\\nvideoscale ! \\\nvideo/x-raw,format=RGB,width=384,height=384 ! \\\nedgeimpulsevideoinfer model-path=<path-to-model> \\\n" +
			"threshold=\"5.min_score=0.6\" \\\nthreshold=\"4.min_anomaly_score=0.35\" ! \\\nedgeimpulseoverlay stroke-width=3 text-font-size=20 text-color=0x00FF00 ! \\\nautovideosink sync=false",
			"avfvideosrc videoconvert videoscale capsfilter edgeimpulsevideoinfer edgeimpulseoverlay autovideosink"},
	} {
		s, err := ParseLaunch(tt.line)
		if err != nil {
			t.Errorf("%s: %v", tt.line, err)
			continue
		}
		var nodes []string
		for _, n := range s.Nodes {
			nodes = append(nodes, n.Element)
		}
		if got := strings.Join(nodes, " "); got != tt.nodes {
			t.Errorf("%s\n got %s\nwant %s", tt.line, got, tt.nodes)
		}
		if len(s.Links) != len(s.Nodes)-1 {
			t.Errorf("%s: %d elements, %d links", tt.line, len(s.Nodes), len(s.Links))
		}
	}
}

func TestParseLaunchErrors(t *testing.T) {
	for _, tt := range []struct {
		in     string
		column int
		word   string
		says   string // in message or remedy
	}{
		{"", 1, "", "empty pipeline not allowed"},
		{" \n ", 1, "", "empty pipeline not allowed"},
		{"a !", 3, "!", "syntax error"},
		{"! a", 1, "!", "syntax error"},
		{"a ! ! b", 5, "!", "syntax error"},
		{"a ! video/x-raw ! ! b", 19, "!", "syntax error"},
		{"a ! video/x-raw !", 17, "!", "syntax error"},
		{"video/x-raw ! x", 1, "video/x-raw", `add "!" and an element before`},
		{"x ! video/x-raw,width=3", 5, "video/x-raw", `no element "video/x-raw"`},
		{"x ! video/x-raw,width=3 y", 5, "video/x-raw", `add "!" and an element behind`},
		{"x ! video/x-raw y ! z", 17, "y", "could not parse caps"},
		{"x ! video/x-raw ! audio/x-raw ! y", 19, "audio/x-raw", "two caps filters"},
		{"x ! video/x-raw,format=(nosuch)RGB ! y", 25, "nosuch", "unknown type"},
		{`x ! video/x-raw,\ format=(nosuch)RGB ! y`, 27, "nosuch", "unknown type"},
		{"x ! video/x-raw,format= ! y", 24, "", "expected a value"},
		{"é=1", 1, "é=1", "belongs to no element"},
		{"k=1", 1, "k=1", "belongs to no element"},
		{"t. k=1", 1, "t.", "unexpected reference"},
		{"a k= ! b", 3, "k", "has no value"},
		{"a k=", 3, "k", "has no value"},
		{`ä ö="x`, 5, `"x`, "not closed"},
		{`a k="x ! b`, 5, `"x`, "not closed"},
		{`a k='x ! b`, 5, `'x`, "not closed"},
		{`a k="x"y ! b`, 8, "y", "closing quote"},
		{`a name="" ! b`, 8, "", "no name"},
		{`a name=" x" ! b`, 8, " x", "no name"},
		{"a ! t.", 5, "t.", `No element named "t"`},
		{"ä ! *", 5, "*", "expected an element"},
		{"t. ! a", 1, "t.", `No element named "t"`},
		{"a name=x ! b name=x", 19, "x", "column 1"},
		{"a name=t t.", 10, "t.", "unexpected reference"},
		{"a ! i. ! b i name=i", 5, "i.", "begin the next chain"},
		{"a .src b ! c", 3, ".src", "unexpected pad reference"},
		{"a ! b .src", 7, ".src", "unexpected pad reference"},
		{"a . ! b", 3, ".", "a dot without a pad"},
		{"a ! .sink t. tee name=t", 11, "t.", "t.sink"},
		{"a .x,y ! b", 8, "!", "2 pads on the left"},
		{"a .x, ! b", 7, "!", "expected a pad"},
		{"a ; b", 3, ";", "expected an element"},
		{`"a ! b"`, 1, `"a`, "expected an element"},
	} {
		_, err := ParseLaunch(tt.in)
		var e *SyntaxError
		if !errors.As(err, &e) {
			t.Errorf("%s: error %v, want a *SyntaxError", tt.in, err)
			continue
		}
		if e.Column != tt.column || e.Word != tt.word || !strings.Contains(e.Message+"\n"+e.Remedy, tt.says) {
			t.Errorf("%s: %v\nwant column %d, word %q, %q", tt.in, err, tt.column, tt.word, tt.says)
		}
		if e.Remedy == "" {
			t.Errorf("%s: no remedy: %v", tt.in, err)
		}
	}
}

func TestQuoteArgs(t *testing.T) {
	for _, tt := range []struct {
		argv []string
		want string // as ParseLaunch and String write it
	}{
		{[]string{"a", "!", "b"}, "a ! b"},
		{[]string{"a", "k=two words", "!", "b"}, `a k="two words" ! b`},
		{[]string{"a", `k="two words"`, "!", "b"}, `a k="two words" ! b`},
		{[]string{"a", "k=\"two \\\" words\"", "!", "b"}, `a k="two \" words" ! b`},
		{[]string{"a", "!", "video/x-raw, width=3", "!", "b"}, "a ! video/x-raw, width=(int)3 ! b"},
		{[]string{"a", "caps=video/x-raw, width=3", "!", "b"}, `a caps="video/x-raw, width=3" ! b`},
		{[]string{"a pattern=ball ! b"}, "a pattern=ball ! b"},
	} {
		s, err := ParseLaunch(QuoteArgs(tt.argv))
		if err != nil || s.String() != tt.want {
			t.Errorf("%q: got %s, %v, want %s", tt.argv, s, err, tt.want)
		}
	}
	if got := QuoteArgs(nil); got != "" {
		t.Errorf("no words gave %q", got)
	}
}

func FuzzParseLaunch(f *testing.F) {
	for _, s := range []string{
		"", "a ! b", "a k=v l=\"x y\" m='z' ! video/x-raw, format={A,B};x/y ! tee name=t t.src_1 ! .s b .x,y ! .z,w c",
		`a name="my cam" ! \` + "\n" + `my\ cam. ( ) : { @preset=x file:///x bin.( `, `capsfilter caps="x/y" ! b\\ k=\`,
		`x ! ( name=o k=v pipeline.( a @preset=q ! b ) ! x/y ! c .p ) .q : x/y(memory:Z), a=" : " : .r ( d ) file:///x ! ( e ! f. ) ! g ! file:///y%20`,
		"( ( ( a ) ! x/y ! ( b name=bin0 ) ) .p ! bin.( capsfilter caps=x/y ! c ) ) : d",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseLaunch(text)
		var bad *SyntaxError
		if err != nil {
			if !errors.As(err, &bad) || bad.Column < 1 || bad.Message == "" || bad.Remedy == "" {
				t.Fatalf("%q: %#v", text, err)
			}
			return
		}
		again, err := ParseLaunch(s.String())
		if err != nil || !again.Equal(s) {
			t.Fatalf("%q\nwritten as %q\nread back %+v\nwant %+v\n%v", text, s, again, s, err)
		}
	})
}

// TestSpecTextRoundTrip builds pipelines with nodes and links in any order.
func TestSpecTextRoundTrip(t *testing.T) {
	props := rapid.Custom(func(t *rapid.T) PropSpec {
		return PropSpec{Name: rapid.StringMatching(`[a-z]{1,3}(-[a-z]|_1::pos)?x`).Draw(t, "name"),
			Value: rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "!", `\`, `"`, "'", "a b", `a\`, "k=v"})).Draw(t, "value")}
	})
	capsProp := rapid.Custom(func(t *rapid.T) PropSpec {
		return PropSpec{Name: "caps", Value: rapid.SampledFrom([]string{"ANY", "video/x-raw", "x/y,a=1", "x/y, a=(int)1; x/z",
			`x/y, a=(string)"q\"!"`, `x/y, a=(string)"\\"; x/z, b=(string)"!"`, "x", "image/svg+xml"}).Draw(t, "caps")}
	})
	rapid.Check(t, func(t *rapid.T) {
		var s Spec
		for range rapid.IntRange(1, 7).Draw(t, "nodes") {
			element := rapid.SampledFrom([]string{"capsfilter", "capsfilter", "queue", "tee", "a", "a1"}).Draw(t, "element")
			gen := props
			if element == "capsfilter" {
				gen = capsProp
			}
			name := rapid.SampledFrom([]string{"", "", "", "capsfilter0", "queue1", "a10", "my cam", "x.y", "-", "!", "é"}).Draw(t, "name")
			if slices.ContainsFunc(s.Nodes, func(n NodeSpec) bool { return n.Name == name }) {
				name = ""
			}
			s.Add(element, name, rapid.SliceOfN(gen, 0, 2).Draw(t, "props")...)
		}
		pad := rapid.SampledFrom([]string{"", "", "", "src_0", "sink"})
		for range rapid.IntRange(0, 8).Draw(t, "links") {
			node := rapid.IntRange(0, len(s.Nodes)-1)
			from := node.Draw(t, "from")
			to := node.Draw(t, "to")
			if rapid.Bool().Draw(t, "next") {
				to = (from + 1) % len(s.Nodes)
			}
			s.LinkPads(PadRef{s.Nodes[from].Name, pad.Draw(t, "out")}, PadRef{s.Nodes[to].Name, pad.Draw(t, "in")})
		}
		again, err := ParseLaunch(s.String())
		if err != nil || !again.Equal(s) {
			t.Fatalf("written as %s\nread back %+v\nwant %+v\n%v", s, again, s, err)
		}
	})
}

func TestSpecBuilder(t *testing.T) {
	var s Spec
	src := s.Add("videotestsrc", "", PropSpec{Name: "pattern", Value: "Moving ball"})
	tee := s.Add("tee", "t")
	s.Link(src, tee)
	sink := s.Add("fakesink", "")
	s.LinkPads(PadRef{tee, "src_1"}, PadRef{sink, "sink"})
	if src != "videotestsrc0" || tee != "t" || sink != "fakesink0" || s.Add("fakesink", "") != "fakesink1" {
		t.Errorf("names %s, %s, %s", src, tee, sink)
	}
	const want = `videotestsrc pattern="Moving ball" ! tee name=t .src_1 ! .sink fakesink fakesink`
	if s.String() != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	if (Spec{}).String() != "" {
		t.Error("an empty pipeline has text")
	}
}
