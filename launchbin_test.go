package eiengine

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestParseLaunchGrammar gives what String writes for the parts of the language
// beyond elements, links and caps.
func TestParseLaunchGrammar(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		// links of all pads
		{"a : b", "a : b"},
		{"a :b", "a : b"},
		{"a : video/x-raw,width=8 : b", "a : video/x-raw, width=(int)8 : b"},
		{"a : video/x-raw ! b", "a : video/x-raw : b"},
		{"a ! video/x-raw : b", "a ! video/x-raw ! b"},
		{"a : video/x-raw : b ! c", "a : video/x-raw : b ! c"},
		{"a : video/x-raw(memory:NVMM) \\\n : b", "a : video/x-raw(memory:NVMM) : b"},
		{"a name=x b : x.", "a name=x b : x."},
		{"t. : b : c tee name=t", "b c tee name=t : b0. b0. : c0."},
		{"a .x : .y b", "a .x : .y b"},
		// pad lists
		{"a .p1,p2 ! x/y ! .q1,q2 b", "a .p1 ! capsfilter caps=x/y capsfilter caps=x/y capsfilter0. ! .q1 b a0.p2 ! capsfilter1. capsfilter1. ! b0.q2"},
		// pad and child properties
		{"compositor sink_1::xpos=320 child::prop=v", "compositor sink_1::xpos=320 child::prop=v"},
		// bins
		{"( a ! b )", "( a ! b )"},
		{"(a ! b)", "( a ! b )"},
		{"bin.( a ! b )", "( a ! b )"},
		{"bin . ( a ! b )", "( a ! b )"},
		{"bin. ( a ! b )", "( a ! b )"},
		{"pipeline.( a ! b )", "pipeline.( a ! b )"},
		{"( name=x a ! b )", "( name=x a ! b )"},
		{"( name = x k=v a k=w )", "( name=x k=v a k=w )"},
		{"( name=bin0 a )", "( a )"},
		{"( a ) ( b ) ( name=bin1 c )", "( a ) ( name=bin2 b ) ( c )"},
		{"( a ! b ) ! c", "( a ! b ) ! c"},
		{"x ! ( a ! b )", "x ! ( a ! b )"},
		{"x ! ( a ! b ) ! c", "x ! ( a ! b ) ! c"},
		{"x : ( a b ) : c", "x : ( a b ) : c"},
		{"x ! ( ( a ) ! ( b ) ) ! c", "x ! ( ( a ) ! ( b ) ) ! c"},
		{"( a ! ( b ! c ) )", "( a ! ( b ! c ) )"},
		{"( a b ! c ) .src ! .sink d", "( a b ! c ) .src ! .sink d"},
		{"x ! .sink ( a )", "x ! .sink ( a )"},
		{"( a ) ! x/y ! ( b )", "( a ) ! x/y ! ( b )"},
		{"( a ! x/y ! b )", "( a ! x/y ! b )"},
		{"( a ! capsfilter caps=x/y ) ! b", "( a ! capsfilter caps=x/y ) ! b"},
		{"( v. ! a ) v name=v", "( a ) v name=v ! a0."},
		{"( tee name=t t. ! a ) t. ! b", "( tee name=t ! a ) t. ! b"},
		{"a ( b ) c", "a ( b ) c"},
		// addresses
		{"file:///x ! a", "filesrc location=/x ! a"},
		{"FILE:///x ! a", "filesrc location=/x ! a"},
		{`file:///my%20dir/a\ b ! a`, `filesrc location="/my dir/a b" ! a`},
		{"a ! file:///x b ! c", "a ! filesink location=/x b ! c"},
		{"a : file:///x", "a : filesink location=/x"},
		{"file:///x", "filesrc location=/x"},
		{"( file:///x ) ! a", "( filesrc location=/x ) ! a"},
		{"( a ! file:///x )", "( a ! filesink location=/x )"},
		// presets
		{`x264enc @preset="Profile YouTube" k=v ! a`, `x264enc @preset="Profile YouTube" k=v ! a`},
		{"x264enc @preset = fast", "x264enc @preset=fast"},
	} {
		s, err := ParseLaunch(tt.in)
		if err != nil {
			t.Errorf("%s: %v", tt.in, err)
			continue
		}
		again, err := ParseLaunch(s.String())
		if err != nil || !again.Equal(s) {
			t.Errorf("%s\nwritten as %s\nread back %+v, %v\nwant %+v", tt.in, s, again, err, s)
		}
		if s.String() != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.in, s, tt.want)
		}
	}
}

func TestParseLaunchBinSpec(t *testing.T) {
	s, err := ParseLaunch("x ! ( name=outer k=v pipeline.( a ! b ) ! c ) : x/y : d")
	if err != nil {
		t.Fatal(err)
	}
	want := Spec{
		Bins: []BinSpec{
			{Element: "bin", Name: "outer", Props: []PropSpec{{Name: "k", Value: "v"}}},
			{Element: "pipeline", Name: "pipeline0", Bin: "outer"},
		},
		Nodes: []NodeSpec{{Element: "x", Name: "x0"}, {Element: "a", Name: "a0", Bin: "pipeline0"}, {Element: "b", Name: "b0", Bin: "pipeline0"},
			{Element: "c", Name: "c0", Bin: "outer"}, {Element: "d", Name: "d0"}},
		Links: []LinkSpec{{From: PadRef{Node: "x0"}, To: PadRef{Node: "a0"}}, {From: PadRef{Node: "a0"}, To: PadRef{Node: "b0"}},
			{From: PadRef{Node: "b0"}, To: PadRef{Node: "c0"}}, {From: PadRef{Node: "c0"}, To: PadRef{Node: "d0"}, All: true, Caps: "x/y"}},
	}
	if !s.Equal(want) {
		t.Errorf("got  %+v\nwant %+v", s, want)
	}
	if s.Bins[0].Column != 5 || s.Bins[1].Column != 22 {
		t.Errorf("places of bins: %d, %d", s.Bins[0].Column, s.Bins[1].Column)
	}
}

func TestParseLaunchGrammarErrors(t *testing.T) {
	for _, tt := range []struct {
		in     string
		column int
		word   string
		says   string
	}{
		{"a :", 3, ":", "nothing stands behind"},
		{": a", 1, ":", "nothing stands before"},
		{"a : : b", 5, ":", "two links"},
		{"a : video/x-raw : audio/x-raw : y", 19, "audio/x-raw", "two caps filters"},
		{"a .x,y : b", 8, ":", "2 pads on the left"},
		{"( )", 1, "(", `specified empty bin "bin"`},
		{"bin.( )", 5, "(", `specified empty bin "bin"`},
		{"( name=x )", 1, "(", "specified empty bin"},
		{"a ( b ! ( ) )", 9, "(", "specified empty bin"},
		{"a name=t b name=k ( t. ! k. )", 19, "(", "no element"},
		{"( a ! b", 1, "(", "not closed"},
		{"( a k=v)", 1, "(", "with a blank before it"},
		{"a )", 3, ")", "closes no bin"},
		{") a", 1, ")", "expected an element"},
		{"( a ) k=v", 7, "k=v", "belongs to no element"},
		{"( a k. ) ! b", 5, "k.", "unexpected reference"},
		{"( a ! k. ) ! b k name=k", 7, "k.", "no source"},
		{"b ! ( k. ! a ) k name=k", 5, "(", "no sink"},
		{"b ! ( file:///x ! a )", 5, "(", "no sink"},
		{"( a ! file:///x ) ! b", 7, "file:///x", "no source"},
		{"( a .src ) ! b", 5, ".src", "unexpected pad reference"},
		{"( name=x a ) x. ! b", 14, "x.", "refer to the element in it"},
		{"( name=x a ) b name=x", 10, "", ""},
		{"( @preset=x a )", 3, "@preset=x", "bins have no presets"},
		{"@preset=x a", 1, "@preset=x", "belongs to no element"},
		{"a @other=x", 3, "@other=x", "not a preset"},
		{"a @preset=", 3, "@preset", "has no value"},
		{strings.Repeat("( ", 101) + "a", 201, "(", "more than 100 bins"},
		{"{ a ! b }", 1, "{", "queue"},
		{"a { b }", 3, "{", "queue"},
		{".sink a ! b", 1, ".sink", "without an element"},
		{"nosuch:///x ! a", 1, "nosuch:///x", `no source element for URI "nosuch:///x"`},
		{"a ! rtsp://host/x", 5, "rtsp://host/x", `no sink element for URI "rtsp://host/x"`},
		{"/tmp/x ! a", 1, "/tmp/x", "file:///"},
		{"a ! ./x", 5, "./x", "file:///"},
		{"file://etc/x ! a", 1, "file://etc/x", "third slash"},
		{"file:///x%zz ! a", 1, "file:///x%zz", "%25"},
		{"file:///x k=v ! a", 11, "k=v", "belongs to no element"},
		{"a ! file:///x ! b", 5, "file:///x", "a URI ends a chain"},
		{"a ! qeue. queue name=queue", 5, "qeue.", "did you mean queue?"},
	} {
		_, err := ParseLaunch(tt.in)
		var e *SyntaxError
		if !errors.As(err, &e) {
			t.Errorf("%s: error %v, want a *SyntaxError", tt.in, err)
			continue
		}
		if tt.word != "" && (e.Column != tt.column || e.Word != tt.word) || !strings.Contains(e.Message+"\n"+e.Remedy, tt.says) || e.Remedy == "" {
			t.Errorf("%s: %v\nwant column %d, word %q, %q", tt.in, err, tt.column, tt.word, tt.says)
		}
	}
}

// TestSpecTextRoundTripBins builds trees of bins with links across them.
func TestSpecTextRoundTripBins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s Spec
		var fill func(bin string, depth int)
		fill = func(bin string, depth int) {
			n := rapid.IntRange(1, 3).Draw(t, "members")
			for range n {
				if depth < 3 && rapid.IntRange(0, 2).Draw(t, "deeper") == 0 {
					kind := rapid.SampledFrom([]string{"bin", "bin", "pipeline"}).Draw(t, "kind")
					name := kind + rapid.StringMatching(`[0-9]{2}`).Draw(t, "number")
					for i := range s.Bins {
						if s.Bins[i].Name == name {
							return
						}
					}
					at := len(s.Bins)
					s.Bins = append(s.Bins, BinSpec{Element: kind, Name: name, Bin: bin})
					if rapid.Bool().Draw(t, "props") {
						s.Bins[at].Props = []PropSpec{{Name: "a::b", Value: "c d"}}
					}
					nodes := len(s.Nodes)
					fill(name, depth+1)
					if len(s.Nodes) == nodes {
						s.Bins = s.Bins[:at]
					}
					continue
				}
				element := rapid.SampledFrom([]string{"capsfilter", "queue", "tee"}).Draw(t, "element")
				s.Add(element, "")
				node := &s.Nodes[len(s.Nodes)-1]
				node.Bin = bin
				if element == "capsfilter" {
					node.Props = []PropSpec{{Name: "caps", Value: "x/y"}}
				}
			}
		}
		fill("", 0)
		if len(s.Nodes) == 0 {
			s.Add("queue", "")
		}
		pad := rapid.SampledFrom([]string{"", "", "", "src_0"})
		for range rapid.IntRange(0, 8).Draw(t, "links") {
			from := rapid.IntRange(0, len(s.Nodes)-1).Draw(t, "from")
			to := (from + 1) % len(s.Nodes)
			if rapid.IntRange(0, 3).Draw(t, "far") == 0 {
				to = rapid.IntRange(0, len(s.Nodes)-1).Draw(t, "to")
			}
			l := LinkSpec{From: PadRef{s.Nodes[from].Name, pad.Draw(t, "out")}, To: PadRef{s.Nodes[to].Name, pad.Draw(t, "in")}}
			if l.All = rapid.IntRange(0, 3).Draw(t, "all") == 0; l.All {
				l.Caps = rapid.SampledFrom([]string{"", "x/y", "x/y, a=(string)\" : \""}).Draw(t, "caps")
			}
			s.Links = append(s.Links, l)
		}
		again, err := ParseLaunch(s.String())
		if err != nil || !again.Equal(s) {
			t.Fatalf("written as %s\nread back %+v\nwant %+v\n%v", s, again, s, err)
		}
	})
}
