package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/infer/backend"
)

func TestTypeNamesAreGStreamers(t *testing.T) {
	for kind, want := range map[string]string{
		"videotestsrc": "GstVideoTestSrc", "filesrc": "GstFileSrc", "fakesink": "GstFakeSink", "capsfilter": "GstCapsFilter",
		"multifilesink": "GstMultiFileSink", "pngenc": "GstPngEnc", "jpegdec": "GstJpegDec", "wavparse": "GstWavParse",
		"decodebin": "GstDecodeBin", "queue": "GstQueue", "tee": "GstTee", "identity": "GstIdentity", "appsink": "GstAppSink",
		"videoconvertscale": "GstVideoConvertScale", "audioresample": "GstAudioResample", "": "Gst",
		"edgeimpulsevideoinfer": "GstEdgeImpulseVideoInfer", "edgeimpulseoverlay": "GstEdgeImpulseOverlay",
	} {
		if got := typeName(kind); got != want {
			t.Errorf("%s: %s, want %s", kind, got, want)
		}
	}
}

func TestMessagesReadAsGStreamers(t *testing.T) {
	for _, c := range []struct {
		m    bus.Message
		want string
	}{
		{bus.Message{Type: bus.TypeEOS, Src: "pipeline0", Seq: 9, Payload: &bus.EOS{}},
			`Got message #9 from element "pipeline0" (eos): no message details`},
		{bus.Message{Type: bus.TypeNewClock, Src: "pipeline0", Seq: 24, Payload: &bus.Notice{Name: "new-clock"}},
			`Got message #24 from element "pipeline0" (new-clock): GstMessageNewClock, clock=(GstClock)"\(GstSystemClock\)\ GstSystemClock";`},
		{bus.Message{Type: bus.TypeElement, Src: "m", Seq: 4, Payload: &bus.Inference{
			Timestamp: 33 * time.Millisecond, Type: bus.Classification, Timing: 7 * time.Millisecond,
			Result: &backend.Result{Classification: []backend.Score{{Label: "a b", Value: 0.5}}},
		}}, `Got message #4 from element "m" (element): edge-impulse-inference-result, timestamp=(guint64)33000000, type=(string)classification, ` +
			`result=(string)"\{\"classification\":\{\"a\ b\":0.5\}\}", timing_ms=(uint)7, resize_timing_ms=(uint)0;`},
		{bus.Message{Type: bus.TypeElement, Src: "m", Seq: 5, Payload: &bus.Model{Event: "lost", Path: "a.eim", Reason: "killed ☠"}},
			`Got message #5 from element "m" (element): edge-impulse-model-lost, path=(string)a.eim, reason=(string)"killed\ \342\230\240", has-anomaly=(boolean)false;`},
		{bus.Message{Type: bus.TypeQoS, Src: "s", Seq: 6, Payload: &bus.QoS{Dropped: 3}},
			`Got message #6 from element "s" (qos): GstMessageQOS, timestamp=(gint64)0, jitter=(gint64)0, processed=(gint64)0, dropped=(gint64)3;`},
	} {
		if got := messageText(&c.m); got != c.want {
			t.Errorf("\n%s\nwant\n%s", got, c.want)
		}
	}
}

// TestReferenceIsCurrent compares the page of elements with the elements.
func TestReferenceIsCurrent(t *testing.T) {
	want, err := os.ReadFile(filepath.Join("..", "..", "docs", "reference", "elements.md"))
	if err != nil {
		t.Fatalf("%v: run make docs", err)
	}
	var got, complaints bytes.Buffer
	if status := run([]string{"inspect", "--md"}, &got, &complaints); status != 0 {
		t.Fatalf("inspect --md: status %d, %s", status, &complaints)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Error("docs/reference/elements.md is not what the elements say: run make docs")
	}
}

func FuzzValueText(f *testing.F) {
	f.Add("plain-word")
	f.Add(`with "quotes" and \`)
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		q := valueText(s)
		if q == s && q != "" {
			return
		}
		if got := unquote(q[1 : len(q)-1]); got != s {
			t.Errorf("%q as %s reads as %q", s, q, got)
		}
	})
}

// unquote is what GStreamer makes of the inside of quotes.
func unquote(q string) string {
	var out []byte
	for i := 0; i < len(q); i++ {
		switch {
		case q[i] != '\\':
			out = append(out, q[i])
		case q[i+1] >= '0' && q[i+1] <= '3' && i+3 < len(q):
			out = append(out, (q[i+1]-'0')<<6|(q[i+2]-'0')<<3|(q[i+3]-'0'))
			i += 3
		default:
			i++
			out = append(out, q[i])
		}
	}
	return string(out)
}
