package infer_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/eiengine/eiengine/bus"
)

// Streams of sound share the processes of a model: each is heard in its own order,
// with windows of its own samples.
func TestStreamsOfSoundShareWorkers(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	path := program(t, roleProbe, probeEnv(keyword("", false)), "PID_FILE="+pids)
	const windows = 20
	r := newRigOf(t, "left ! edgeimpulseaudioinfer name=l workers=2 model-path="+path+" ! fakesink "+
		"right ! edgeimpulseaudioinfer name=r workers=2 model-path="+path,
		source("left", soundFeed(t, ramp(1600*windows), 16000, 160, nil)), source("right", soundFeed(t, ramp(1600*windows), 16000, 320, nil)))
	r.run()
	if got := len(readPIDs(t, pids)); got != 2 {
		t.Errorf("%d processes for two workers", got)
	}
	heard := map[string][]time.Duration{}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.msgs {
		if inf, ok := m.Payload.(*bus.Inference); ok {
			heard[m.Src] = append(heard[m.Src], inf.Timestamp)
		}
	}
	for name, last := range map[string]time.Duration{"l": 90 * time.Millisecond, "r": 80 * time.Millisecond} {
		if len(heard[name]) != windows {
			t.Errorf("%s: %d answers for %d windows", name, len(heard[name]), windows)
		}
		for i, at := range heard[name] {
			if want := time.Duration(i)*100*time.Millisecond + last; at != want {
				t.Fatalf("%s: answer %d is at %v, want %v", name, i, at, want)
			}
		}
	}
}
