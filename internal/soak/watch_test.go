package soak

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	_ "github.com/eiengine/eiengine/all"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestDeviceHears(t *testing.T) {
	for events, want := range map[string]string{
		"stalled restored lost restored": "[]",
		"stalled lost restored":          "[]",
		"restored":                       "[restored while it was there]",
		"lost lost":                      "[lost while it was lost]",
		"lost stalled":                   "[stalled while it was lost]",
		"stalled stalled":                "[stalled while it was stalled]",
	} {
		d := device{state: "there", told: map[string]int{}}
		for event := range strings.FieldsSeq(events) {
			d.hear(event)
		}
		if got := fmt.Sprint(d.wrong); got != want {
			t.Errorf("%s: %s, want %s", events, got, want)
		}
	}
}

func TestWatch(t *testing.T) {
	p := graphtest.Launch(t, "videotestsrc is-live=true pattern=shapes ! video/x-raw,width=160,height=120,framerate=50/1 ! "+
		"edgeimpulsevideoinfer name=shapes model-path=builtin:shapes ! fakesink name=out")
	w := Begin(t, p, time.Millisecond)
	for again := true; again; again = w.Pause(0, time.Millisecond) {
		w.Fault("nothing")
		w.Ready("out")
	}
	w.Lost("shapes", 0)
	for _, want := range []string{"out ", "found shapes ", "faults nothing ", "goroutines "} {
		if line := w.line(); !strings.Contains(line, want) {
			t.Errorf("%q is not in %s", want, line)
		}
	}
	w.finish()
}
