package eiengine

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func noEnv(string) (string, bool) { return "", false }

// readSpec is the one pipeline of a file.
func readSpec(t interface {
	Helper()
	Fatalf(string, ...any)
}, path string, text []byte) Spec {
	t.Helper()
	f, err := ParseFile(path, text)
	if err != nil {
		t.Fatalf("%v\nin\n%s", err, text)
	}
	s, err := f.Spec(f.Names()[0], noEnv)
	if err != nil {
		t.Fatalf("%v\nin\n%s", err, text)
	}
	return s
}

// TestFileIsText gives for each file the launch text of its first pipeline.
func TestFileIsText(t *testing.T) {
	for _, tt := range []struct{ name, file, want string }{
		{"text", "pipelines:\n  p:\n    launch: a k=v ! b", "a k=v ! b"},
		{"several lines", "pipelines:\n  p:\n    launch: |\n      a k=v !\n      b\n", "a k=v ! b"},
		{"chain", `
pipelines:
  p:
    elements:
      - videotestsrc: {name: src, pattern: shapes, num-buffers: 30}
      - capsfilter: {caps: "video/x-raw,width=640"}
      - queue:
          leaky: downstream
      - fakesink
`, `videotestsrc name=src pattern=shapes num-buffers=30 ! capsfilter caps=video/x-raw,width=640 ! queue leaky=downstream ! fakesink`},
		{"branches", `
pipelines:
  p:
    elements: [a, tee: {name: t}, b]
    links:
      - from: t
        elements: [queue, {filesink: {location: x.png}}]
      - {from: t.src_5, elements: [queue], to: m.sink_1}
      - elements: [m: {name: m}, c]
`, "a ! tee name=t ! b t. ! queue ! filesink location=x.png t.src_5 ! queue ! .sink_1 m name=m ! c"},
		{"values", `
pipelines:
  p:
    elements:
      - a: {i: 12, n: -5, big: 1e6, small: 2.5e-1, v: 1.10, hex: 0x1F, z: 010, yes: true, no: FALSE, t: yes, s: "x y", e: "", q: 'it''s', u: 1_000, d: .5, c: 5.min=0.6}
`, `a i=12 n=-5 big=1000000 small=0.25 v=1.10 hex=0x1F z=010 yes=true no=false t=yes s="x y" e="" q="it's" u=1000 d=.5 c=5.min=0.6`},
		{"repeats", "pipelines: {p: {elements: [{a: {x: [1, b], y: 2}}, {b: [{x: 1}, {y: 2}, {x: 3}]}]}}", "a x=1 x=b y=2 ! b x=1 y=2 x=3"},
		{"dots in names", "pipelines: {p: {elements: [a: {name: x.y}], links: [{from: 'x\\.y.p\\.q', to: 'x\\.y'}]}}", `a name=x.y .p\.q ! x\.y.`},
		{"bins", "pipelines:\n  p:\n    launch: 'a ! ( name=b queue x=${X:-1} ) ! c : d'", "a ! ( name=b queue x=1 ) ! c : d"},
		{"JSON", `{"pipelines": {"p": {"elements": [{"a": {"k": 1e3, "l": true, "m": "😀"}}, "b"]}}}`, "a k=1000 l=true m=😀 ! b"},
		{"JSON text", `{"pipelines":{"p":{"launch":"a k=\"x y\" ! b"}}}`, `a k="x y" ! b`},
		{"dollars", "pipelines:\n  p:\n    elements:\n      - a: {x: '$5', y: '$${HOME}', z: '$$${HOME}', w: '${NONE:-a b}', v: '${NONE:-}'}", `a x=$5 y=${HOME} z=$${HOME} w="a b" v=""`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if s := readSpec(t, "p.yaml", []byte(tt.file)); s.String() != tt.want || s.Name != "p" {
				t.Errorf("%q\n got %s\nwant %s", s.Name, s, tt.want)
			}
		})
	}
}

func TestFileKeepsTheOrder(t *testing.T) {
	f, err := ParseFile("f.yaml", []byte("pipelines:\n  z: {launch: a}\n  b: {launch: b}\n  a c: {launch: c}\n"))
	if err != nil || !slices.Equal(f.Names(), []string{"z", "b", "a c"}) {
		t.Errorf("%v, %v", f.Names(), err)
	}
	if _, err := f.Spec("zz", noEnv); err == nil || err.Error() != `f.yaml has no pipeline "zz"; did you mean z?` {
		t.Error(err)
	}
}

// TestFileErrors gives for each mistake the beginning of what is said.
func TestFileErrors(t *testing.T) {
	const head = "pipelines:\n  p:\n"
	for _, tt := range []struct{ file, want string }{
		{"", "f:1:1: the file is nothing, want a mapping: begin with"},
		{"[]", "f:1:1: the file is a list, want a mapping"},
		{"pipelines:\n", "f:1:1: \"pipelines\" is nothing"},
		{"pipelines: {}\n", "f:1:12: the file has no pipelines"},
		{"a: [\n", "f:1:4: "},
		{"pipelines:\n\tp: x", "f:2:1: "},
		{head + "    launch: a : b\n", "f:3:13: mapping value is not allowed in this context; put a line that holds"},
		{"pipeline:\n  a: 1\n", `f:1:1: unknown key "pipeline" in the file; did you mean pipelines?`},
		{head + "    lunch: a ! b\n", `f:3:5: unknown key "lunch" in pipeline "p"; did you mean launch?`},
		{head + "    launch: a\n    elements: [b]\n", `f:3:13: pipeline "p" has launch and elements`},
		{head + "    launch: [a]\n", `f:3:13: "launch" is a list, want a value`},
		{head + "    launch: a ! ! b\n", `f:3:17: at "!": syntax error: two links in a row`},
		{head + "    launch: \"a ! ! b\"\n", `f:3:18: at "!": syntax error: two links in a row`},
		{head + "    launch: |\n      a !\n      k= ! b\n", `f:5:7: at "k=": the property "k" belongs`},
		{head + "    launch: |\n \n", "f:4:2: at the end: empty pipeline not allowed"},
		{head + "    launch: >-\n      a !\n      b ! k=\n", `f:5:11: at "k=": the property "k" belongs`},
		{head + "    launch: a !\n      b ! k=\n", `f:4:11: at "k=": the property "k" belongs`},
		{head + "    launch: a ! ${SINK}\n", `f:3:17: at "${SINK}": syntax error: expected an element or a reference`},
		{head + "    launch: a x=${}\n", "f:3:15: a variable is written ${NAME}"},
		{head + "    elements: []\n", `f:3:15: pipeline "p" has no elements`},
		{head + "    elements: a\n", `f:3:15: "elements" is a value, want a list`},
		{head + "    elements:\n      - a: {}\n        b: {}\n", "f:4:9: an element has 2 keys"},
		{head + "    elements:\n      - a: 5\n", "f:4:12: properties are a value"},
		{head + "    elements:\n      - queue x=1\n", `f:4:9: "queue x=1" is no element: the kind comes first`},
		{head + "    elements:\n      - video/x-raw,width=1\n", `f:4:9: "video/x-raw,width=1" is no element: write caps as capsfilter: {caps: "video/x-raw,width=1"}`},
		{head + "    elements:\n      - a: {k: }\n", `f:4:13: the property "k" has no value`},
		{head + "    elements:\n      - a: {k: {l: 1}}\n", `f:4:16: the property "k" is a mapping`},
		{head + "    elements:\n      - a: {k: 1, k: 2}\n", "f:4:19: "},
		{head + "    elements:\n      - a: {name: x}\n      - b: {name: x}\n", `f:5:19: the name "x" is taken by the a in line 4`},
		{head + "    elements:\n      - a: {k: '${A-b}'}\n", "f:4:16: a variable is written"},
		{head + "    elements: [a]\n    links:\n      - from: a0\n", "f:5:9: this link has only one end"},
		{head + "    elements: [a]\n    links:\n      - {from: a0, too: b}\n", `f:5:20: unknown key "too" in an item of links; did you mean to?`},
		{head + "    elements: [source]\n    links:\n      - {from: sourc0, to: source0}\n", `f:5:16: no element named "sourc0"; did you mean source0?`},
		{head + "    elements: [a]\n    links:\n      - {from: a.b.c, to: a0}\n", `f:5:16: "a.b.c" has two dots`},
		{head + "    elements: &x [a]\n", "f:3:15: anchors and aliases"},
		{head + "    elements: !!seq [a]\n", "f:3:15: tags"},
		{"---\npipelines: {p: {launch: a}}\n---\nx: 1\n", "f:4:1: a second document"},
		{"pipelines: {p: {launch: a}}\n\xff", "f:1:1: the file is not UTF-8"},
		{"{\"pipelines\": {\n  \"é\": {\"lunch\": 1}}}", `f:2:9: unknown key "lunch"`},
		{"{\"pipelines\": {\"p\": {\"launch\": \"é ! !\"}}}", `f:1:37: at "!": syntax error`},
	} {
		_, err := ParseFile("f", []byte(tt.file))
		var bad *BuildError
		var at *FileError
		if !errors.As(err, &bad) || !errors.As(err, &at) || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s\n got %v\nwant %s", tt.file, err, tt.want)
		}
	}
	for _, tt := range []struct{ file, want string }{
		{`{"pipelines": {"p": 1,}}`, "f.json:1:23: "},
		{"{\"pipelines\":\n", "f.json:2:1: the text ends too early"},
		{`{"pipelines": {}} x`, "f.json:1:19: "},
		{`{"pipelines": {"p": {"launch": "a"}, "p": {"launch": "a"}}}`, `f.json:1:38: two pipelines are named "p"`},
		{`{"pipelines": {"p": {"elements": [{"a": {"k": 1, "k": 2}}]}}}`, `f.json:1:50: the property "k" is there twice`},
		{"{\n \"pipelines\": {\"p\": {\"launch\": \"a\", \"launch\": \"b\"}}}", `f.json:2:37: the key "launch" is there twice`},
	} {
		if _, err := ParseFile("f.json", []byte(tt.file)); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s\n got %v\nwant %s", tt.file, err, tt.want)
		}
	}
}

func TestFileTellsEveryMistake(t *testing.T) {
	_, err := ParseFile("f", []byte("pipelines:\n  a: {lunch: x}\n  b: {launch: a !}\n  c: {elements: [a: {k: }]}\n"))
	var bad *BuildError
	if !errors.As(err, &bad) || len(bad.Problems) != 3 {
		t.Errorf("%v", err)
	}
}

func TestVariables(t *testing.T) {
	f, err := ParseFile("f", []byte(`
pipelines:
  p:
    launch: a x="${A}-${B:-b c}-${E:-e}" ! b y=${A} z=$${A}
  q:
    elements:
      - a: {x: "${MISSING}", y: ["1", "${GONE}"]}
`))
	if err != nil {
		t.Fatal(err)
	}
	env := func(name string) (string, bool) {
		v, ok := map[string]string{"A": `$ ${B} "`, "E": ""}[name]
		return v, ok
	}
	s, err := f.Spec("p", env)
	if want := `a x="$ ${B} \"-b c-e" ! b y="$ ${B} \"" z=${A}`; err != nil || s.String() != want {
		t.Errorf("%v\n got %s\nwant %s", err, s, want)
	}
	_, err = f.Spec("q", env)
	const want = "f:7:16: the environment variable MISSING is not set: set it, or give a default, ${MISSING:-default}\n" +
		"f:7:39: the environment variable GONE is not set: set it, or give a default, ${GONE:-default}"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	// Written again they are still variables.
	text, err := f.YAML()
	if err != nil || !strings.Contains(string(text), `{x: "${MISSING}", y: [1, "${GONE}"]}`) {
		t.Errorf("%v\n%s", err, text)
	}
}

func drawSpec(t *rapid.T) Spec {
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`-?[0-9._+eEx]{0,5}`), rapid.SampledFrom([]string{"", "true", "True", "yes", "~", "null",
		"1e6", "0x10", "010", "1_0", ".inf", "- a", "a: b", "#", "a #b", "x,y", "[", "{}", "'", `"`, `\`, "!", "&a", "*a", "|", ">", "%", "@", "`", " a", "a ", "a\nb",
		"${", "${A}", "$${A}", "$$", "\u2028", "\ufeff", "\x00", "\x7f", "\u0085", "\U000e0001", "2026-01-01", "<<", "a/b", "a.b"}))
	props := rapid.Custom(func(t *rapid.T) PropSpec {
		return PropSpec{Name: rapid.OneOf(rapid.SampledFrom([]string{"x", "x", "y", "true", "1", "elements", "from", "<<"}), rapid.StringMatching(`[a-z]{1,3}(-[a-z]|_1::pos)?`)).
			Filter(func(s string) bool { return s != "name" }).Draw(t, "name"), Value: text.Draw(t, "value")}
	})
	s := Spec{Name: rapid.OneOf(rapid.SampledFrom([]string{"p", "main", "true", "1", "a: b", "é"}), rapid.StringMatching(`[a-z]{1,5}`)).Draw(t, "pipeline")}
	for range rapid.IntRange(1, 7).Draw(t, "nodes") {
		element := rapid.SampledFrom([]string{"capsfilter", "queue", "tee", "a", "a1", "elements", "from", "true", "null"}).Draw(t, "element")
		name := rapid.SampledFrom([]string{"", "", "", "capsfilter0", "queue1", "a10", "my cam", "x.y", `x\.y`, "-", "!", "é", "a/b", "true", "5"}).Draw(t, "name")
		if slices.ContainsFunc(s.Nodes, func(n NodeSpec) bool { return n.Name == name }) {
			name = ""
		}
		s.Add(element, name, rapid.SliceOfN(props, 0, 4).Draw(t, "props")...)
	}
	pad := rapid.SampledFrom([]string{"", "", "", "src_0", "sink", "a.b", `a\`})
	for range rapid.IntRange(0, 8).Draw(t, "links") {
		node := rapid.IntRange(0, len(s.Nodes)-1)
		from := node.Draw(t, "from")
		to := node.Draw(t, "to")
		if rapid.Bool().Draw(t, "next") {
			to = (from + 1) % len(s.Nodes)
		}
		s.LinkPads(PadRef{s.Nodes[from].Name, pad.Draw(t, "out")}, PadRef{s.Nodes[to].Name, pad.Draw(t, "in")})
	}
	return s
}

// TestFileRoundTrip writes pipelines with nodes and links in any order.
func TestFileRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSpec(t)
		f, err := NewFile(s)
		if err != nil {
			t.Fatal(err)
		}
		for path, write := range map[string]func() ([]byte, error){"p.yaml": f.YAML, "p.json": f.JSON} {
			text, err := write()
			if err != nil {
				t.Fatal(err)
			}
			if again := readSpec(t, path, text); !again.Equal(s) {
				t.Fatalf("written as\n%s\nread back %+v\nwant %+v", text, again, s)
			}
		}
		// Text, YAML, text.
		line := s.String()
		parsed, err := ParseLaunch(line)
		if err != nil {
			t.Fatal(err)
		}
		if f, err = NewFile(parsed); err != nil {
			t.Fatal(err)
		}
		text, err := f.YAML()
		if err != nil {
			t.Fatal(err)
		}
		if again := readSpec(t, "p.yaml", text); again.String() != line {
			t.Fatalf("%s\nwritten as\n%s\ncame back as\n%s", line, text, again)
		}
	})
}

func TestNewFile(t *testing.T) {
	var a Spec
	a.Add("fakesrc", "")
	f, err := NewFile(a, Spec{Name: "pipeline0", Nodes: a.Nodes}, a)
	if err != nil || !slices.Equal(f.Names(), []string{"pipeline1", "pipeline0", "pipeline2"}) {
		t.Errorf("%v, %v", f.Names(), err)
	}
	if _, err := NewFile(f.pipelines[0].spec, f.pipelines[0].spec); err == nil {
		t.Error("two pipelines of one name were taken")
	}
	for want, s := range map[string]Spec{
		"it has no elements":     {},
		"not UTF-8":              {Nodes: []NodeSpec{{Element: "a", Name: "a", Props: []PropSpec{{Name: "x", Value: "\xff"}}}}},
		"is no name for an elem": {Nodes: []NodeSpec{{Element: "a", Name: ""}}},
		"is no property":         {Nodes: []NodeSpec{{Element: "a", Name: "a", Props: []PropSpec{{Name: "name"}}}}},
		"two elements are named": {Nodes: []NodeSpec{{Element: "a", Name: "a"}, {Element: "a", Name: "a"}}},
	} {
		f, err := NewFile(s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.YAML(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func FuzzParseFile(f *testing.F) {
	for _, s := range []string{
		"", "pipelines:\n  p:\n    launch: |\n      a k=\"x y\" ! b\n  q: {launch: 'a ! ! b'}\n",
		"pipelines: {p: {elements: [a, tee: {name: t, x: [1, 2.5e3, true, '${A:-b}']}], links: [{from: t.src_1, elements: [b: [x: 1]], to: a0}]}}",
		`{"pipelines": {"p": {"launch": "a ! b"}, "q": {"elements": [{"a": {"x": 1e3}}]}}}`, "a: &b [*b, !!str c]\n? d\n---\n<<: e",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, err := ParseFile("f", []byte(text))
		if err != nil {
			var bad *BuildError
			if !errors.As(err, &bad) || len(bad.Problems) == 0 {
				t.Fatalf("%q: %#v", text, err)
			}
			for _, p := range bad.Problems {
				if at, ok := p.(*FileError); !ok || at.Line < 1 || at.Column < 1 {
					t.Fatalf("%q: %#v", text, p)
				}
			}
			return
		}
		written, err := file.YAML()
		if err != nil {
			return // a name that launch text has and YAML has not
		}
		again, err := ParseFile("f", written)
		if err != nil {
			t.Fatalf("%q written as %q: %v", text, written, err)
		}
		env := func(string) (string, bool) { return "value", true }
		for _, name := range file.Names() {
			s, err := file.Spec(name, env)
			t1, err1 := again.Spec(name, env)
			if err != nil || err1 != nil || !s.Equal(t1) {
				t.Fatalf("%q written as %q:\n%+v, %v\n%+v, %v", text, written, s, err, t1, err1)
			}
		}
	})
}

// FuzzLaunchAsFile writes launch lines as YAML and JSON and reads them back.
func FuzzLaunchAsFile(f *testing.F) {
	for _, s := range []string{
		"a k=v l=\"x y\" m=${X} ! video/x-raw,format=RGB ! tee name=t t.src_1 ! .s b t. ! c",
		"a ! ( name=b queue x=1 b.( c ) ) ! d : e", "a ! m. b ! m. m name=m ! c", "file:///x ! a @preset=y",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		s, err := ParseLaunch(line)
		if err != nil {
			return
		}
		s.Name = "p"
		file, err := NewFile(s)
		if err != nil {
			t.Fatal(err)
		}
		for path, write := range map[string]func() ([]byte, error){"p.yaml": file.YAML, "p.json": file.JSON} {
			text, err := write()
			if err != nil {
				continue // no UTF-8, or a name that only launch text can hold
			}
			if again := readSpec(t, path, text); !again.Equal(s) {
				t.Fatalf("%q written as\n%s\nread back %+v\nwant %+v", line, text, again, s)
			}
		}
	})
}
