package main

import (
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine/bus"
)

// What gst-launch-1.0 1.22 prints of the same file.
func TestTagsAndContentsAsGStreamerPrintsThem(t *testing.T) {
	tags := []bus.Tag{{Name: "container-format", Value: "WAV"}, {Name: "bitrate", Value: "256000"}, {Name: "title", Value: "Morning birds"}}
	toc := []bus.TOCEntry{{Kind: "edition", Stop: 3 * time.Second, Entries: []bus.TOCEntry{
		{Kind: "track", Stop: time.Second, Tags: []bus.Tag{{Name: "title", Value: "intro"}}},
		{Kind: "track", Start: time.Second, Stop: 3 * time.Second, Tags: []bus.Tag{{Name: "title", Value: "call"}, {Name: "comment", Value: "a note"}}},
	}}}
	got := strings.Join(append(tocLines("fakesink0", toc), tagLines("fakesink0", tags)...), "\n")
	const want = `FOUND TOC      : found by element "fakesink0".
edition: start: 0:00:00.000000000 stop: 0:00:03.000000000
  track: start: 0:00:00.000000000 stop: 0:00:01.000000000
        title: intro
  track: start: 0:00:01.000000000 stop: 0:00:03.000000000
        title: call
        comment: a note
FOUND TAG      : found by element "fakesink0".
container format: WAV
         bitrate: 256000
           title: Morning birds`
	if got != want {
		t.Errorf("printed\n%s\nwant\n%s", got, want)
	}
	m := &bus.Message{Type: bus.TypeTag, Src: "fakesink0", Seq: 26, Payload: &bus.Tags{Tags: tags}}
	const wantMessage = `Got message #26 from element "fakesink0" (tag): GstMessageTag, taglist=(taglist)"taglist\,\ container-format\=\(string\)WAV\,\ bitrate\=\(uint\)256000\,\ title\=\(string\)\"Morning\\\ birds\"\;";`
	if got := messageText(m); got != wantMessage {
		t.Errorf("printed\n%s\nwant\n%s", got, wantMessage)
	}
}
