package peertest

import (
	"reflect"
	"strings"
	"testing"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

const inspected = `Factory Details:
  Rank                     none (0)

Element Properties:
  leaky               : Where the queue leaks, if at all
                        flags: readable, writable
                        Enum "GstQueueLeaky" Default: 0, "no"
                           (0): no               - Not Leaky
                           (1): upstream         - Leaky on upstream (new buffers)
  level               : Level
                        flags: readable
                        Integer. Range: 0 - 5 Default: 0 
  rate                : Factor
                        flags: readable, writable
                        Double. Range:               0 -               1 Default:             0.5 

Element Signals:
`

func TestReadsGstInspect(t *testing.T) {
	props, err := parseInspect(inspected)
	if err != nil {
		t.Fatal(err)
	}
	if len(props) != 2 || !reflect.DeepEqual(props["leaky"].Nicks, []string{"no", "upstream"}) || props["rate"].Max != 1 {
		t.Errorf("%+v", props)
	}
	shared, ok := both(&eiengine.Property{Name: "leaky", Type: "enum", Enum: []eiengine.EnumValue{{Nick: "no"}, {Nick: "downstream"}}}, props)
	if !ok || !reflect.DeepEqual(shared.Nicks, []string{"no"}) {
		t.Errorf("both know %+v", shared)
	}
}

func FuzzParseInspect(f *testing.F) {
	f.Add(inspected)
	f.Fuzz(func(t *testing.T, text string) {
		props, err := parseInspect(text)
		for name, p := range props {
			if err == nil && name != p.Name {
				t.Errorf("%s is called %s", name, p.Name)
			}
		}
	})
}

func TestCompareSeesWhatDiffers(t *testing.T) {
	g := Graph{Chains: []Chain{{Nodes: []Node{{Element: "audiotestsrc"}, {Element: "fakesink", Name: "s0"}}}}}
	at := func(status int, caps string, times ...string) *Observation {
		return &Observation{Status: status, Sinks: map[string]*Arrivals{"s0": {Caps: caps, Times: times}}}
	}
	for _, tt := range []struct {
		ours, theirs *Observation
		want         string
	}{
		{at(0, "video/x-raw, width=(int)3", "0"), at(0, "video/x-raw, interlace-mode=(string)progressive, width=(int)3", "0"), ""},
		{at(0, "video/x-raw, width=(int)3", "0"), at(0, "video/x-raw, width=(int)4", "0"), "width"},
		{at(0, "video/x-raw, width=(int)3", "0"), at(0, "video/x-raw, width=(int)3", "0", "1"), "frames"},
		{at(0, "video/x-raw, width=(int)3", "0"), at(0, "video/x-raw, width=(int)3", "1"), "time of frame 0"},
		{at(1, ""), at(255, ""), ""},
		{at(0, ""), at(1, ""), "exit status"},
	} {
		got := strings.Join(Compare(g, tt.ours, tt.theirs), "; ")
		if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
			t.Errorf("%+v and %+v: %q, want %q", tt.ours, tt.theirs, got, tt.want)
		}
	}
}

func TestShrinkKeepsWhatMatters(t *testing.T) {
	g := Graph{Chains: []Chain{{Nodes: []Node{
		{Element: "videotestsrc", Props: []string{"num-buffers=1", "pattern=snow"}}, {Element: "queue"},
		{Element: "videoflip", Props: []string{"video-direction=90r", "qos=true"}}, {Element: "fakesink", Name: "s0"},
	}}}}
	small := Shrink(g, 100, func(g Graph) bool { return strings.Contains(g.String(), "video-direction=90r") })
	if want := "videotestsrc num-buffers=1 ! videoflip video-direction=90r ! fakesink name=s0"; small.String() != want {
		t.Errorf("shrunk to %q, want %q", small, want)
	}
}

func TestSameSeedSameGraphs(t *testing.T) {
	f := &eiengine.Factory{Name: "queue", Pads: []eiengine.PadTemplate{{Name: "sink", Direction: eiengine.Sink}, {Name: "src", Direction: eiengine.Src}}}
	c := &Catalogue{Elements: []Element{{Factory: f, Kind: "queue", Props: []Prop{{Name: "max-size-time", Type: "uint", Max: 5, Default: "0"}}}}}
	f.Pads[0].Caps, f.Pads[1].Caps = frames.AnyCaps(), frames.AnyCaps()
	a, b := NewGenerator(c, 3), NewGenerator(c, 3)
	for n := range uint64(50) {
		b.Graph(1000 + n)
		if x, y := a.Graph(n).String(), b.Graph(n).String(); x != y {
			t.Fatalf("graph %d is %q and %q", n, x, y)
		}
	}
}
