package capture

import (
	"testing"

	"github.com/eiengine/eiengine/internal/virtmic"
)

func TestAutoAudioSrcRecords(t *testing.T) {
	if virtmic.Hear(t, 1000) == nil {
		return
	}
	hears(t, "autoaudiosrc ! identity eos-after=101 ! audio/x-raw,format=S16LE,rate=16000,channels=1", 16000)
}

// Where nothing can be opened, what was tried is told.
func TestAutoAudioSrcTellsWhatItTried(t *testing.T) {
	if !virtmic.Without(t) {
		return
	}
	failing(t, "autoaudiosrc", "autoaudiosrc0", "no sound device", `"default"`, `"pulse"`)
}
