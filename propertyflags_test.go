package eiengine_test

import (
	"testing"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

type marks uint

func (marks) FlagValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{{Value: 1, Nick: "red"}, {Value: 8, Nick: "round", Name: "Without corners"}}
}

type marked struct {
	eiengine.Settings[struct {
		Marks marks `prop:"marks" doc:"A set of flags"`
	}]
}

func (*marked) Process(_ *eiengine.Ctx, f *frames.Frame) error { f.Release(); return nil }

func TestFlagsAreNicksNamesAndNumbers(t *testing.T) {
	r := eiengine.NewRegistry()
	if err := r.Register(eiengine.Factory{Name: "marked", Pads: []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps())},
		New: func() eiengine.Element { return new(marked) }}); err != nil {
		t.Fatal(err)
	}
	e := eiengine.New(eiengine.Options{Registry: r})
	t.Cleanup(func() { e.Close() })
	p, err := e.Launch("marked name=m")
	if err != nil {
		t.Fatal(err)
	}
	if v, err := p.Get("m", "marks"); err != nil || v != "(none)" {
		t.Errorf("marks = %s, %v; want none at first", v, err)
	}
	for text, want := range map[string]string{
		"red": "red", "round+red": "red+round", "Without corners": "round", "0x9": "red+round", "8": "round", "0": "(none)", "(none)": "(none)",
	} {
		if err := p.Set("m", "marks", text); err != nil {
			t.Errorf("%q: %v", text, err)
		} else if v, err := p.Get("m", "marks"); err != nil || v != want {
			t.Errorf("%q reads as %q, %v; want %q", text, v, err, want)
		}
	}
	for _, text := range []string{"square", "red+", "2", "red|round"} {
		if err := p.Set("m", "marks", text); err == nil {
			t.Errorf("%q was taken for a set of flags", text)
		}
	}
}
