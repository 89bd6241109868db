package main

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/eiengine/eiengine/internal/graphtest"
	"github.com/eiengine/eiengine/internal/soak"
	"github.com/eiengine/eiengine/internal/virtmic"
)

// TestHostSoak has a microphone and models play for HOST_SOAK, and kills the sound server
// and the model that is a process at random moments.
func TestHostSoak(t *testing.T) {
	length := soak.Length(t, "HOST_SOAK")
	mic := virtmic.Hear(t, 1000)
	if mic == nil {
		return // the test ran in a process of its own
	}
	nothingLeft(t, func(t *testing.T) { soakHost(t, length, mic) })
}

func soakHost(t *testing.T, length time.Duration, mic *virtmic.Mic) {
	model := filepath.Join(t.TempDir(), "shapes.eim")
	if err := writeEIM("shapes", model); err != nil {
		t.Fatal(err)
	}
	w := soak.Begin(t, graphtest.Launch(t, fmt.Sprintf(`
		alsasrc name=mic ! audioconvert ! audioresample ! edgeimpulseaudioinfer name=sounds model-path=builtin:sounds ! fakesink name=sound
		videotestsrc is-live=true pattern=shapes ! video/x-raw,width=320,height=240,framerate=15/1 ! tee name=t
		t. ! queue max-size-buffers=1 leaky=downstream ! edgeimpulsevideoinfer name=process model-path=%s ! edgeimpulseoverlay ! fakesink name=pictures
		t. ! queue ! fakesink name=whole`, model)), length)
	silenced, killed := 0, 0
	for w.Ready("sound", "pictures", "whole"); w.Pause(time.Second, 8*time.Second); w.Ready("sound", "pictures", "whole") {
		if w.Random(2) == 0 {
			w.Fault("kill")
			killed++
			if n := soak.Kill(model); n != 1 {
				t.Errorf("the model was %d processes", n)
			}
			w.Until("process", "lost", killed)
			continue
		}
		w.Fault("silence")
		silenced++
		mic.Stop(t)
		w.Until("mic", "lost", silenced)
		w.More(5, "pictures", "whole")
		w.Sleep(w.Between(0, 5*time.Second))
		mic.Start(t)
	}
	w.End()
	w.Lost("mic", silenced)
	w.Lost("process", killed)
	for _, name := range []string{"sounds", "process"} {
		if w.Found(name) == 0 {
			t.Errorf("the model %s has found nothing", name)
		}
	}
}
