package eiengine_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

type shade int

func (shade) EnumValues() []eiengine.EnumValue {
	return []eiengine.EnumValue{{Value: 0, Nick: "light"}, {Value: 5, Nick: "dark", Name: "Quite dark"}}
}

type common struct {
	Shared int `prop:"shared" default:"3" doc:"From an embedded struct"`
}

type everything struct {
	eiengine.Settings[propsOfEverything]
}

type propsOfEverything struct {
	common
	Bool   bool             `prop:"bool,live" default:"true" doc:"A bool"`
	Int    int              `prop:"int" default:"5" min:"-1" max:"10" doc:"An int"`
	Big    uint64           `prop:"big" default:"18446744073709551615" doc:"A uint64"`
	Size   uint             `prop:"size" default:"200" doc:"A uint"`
	Offset int64            `prop:"offset" doc:"An int64"`
	Ratio  float64          `prop:"ratio" default:"0.5" min:"0" max:"1" doc:"A double"`
	Text   string           `prop:"text" doc:"A string"`
	Rate   frames.Fraction  `prop:"rate" default:"30/1" doc:"A fraction"`
	Caps   frames.Caps      `prop:"caps" doc:"Caps"`
	Shade  shade            `prop:"shade" doc:"An enum"`
	Extra  frames.Structure `prop:"extra" doc:"A structure"`
	List   []string         `prop:"list,repeat" doc:"Several"`
	Level  int              `prop:"level,readonly" doc:"Computed"`
}

func (e *everything) ReadProperty(name string) (string, bool) { return "42", name == "level" }
func (e *everything) Read(*eiengine.Ctx) error                { return eiengine.ErrEOS }

func everythingPipeline(t *testing.T) (*eiengine.Pipeline, *everything) {
	t.Helper()
	r := eiengine.NewRegistry()
	if err := r.Register(eiengine.Factory{Name: "everything", New: func() eiengine.Element { return new(everything) }}); err != nil {
		t.Fatal(err)
	}
	e := eiengine.New(eiengine.Options{Registry: r})
	t.Cleanup(func() { e.Close() })
	p, err := e.Launch("everything name=x")
	if err != nil {
		t.Fatal(err)
	}
	return p, p.Element("x").(*everything)
}

func TestPropertiesFromText(t *testing.T) {
	p, _ := everythingPipeline(t)
	for _, c := range []struct{ property, text, want string }{
		{"shared", "", "3"}, {"bool", "", "true"}, {"int", "", "5"}, {"big", "", "18446744073709551615"},
		{"rate", "", "30/1"}, {"caps", "", "ANY"}, {"shade", "", "light"}, {"level", "", "42"}, {"text", "", ""},
		{"bool", "no", "false"}, {"bool", "TRUE", "true"}, {"bool", "f", "false"}, {"bool", "1", "true"},
		{"int", "0x0a", "10"}, {"int", "min", "-1"}, {"int", "max", "10"},
		{"big", "-1", "18446744073709551615"}, {"size", "-1", "4294967295"}, {"offset", "-9223372036854775808", "-9223372036854775808"},
		{"ratio", ".25", "0.25"}, {"ratio", "1e-3", "0.001"}, {"rate", "25", "25/1"}, {"rate", "30000/1001", "30000/1001"},
		{"caps", "video/x-raw,width=3", "video/x-raw, width=(int)3"},
		{"shade", "dark", "dark"}, {"shade", "5", "dark"}, {"shade", "0x5", "dark"}, {"shade", "quite DARK", "dark"},
		{"text", "a b", "a b"},
		{"extra", "", ""}, {"extra", "controls,brightness=3", "controls, brightness=(int)3"},
		{"int", "010", "8"}, {"offset", "little_endian", "1234"}, {"offset", "BIG_endian", "4321"}, {"ratio", "max", "1"}, {"ratio", "min", "0"},
	} {
		if c.text != "" {
			if err := p.Set("x", c.property, c.text); err != nil {
				t.Errorf("%s=%s: %v", c.property, c.text, err)
			}
		}
		if got, err := p.Get("x", c.property); err != nil || got != c.want {
			t.Errorf("%s=%s reads %q, %v, not %q", c.property, c.text, got, err, c.want)
		}
	}
	for _, v := range []string{"a", "b"} {
		if err := p.Set("x", "list", v); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := p.Get("x", "list"); got != "a,b" {
		t.Errorf("repeated: %q", got)
	}
}

func TestValuesThatAreRefused(t *testing.T) {
	p, _ := everythingPipeline(t)
	for _, c := range []struct{ property, text, want string }{
		{"bool", "maybe", "true or false"}, {"int", "2.0", "integer"}, {"int", "2k", "integer"}, {"int", "abc", "integer"},
		{"int", "11", "-1 to 10"}, {"size", "-2", "0 to 4294967295"}, {"int", "0b11", "integer"}, {"int", "4294967297", "32 bits"},
		{"offset", "-9223372036854775809", "64 bits"}, {"extra", "a;b", "one structure"}, {"extra", "=", "extra"}, {"ratio", "2", "0 to 1"}, {"ratio", "NaN", "number"},
		{"rate", "1/0", "fraction"}, {"rate", "x", "fraction"}, {"caps", "video/x-raw,format=(nosuch)1", "nosuch"},
		{"shade", "darc", "dark"}, {"shade", "7", "light, dark"}, {"level", "1", "read-only"},
	} {
		before, _ := p.Get("x", c.property)
		err := p.Set("x", c.property, c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.property) {
			t.Errorf("%s=%s: %v, want %q", c.property, c.text, err, c.want)
		}
		if after, _ := p.Get("x", c.property); after != before {
			t.Errorf("%s=%s was refused but set %s", c.property, c.text, after)
		}
	}
	err := p.Set("x", "integer", "1")
	var unknown *eiengine.UnknownPropertyError
	if !errors.As(err, &unknown) || unknown.Element != "everything" {
		t.Errorf("unknown property: %v", err)
	}
}

func TestSnapshotsAreConsistent(t *testing.T) {
	_, e := everythingPipeline(t)
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for i := range 1000 {
				e.Update(func(p *propsOfEverything) { p.Int, p.Offset = i, int64(i) })
			}
		})
	}
	for range 1000 {
		if p := e.Load(); p.Int != int(p.Offset) && p.Offset != 0 {
			t.Fatalf("half a change: %d and %d", p.Int, p.Offset)
		}
	}
	writers.Wait()
	if got := testing.AllocsPerRun(100, func() { e.Load() }); got != 0 {
		t.Errorf("reading allocates %v times", got)
	}
}

func TestFactoriesDescribeTheirProperties(t *testing.T) {
	f := eiengine.Factory{Name: "everything", New: func() eiengine.Element { return new(everything) }}
	props, err := f.Properties()
	if err != nil || len(props) != 14 {
		t.Fatalf("%d properties, %v", len(props), err)
	}
	for _, p := range props {
		if p.Name == "int" && (p.Type != "int" || p.Default != "5" || p.Min != "-1" || p.Max != "10" || p.Doc != "An int" || p.Live) {
			t.Errorf("%+v", p)
		}
	}
}
