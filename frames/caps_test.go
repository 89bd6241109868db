package frames

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCapsIntersect(t *testing.T) {
	for _, tt := range []struct{ a, b, want string }{
		{"ANY", "video/x-raw", "video/x-raw"},
		{"video/x-raw", "ANY", "video/x-raw"},
		{"ANY", "ANY", "ANY"},
		{"ANY", "EMPTY", "EMPTY"},
		{"video/x-raw", "audio/x-raw", "EMPTY"},
		{"video/x-raw,format=RGB", "video/x-raw,width=3", "video/x-raw,format=RGB,width=3"},
		{"video/x-raw,format=RGB", "video/x-raw,format=BGR", "EMPTY"},
		{"video/x-raw,format={I420,RGB,BGR}", "video/x-raw,format={BGR,RGB}", "video/x-raw,format={RGB,BGR}"},
		{"video/x-raw,format={I420,RGB}", "video/x-raw,format={BGR,RGB}", "video/x-raw,format=RGB"},
		{"video/x-raw,width=[1,100]", "video/x-raw,width=[50,200]", "video/x-raw,width=[50,100]"},
		{"video/x-raw,width=[1,100]", "video/x-raw,width=[100,200]", "video/x-raw,width=100"},
		{"video/x-raw,width=[1,100]", "video/x-raw,width={200,50,20}", "video/x-raw,width={50,20}"},
		{"video/x-raw,width={[1,10],50}", "video/x-raw,width=[5,60]", "video/x-raw,width={[5,10],50}"},
		{"video/x-raw,framerate=[0/1,30/1]", "video/x-raw,framerate=60/2", "video/x-raw,framerate=30/1"},
		{"video/x-raw,framerate=[0/1,30/1]", "video/x-raw,framerate=[25/1,60/1]", "video/x-raw,framerate=[25/1,30/1]"},
		{"video/x-raw,framerate=30", "video/x-raw,framerate=30/1", "EMPTY"},
		{"x/y,f=[0.0,1.0]", "x/y,f=[0.5,2.0]", "x/y,f=[0.5,1.0]"},
		{"video/x-raw(memory:NVMM)", "video/x-raw", "EMPTY"},
		{"video/x-raw(memory:NVMM)", "video/x-raw(ANY),width=1", "video/x-raw(memory:NVMM),width=1"},
		{"video/x-raw(memory:SystemMemory)", "video/x-raw", "video/x-raw"},
		{"video/x-raw,format=RGB;video/x-raw,format=I420", "video/x-raw,format=I420;video/x-raw,format=RGB",
			"video/x-raw,format=RGB;video/x-raw,format=I420"},
		{"video/x-raw;video/x-raw(ANY)", "video/x-raw,width=1", "video/x-raw,width=1"},
	} {
		if got, want := MustCaps(tt.a).Intersect(MustCaps(tt.b)).String(), MustCaps(tt.want).String(); got != want {
			t.Errorf("%s with %s\n got %s\nwant %s", tt.a, tt.b, got, want)
		}
	}
}

func TestCapsSubset(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"EMPTY", "EMPTY", true},
		{"EMPTY", "video/x-raw", true},
		{"video/x-raw", "EMPTY", false},
		{"video/x-raw", "ANY", true},
		{"ANY", "video/x-raw", false},
		{"video/x-raw,width=3", "video/x-raw", true},
		{"video/x-raw", "video/x-raw,width=3", false},
		{"video/x-raw,width={3,[5,9]}", "video/x-raw,width=[1,9]", true},
		{"video/x-raw,width={3,[5,9]}", "video/x-raw,width=[4,9]", false},
		{"video/x-raw,framerate=30000/1001", "video/x-raw,framerate=[0/1,30/1]", true},
		{"video/x-raw(memory:NVMM)", "video/x-raw(ANY)", true},
		{"video/x-raw(ANY)", "video/x-raw(memory:NVMM)", false},
	} {
		if got := MustCaps(tt.a).IsSubsetOf(MustCaps(tt.b)); got != tt.want {
			t.Errorf("%s subset of %s: %v", tt.a, tt.b, got)
		}
	}
}

func TestCapsUnionAndEqual(t *testing.T) {
	a, b := MustCaps("video/x-raw,width=[1,9]"), MustCaps("video/x-raw,width=3;audio/x-raw")
	if got := a.Union(b).String(); got != "video/x-raw, width=(int)[ 1, 9 ]; audio/x-raw" {
		t.Errorf("union: %s", got)
	}
	if got := a.String(); got != "video/x-raw, width=(int)[ 1, 9 ]" {
		t.Errorf("the union changed its operand: %s", got)
	}
	if !a.Union(AnyCaps()).IsAny() || !(Caps{}).Union(a).Equal(a) {
		t.Error("union with ANY or EMPTY")
	}
	if !MustCaps("x/y;x/z").Equal(MustCaps("x/z;x/y")) || a.Equal(b) {
		t.Error("equal")
	}
}

func TestCapsFixate(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"video/x-raw,format={RGB,BGR},width=[16,99],framerate=[1/2,30/1],x=[0.5,2.0];audio/x-raw",
			"video/x-raw,format=RGB,width=16,framerate=1/2,x=0.5"},
		{"video/x-raw(ANY),width={[5,6],1}", "video/x-raw,width=5"},
		{"EMPTY", "EMPTY"},
		{"ANY", "ANY"},
	} {
		if got, want := MustCaps(tt.in).Fixate().String(), MustCaps(tt.want).String(); got != want {
			t.Errorf("%s\n got %s\nwant %s", tt.in, got, want)
		}
	}
	if c := MustCaps("video/x-raw,width=1"); !c.IsFixed() || MustCaps("video/x-raw(ANY)").IsFixed() || AnyCaps().IsFixed() {
		t.Error("IsFixed")
	}
}

func TestStructureFixateNearest(t *testing.T) {
	s := MustCaps("video/x-raw,width=[16,4096],height={100,240,250},framerate=[0/1,60/1],rate={25/1,50/1},format={I420,RGB,BGR},n=5").Structures()[0]
	got := s.FixateInt("width", 320).FixateInt("height", 246).FixateFraction("framerate", Fraction{30, 1}).
		FixateFraction("rate", Fraction{30, 1}).FixateString("format", "GRAY8", "BGR", "RGB").
		FixateInt("n", 9).FixateInt("absent", 9).FixateString("n", "x")
	const want = "video/x-raw, width=(int)320, height=(int)250, framerate=(fraction)30/1, rate=(fraction)25/1, format=(string)BGR, n=(int)5"
	if got.String() != want {
		t.Errorf("got %s", got)
	}
	if _, isRange := s.Fields[0].Value.(IntRange); !isRange {
		t.Error("fixating changed the original")
	}
	if got := s.FixateInt("width", 5).FixateInt("height", 1e6).FixateString("format", "none").FixateFraction("framerate", Fraction{90, 1}).String(); got !=
		"video/x-raw, width=(int)16, height=(int)250, framerate=(fraction)60/1, rate=(fraction){ 25/1, 50/1 }, format=(string)I420, n=(int)5" {
		t.Errorf("outside of what is allowed: %s", got)
	}
}

func TestNewCapsNormalizes(t *testing.T) {
	c := NewCaps(
		Structure{Media: "a/a", Fields: []Field{{"none", List{}}}},
		Structure{Media: "b/b", Fields: []Field{{"swapped", IntRange{2, 1}}}},
		Structure{Media: "c/c", Features: "meta:Z, memory:A", Fields: []Field{{"f", Fraction{-60, -2}}, {"l", List{Int(1), List{Int(1)}}}, {"nil", nil}}},
		Structure{Media: "d/d", Fields: []Field{{"zero", Fraction{1, 0}}}},
	)
	if got := c.String(); got != "c/c(memory:A, meta:Z), f=(fraction)30/1, l=(int)1" {
		t.Error(got)
	}
	s := c.Structures()[0]
	if got := s.With("f", Int(2)).With("new", Bool(true)).Without("l").String(); got != "c/c(memory:A, meta:Z), f=(int)2, new=(boolean)true" {
		t.Error(got)
	}
	if got := s.String(); got != "c/c(memory:A, meta:Z), f=(fraction)30/1, l=(int)1" {
		t.Errorf("With or Without changed the original: %s", got)
	}
}

// A small world: whole numbers 0 to 5 in fields a and b, two media, three kinds
// of memory. Every format in it can be tried, so the algebra is checked against
// membership itself.
var (
	worldMedia    = []string{"x/y", "x/z"}
	worldFeatures = []string{"", "memory:A", "ANY"}
)

func drawValue(t *rapid.T) Value {
	simple := rapid.Custom(func(t *rapid.T) Value {
		lo, hi := rapid.IntRange(0, 5).Draw(t, "lo"), rapid.IntRange(0, 5).Draw(t, "hi")
		if rapid.Bool().Draw(t, "range") {
			return IntRange{min(lo, hi), max(lo, hi)}
		}
		return Int(lo)
	})
	if rapid.Bool().Draw(t, "list") {
		return List(rapid.SliceOfN(simple, 1, 4).Draw(t, "members"))
	}
	return simple.Draw(t, "value")
}

func drawCaps(t *rapid.T, label string) Caps {
	structure := rapid.Custom(func(t *rapid.T) Structure {
		s := Structure{Media: rapid.SampledFrom(worldMedia).Draw(t, "media"), Features: rapid.SampledFrom(worldFeatures).Draw(t, "features")}
		for _, name := range []string{"a", "b"} {
			if rapid.Bool().Draw(t, name) {
				s = s.With(name, drawValue(t))
			}
		}
		return s
	})
	if rapid.IntRange(0, 19).Draw(t, "any") == 0 {
		return AnyCaps()
	}
	return NewCaps(rapid.SliceOfN(structure, 0, 4).Draw(t, label)...)
}

func worldFormats() []Caps {
	var all []Caps
	for _, m := range worldMedia {
		for _, f := range worldFeatures[:2] {
			for n := range 36 {
				all = append(all, NewCaps(Structure{Media: m, Features: f, Fields: []Field{{"a", Int(n / 6)}, {"b", Int(n % 6)}}}))
			}
		}
	}
	return all
}

func TestCapsAlgebra(t *testing.T) {
	world := worldFormats()
	rapid.Check(t, func(t *rapid.T) {
		c, d := drawCaps(t, "c"), drawCaps(t, "d")
		both, union := c.Intersect(d), c.Union(d)
		for _, f := range world {
			inC, inD := f.IsSubsetOf(c), f.IsSubsetOf(d)
			if in := f.IsSubsetOf(both); in != (inC && inD) {
				t.Fatalf("%s in %s: %v", f, both, in)
			}
			if in := f.IsSubsetOf(union); in != (inC || inD) {
				t.Fatalf("%s in %s: %v", f, union, in)
			}
			if inC && !inD && c.IsSubsetOf(d) {
				t.Fatalf("%s is called a subset, but lacks %s", c, f)
			}
		}
		if !both.IsSubsetOf(c) || !both.IsSubsetOf(d) || !both.Equal(d.Intersect(c)) {
			t.Fatalf("intersection %s, the other way %s", both, d.Intersect(c))
		}
		if c.CanIntersect(d) == both.IsEmpty() {
			t.Fatalf("CanIntersect is %v, the intersection %s", c.CanIntersect(d), both)
		}
		if again := MustCaps(c.String()); again.String() != c.String() {
			t.Fatalf("%s read back as %s", c, again)
		}
		if !c.IsAny() && !c.IsEmpty() && (!c.Fixate().IsFixed() || !c.Fixate().IsSubsetOf(c)) {
			t.Fatalf("fixated to %s", c.Fixate())
		}
	})
}

func BenchmarkCapsIntersect(b *testing.B) {
	pad := MustCaps("video/x-raw,format={I420,NV12,RGB,BGR,RGBA,GRAY8},width=[1,32767],height=[1,32767],framerate=[0/1,max]")
	filter := MustCaps("video/x-raw,format=RGB,width=320,height=240")
	b.ReportAllocs()
	for b.Loop() {
		pad.Intersect(filter)
	}
}

func TestCapsWithoutFeatures(t *testing.T) {
	for text, want := range map[string]string{
		"ANY": "ANY", "video/x-raw, width=(int)3": "video/x-raw, width=(int)3",
		"video/x-raw(memory:NVMM), width=3; video/x-raw, width=3": "video/x-raw, width=(int)3",
	} {
		c := MustCaps(text)
		if got := c.WithoutFeatures().String(); got != want {
			t.Errorf("%s became %s, not %s", text, got, want)
		}
		if got := c.HasFeatures(); got != strings.Contains(text, "(memory") {
			t.Errorf("%s has features: %v", text, got)
		}
	}
}
