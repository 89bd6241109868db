package portaudio

import (
	"strings"
	"testing"

	"github.com/eiengine/eiengine/capture/pcm"
)

func TestFind(t *testing.T) {
	all := []Device{
		{Index: 0, Name: "PCH: ALC257 (hw:0,0)", Inputs: 2, Outputs: 2},
		{Index: 1, Name: "PCH: HDMI (hw:0,3)", Outputs: 8},
		{Index: 2, Name: "webcam: USB Audio (hw:1,0)", Inputs: 1},
		{Index: 3, Name: "default", Inputs: 32, Outputs: 32, DefaultInput: true, DefaultOutput: true},
		{Index: 4, Name: "3", Inputs: 1},
	}
	for _, c := range []struct {
		name      string
		direction pcm.Direction
		want      int // or -1 and what the error says
		says      string
	}{
		{"", pcm.Capture, 3, ""},
		{"default", pcm.Playback, 3, ""},
		{"webcam", pcm.Capture, 2, ""},
		{"WebCam: usb", pcm.Capture, 2, ""},
		{"hw:0,3", pcm.Playback, 1, ""},
		{"1", pcm.Playback, 1, ""},
		{"3", pcm.Capture, 4, ""}, // a name goes before a number
		{"webcam: USB Audio (hw:7,0)", pcm.Capture, 2, ""},
		{"webcam", pcm.Playback, -1, "there is no such device"},
		{"PCH", pcm.Playback, -1, "several devices"},
		{"PCH: (hw:7,0)", pcm.Playback, -1, "there is no such device"},
		{"9", pcm.Capture, -1, `2 "webcam: USB Audio (hw:1,0)"`},
	} {
		got, err := find(all, c.name, c.direction)
		switch {
		case c.want >= 0 && (err != nil || got.Index != c.want):
			t.Errorf("%q: %+v, %v: want %d", c.name, got, err, c.want)
		case c.want < 0 && (err == nil || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%q: %v, want %q", c.name, err, c.says)
		}
	}
	if _, err := find(nil, "", pcm.Capture); err == nil || !strings.Contains(err.Error(), "connect one") {
		t.Errorf("without any: %v", err)
	}
	if _, err := find(all[:2], "", pcm.Playback); err == nil || !strings.Contains(err.Error(), "there are 0") {
		t.Errorf("without a default: %v", err)
	}
}
