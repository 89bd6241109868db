package stream

import (
	"strings"
	"testing"

	"github.com/eiengine/eiengine/internal/virtmic"
)

func TestAutoAudioSinkPlays(t *testing.T) {
	if virtmic.Hear(t, 1000) == nil {
		return
	}
	plays(t, "autoaudiosink")
}

// Where nothing can be opened, what was tried is told.
func TestAutoAudioSinkTellsWhatItTried(t *testing.T) {
	if !virtmic.Without(t) {
		return
	}
	err := launch(t, "audiotestsrc num-buffers=1 ! autoaudiosink").Run(limited(t))
	if err == nil || !strings.Contains(err.Error(), "autoaudiosink0") || !strings.Contains(err.Error(), `"default"`) {
		t.Errorf("%v: want an error that names the element and what was tried", err)
	}
}
