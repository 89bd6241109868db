package eiengine_test

import (
	"strings"
	"testing"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// Somebody who brings a public launch line learns what to write instead.
func TestUnknownElementsOfGStreamerNameWhatDoesTheSameHere(t *testing.T) {
	r := eiengine.NewRegistry()
	camera := eiengine.Factory{Name: "camera", Class: "Source/Video", New: func() eiengine.Element { return new(stub) },
		Pads: []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps()), eiengine.SrcPad(frames.AnyCaps())}}
	if err := r.Register(camera); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"v4l2src":     `no element "v4l2src"; here for taking pictures of a camera or screen: camera; `,
		"xvimagesink": `no element "xvimagesink"; nothing here is for showing pictures; `,
		"avdec_h264":  `no element "avdec_h264"; nothing here is for decoding; `,
		"camra":       `no element "camra"; did you mean camera?`,
		"zzzzzzzz":    "no element \"zzzzzzzz\"; `eiengine inspect` lists the elements",
	} {
		if _, err := r.Find(name); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}
