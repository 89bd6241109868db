package capture

import (
	"fmt"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/capture/portaudio"
	"github.com/eiengine/eiengine/internal/virtmic"
)

// needsPortAudio skips a test where the library is not installed.
func needsPortAudio(t testing.TB) {
	t.Helper()
	if _, err := portaudio.Probe(); err != nil {
		t.Skip(err)
	}
}

func TestPortAudioSrcRecords(t *testing.T) {
	needsPortAudio(t)
	if virtmic.Hear(t, 1000) == nil {
		return
	}
	for _, rate := range []int{16000, 44100, 48000} {
		hears(t, fmt.Sprintf("portaudiosrc num-buffers=100 buffer-time=1000000 ! audio/x-raw,format=S16LE,rate=%d,channels=1", rate), rate)
	}
	hears(t, "portaudiosrc device=def num-buffers=50 latency-time=20000 blocksize=1000 ! audio/x-raw,format=S16LE,rate=16000,channels=1", 16000)
}

func TestPortAudioSrcComesBack(t *testing.T) {
	needsPortAudio(t)
	if mic := virtmic.Hear(t, 1000); mic != nil {
		comesBack(t, mic, "portaudiosrc")
	}
}

func TestPortAudioSrcGivesUp(t *testing.T) {
	needsPortAudio(t)
	if mic := virtmic.Hear(t, 1000); mic != nil {
		givesUp(t, mic, "portaudiosrc")
	}
}

func TestPortAudioSrcTellsWhatIsMissing(t *testing.T) {
	_, _, err := run(t, "portaudiosrc device=nosuch")
	if err == nil || !strings.Contains(err.Error(), "portaudiosrc0") {
		t.Fatalf("%v: want an error that names the element", err)
	}
	if _, missing := portaudio.Probe(); missing != nil && !strings.Contains(err.Error(), "libportaudio2") {
		t.Errorf("%v: want an error that names the package", err)
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("more than one line: %v", err)
	}
}
