package infer

import (
	"slices"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/infer/backend"
)

func TestParseThresholds(t *testing.T) {
	for _, c := range []struct {
		in   []string
		want string
	}{
		{nil, ""},
		{[]string{""}, ""},
		{[]string{"5.min_score=0.6"}, "5.min_score=0.6"},
		{[]string{"4.min_anomaly_score=35, 5.min_score=0.6"}, "4.min_anomaly_score=35,5.min_score=0.6"},
		{[]string{"5.min_score=0.6", "4.a=-1.5e-3", "5.min_score=.7"}, "5.min_score=0.7,4.a=-0.0015"},
	} {
		got, err := parseThresholds(c.in)
		if err != nil || formatThresholds(got) != c.want {
			t.Errorf("%q: %q, %v; want %q", c.in, formatThresholds(got), err, c.want)
		}
	}
	for _, bad := range []string{"min_score=0.6", "5.min_score", "5.min_score=", "5.min_score=x", "5.min_score=NaN", "5.min_score=Inf", "5..a=1", "a.b=1", "5.a=1,", "-5.a=1", "99999999999.a=1"} {
		if got, err := parseThresholds([]string{bad}); err == nil {
			t.Errorf("%q was read as %v", bad, got)
		}
	}
}

func FuzzParseThresholds(f *testing.F) {
	for _, s := range []string{"5.min_score=0.6", "4.a=1,5.b=-2e3", " 1.x=0x1p-2 ", "=,.", "1.a=1,1.a=2", "0.0=0X1p100"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := parseThresholds([]string{text})
		if err != nil {
			return
		}
		again, err := parseThresholds([]string{formatThresholds(got)})
		// Values that a float32 holds are written as short as those allow.
		same := func(a, b setting) bool {
			return a.id == b.id && a.key == b.key && (a.value == b.value || float32(a.value) == float32(b.value))
		}
		if err != nil || !slices.EqualFunc(got, again, same) {
			t.Fatalf("%q is %v, written and read again %v, %v", text, got, again, err)
		}
	})
}

func TestFloat32ThresholdsReadShort(t *testing.T) {
	info := &backend.Info{Thresholds: []backend.Threshold{{ID: 33, Type: "object_detection", Values: map[string]float64{"min_score": 0.550000011920929}}}}
	if got := formatThresholds(settingsOf(info, nil)); got != "33.min_score=0.55" {
		t.Errorf("reads %s", got)
	}
	_, problems := checkThresholds("m.eim", info, []setting{{3, "min_score", 0.5}})
	if len(problems) != 1 || !strings.Contains(problems[0], "no block 3; it has 33.min_score=0.55") {
		t.Errorf("%v", problems)
	}
}

func TestAutoResizeMode(t *testing.T) {
	for _, c := range []struct {
		prop resizeMode
		own  backend.ResizeMode
		want backend.ResizeMode
	}{
		{resizeAuto, backend.ResizeUnset, backend.ResizeFitShortest},
		{resizeAuto, backend.ResizeFitLongest, backend.ResizeFitLongest},
		{resizeAuto, backend.ResizeNone, backend.ResizeNone},
		{resizeSquash, backend.ResizeFitLongest, backend.ResizeSquash},
		{resizeFitLongest, backend.ResizeUnset, backend.ResizeFitLongest},
	} {
		if got := c.prop.of(c.own); got != c.want {
			t.Errorf("%d of a model with %q is %q, want %q", c.prop, c.own, got, c.want)
		}
	}
}
