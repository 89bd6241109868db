package eiengine_test

import (
	"strings"
	"testing"

	"github.com/eiengine/eiengine"
)

func TestDotShowsElementsPropertiesAndFormats(t *testing.T) {
	e := fullEngine(t)
	p := launch(t, e, `videotestsrc num-buffers=2 ! video/x-raw,format=RGB,width=64,height=48 ! tee name=t
		! queue name=q ! fakesink t. ! queue max-size-buffers=3 ! fakesink name=last`)
	if dot := p.Dot(); !strings.Contains(dot, `"q.src" -> "fakesink0.sink";`) {
		t.Errorf("want links without formats before anything flows, have\n%s", dot)
	}
	p.SetState(eiengine.Paused)
	if err := p.WaitState(soon(t), eiengine.Paused); err != nil {
		t.Fatal(err)
	}
	dot := p.Dot()
	for _, want := range []string{
		`digraph "pipeline`,
		`subgraph "cluster videotestsrc0" {`,
		`label="videotestsrc\nvideotestsrc0\nnum-buffers=2";`,
		`label="capsfilter\ncapsfilter0\ncaps=video/x-raw, format=(string)RGB, width=(int)64, height=(int)48";`,
		`label="queue\nq";`,
		`label="queue\nqueue0\nmax-size-buffers=3";`,
		`"t.src_0" -> "q.sink" [label="video/x-raw\l              format: RGB\l`,
		`               width: 64\l`,
		`"queue0.src" -> "last.sink" [label="video/x-raw\l`,
	} {
		if !strings.Contains(dot, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if strings.Count(dot, "{") != strings.Count(dot, "}") {
		t.Error("a brace is not closed")
	}
	if t.Failed() {
		t.Log(dot)
	}
}

func TestDotShowsWhatTookThePlaceOfDecodebin(t *testing.T) {
	e := fullEngine(t)
	p := launch(t, e, "filesrc location=testdata/photos/coffee.jpg ! decodebin ! fakesink")
	p.SetState(eiengine.Paused)
	if err := p.WaitState(soon(t), eiengine.Paused); err != nil {
		t.Fatal(err)
	}
	dot := p.Dot()
	for _, want := range []string{
		`    subgraph "cluster decodebin0/jpegdec0" {`,
		`"decodebin0.sink" -> "decodebin0/jpegdec0.sink" [style=dashed];`,
		`"decodebin0/jpegdec0.src" -> "fakesink0.sink" [label="video/x-raw\l`,
	} {
		if !strings.Contains(dot, want) {
			t.Errorf("%s is missing in\n%s", want, dot)
		}
	}
}

func TestDotShowsQueuesInsideOfMultiqueue(t *testing.T) {
	p := launch(t, fullEngine(t), "videotestsrc ! multiqueue name=m ! fakesink")
	if dot := p.Dot(); !strings.Contains(dot, `  subgraph "cluster m" {`) || !strings.Contains(dot, `    subgraph "cluster m:0" {`) {
		t.Errorf("have\n%s", dot)
	}
}

func TestDotEscapesWhatGraphvizWouldRead(t *testing.T) {
	e := fullEngine(t)
	p := launch(t, e, `fakesrc ! filesink location="a\"b\\c"`)
	if dot := p.Dot(); !strings.Contains(dot, `\nlocation=a\"b\\c";`) {
		t.Errorf("have\n%s", dot)
	}
}

// fullEngine has the elements that come with the engine.
func fullEngine(t *testing.T) *eiengine.Engine {
	e := eiengine.New(eiengine.Options{})
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}
