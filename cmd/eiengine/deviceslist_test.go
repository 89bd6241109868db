package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/capture/v4l2"
	"github.com/eiengine/eiengine/frames"
)

func TestDevicesText(t *testing.T) {
	thirty, half := frames.Fraction{Num: 30, Den: 1}, frames.Fraction{Num: 15, Den: 2}
	range15 := v4l2.Rate{Min: frames.Fraction{Num: 1, Den: 1}, Max: thirty}
	size := func(s v4l2.Size) string { r := reportSize(&s); return r.text() }
	for want, got := range map[string]string{
		"640x480@30,15/2": size(v4l2.Size{
			Width: v4l2.Span{Min: 640, Max: 640, Step: 1}, Height: v4l2.Span{Min: 480, Max: 480, Step: 1},
			Rates: []v4l2.Rate{{Min: thirty, Max: thirty}, {Min: half, Max: half}},
		}),
		"16x16 to 640x480@1 to 30": size(v4l2.Size{
			Width: v4l2.Span{Min: 16, Max: 640, Step: 8}, Height: v4l2.Span{Min: 16, Max: 480, Step: 8}, Rates: []v4l2.Rate{range15},
		}),
		"mode (menu)=1, of 1 Manual, 3 Auto, read-only": (&controlReport{v4l2.Control{
			Name: "mode", Type: v4l2.Menu, ReadOnly: true, Items: []v4l2.MenuItem{{Value: 1, Name: "Manual"}, {Value: 3, Name: "Auto"}},
		}, "1"}).text(),
		"gain (int)=5, 0 to 9, by default 2": (&controlReport{v4l2.Control{Name: "gain", Type: v4l2.Integer, Max: 9, Default: 2}, "5"}).text(),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	var out bytes.Buffer
	(&deviceList{}).print(&out)
	if !strings.Contains(out.String(), "no cameras") || !strings.Contains(out.String(), "no sound devices") {
		t.Errorf("%q", &out)
	}
}
