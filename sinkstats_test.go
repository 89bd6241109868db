package eiengine_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

func TestSinksTellWhatTheyPresented(t *testing.T) {
	p := launch(t, newEngine(t, eiengine.Options{}), "counter num-buffers=31 ! collect name=s throttle-time=100000000")
	read := func(property string) string {
		t.Helper()
		v, err := p.Get("s", property)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if got := read("last-sample"); got != "" {
		t.Errorf("last-sample is %q before there was one", got)
	}
	run(t, p)
	if got, want := read("stats"), "application/x-gst-base-sink-stats, dropped=(guint64)20, rendered=(guint64)11;"; got != want {
		t.Errorf("stats is %q, want %q: of 30 frames per second every third is 100 ms after the one before", got, want)
	}
	if got := read("last-sample"); !strings.HasPrefix(got, "video/x-raw, format=(string)RGB") || !strings.HasSuffix(got, "; 1536 bytes at 1s for 33.333333ms") {
		t.Errorf("last-sample is %q", got)
	}
	p = launch(t, newEngine(t, eiengine.Options{}), "counter num-buffers=3 ! collect name=s enable-last-sample=false")
	run(t, p)
	if got := read("last-sample"); got != "" {
		t.Errorf("last-sample is %q although it was not to be kept", got)
	}
}

func TestSinksKeepToTheBitrate(t *testing.T) {
	start := time.Now()
	// A frame of 1536 bytes takes 60 ms at this rate, and 33 ms of its own.
	run(t, launch(t, newEngine(t, eiengine.Options{}), "counter num-buffers=4 ! collect sync=true max-bitrate=204800"))
	if took := time.Since(start); took < 180*time.Millisecond {
		t.Errorf("four frames took %v, want the fourth after 180 ms", took)
	}
}

func TestProcessingIsLatencyOfLivePipelines(t *testing.T) {
	for line, want := range map[string]time.Duration{
		"counter is-live=true ! collect sync=true":                                                      20 * time.Millisecond,
		"counter is-live=true ! collect sync=true processing-deadline=5000000 render-delay=2000000":     7 * time.Millisecond,
		"counter is-live=true ! collect sync=false":                                                     0,
		"counter ! collect sync=true":                                                                   0,
		"counter is-live=true ! collect sync=true processing-deadline=18446744073709551615 async=false": 1 << 61,
	} {
		p := launch(t, newEngine(t, eiengine.Options{}), line)
		p.SetState(eiengine.Paused)
		if err := p.WaitState(soon(t), eiengine.Paused); err != nil {
			t.Fatal(err)
		}
		if got := p.Latency(); got != want {
			t.Errorf("%s: latency is %v, want %v", line, got, want)
		}
		if err := p.Stop(soon(t)); err != nil {
			t.Fatal(err)
		}
	}
}

// heed counts what it is told of late frames.
type heed struct{ told atomic.Int32 }

func (*heed) Process(c *eiengine.Ctx, f *frames.Frame) error { return c.Push(0, f) }

func (h *heed) HandleEvent(_ *eiengine.Ctx, e eiengine.Event) (bool, error) {
	if q, ok := e.(eiengine.QoSEvent); ok && q.Jitter > time.Minute {
		h.told.Add(1)
	}
	return false, nil
}

func TestSinksTellUpstreamOfLateFramesWhenAskedTo(t *testing.T) {
	for property, want := range map[string]int32{"qos=true": 5, "qos=false": 0, "qos=true max-lateness=1000": 5, "max-lateness=1000": 0} {
		e := newEngine(t, eiengine.Options{})
		if err := e.Registry().Register(eiengine.Factory{Name: "heed", Class: "Test",
			Pads: []eiengine.PadTemplate{eiengine.SinkPad(rgb), eiengine.SrcPad(rgb)},
			New:  func() eiengine.Element { return new(heed) }}); err != nil {
			t.Fatal(err)
		}
		p := launch(t, e, "counter num-buffers=5 ! heed name=h ! collect sync=true ts-offset=-3600000000000 "+property)
		if err := p.Play(soon(t)); err != nil {
			t.Fatal(err)
		}
		if err := p.Wait(soon(t)); err != nil {
			t.Fatal(err)
		}
		until(t, "late frames are told", func() bool { return p.Element("h").(*heed).told.Load() == want })
		if err := p.Stop(soon(t)); err != nil {
			t.Fatal(err)
		}
	}
}
