package stream

import (
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/capture/portaudio"
	"github.com/eiengine/eiengine/internal/virtmic"
)

// A tone that is played is heard by who records what is played, and the stream ends.
func TestPortAudioSinkPlays(t *testing.T) {
	if _, err := portaudio.Probe(); err != nil {
		t.Skip(err)
	}
	if virtmic.Hear(t, 1000) == nil {
		return
	}
	plays(t, "portaudiosink")
}

// A sink whose sound server ends is an error, not a hang.
func TestPortAudioSinkTellsThatItsServerEnded(t *testing.T) {
	if _, err := portaudio.Probe(); err != nil {
		t.Skip(err)
	}
	mic := virtmic.Hear(t, 1000)
	if mic == nil {
		return
	}
	p := launch(t, "audiotestsrc is-live=true ! portaudiosink name=out")
	if err := p.Play(limited(t)); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for ctx := limited(t); played(p, "out") < 50; {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("nothing is played")
		}
	}
	mic.Stop(t)
	err := p.Wait(limited(t))
	mic.Start(t)
	if err == nil || !strings.Contains(err.Error(), `PortAudio device "default"`) {
		t.Errorf("it ended with %v", err)
	}
}

// played is how many buffers an element has taken.
func played(p *eiengine.Pipeline, name string) uint64 {
	for _, e := range p.Stats() {
		if e.Name == name {
			return e.In
		}
	}
	return 0
}

func TestPortAudioSinkTellsWhatIsMissing(t *testing.T) {
	err := launch(t, "audiotestsrc num-buffers=1 ! portaudiosink device=nosuch").Run(limited(t))
	if err == nil || !strings.Contains(err.Error(), "portaudiosink0") || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v: want one line that names the element", err)
	}
}
