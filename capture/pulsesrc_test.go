package capture

import (
	"testing"

	"github.com/eiengine/eiengine/internal/virtmic"
)

func TestPulseSrcRecords(t *testing.T) {
	if virtmic.Hear(t, 1000) == nil {
		return
	}
	hears(t, "pulsesrc num-buffers=150 ! audio/x-raw,format=S16LE,rate=16000,channels=1", 16000)
	hears(t, "pulsesrc device=mic.monitor num-buffers=100 ! audio/x-raw,format=S16LE,rate=16000,channels=1", 16000)
}

func TestPulseSrcTellsWhatIsMissing(t *testing.T) {
	t.Setenv("PULSE_SERVER", "unix:/nonexistent")
	failing(t, "pulsesrc device=nosuch", "pulsesrc0")
}
