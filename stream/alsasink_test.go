package stream

import (
	"context"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/eiengine/eiengine"
	_ "github.com/eiengine/eiengine/capture"
	"github.com/eiengine/eiengine/capture/pcm"
	_ "github.com/eiengine/eiengine/flow"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/virtmic"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, virtmic.Abandoned()...) }

func launch(t *testing.T, line string) *eiengine.Pipeline {
	t.Helper()
	e := eiengine.New(eiengine.Options{})
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	p, err := e.Launch(line)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func limited(t *testing.T) context.Context {
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(stop)
	return ctx
}

// A tone that is played is heard by who records what is played, and the stream ends.
func TestAlsaSinkPlays(t *testing.T) {
	if virtmic.Hear(t, 1000) == nil {
		return
	}
	plays(t, "alsasink")
}

func plays(t *testing.T, sink string) {
	t.Helper()
	const rate = 16000
	mic, err := pcm.Open("default", pcm.Capture)
	if err != nil {
		t.Fatal(err)
	}
	defer mic.Close()
	if _, err := mic.Configure(frames.AudioInfo{Format: frames.S16LE, Rate: rate, Channels: 1}, 20*time.Millisecond, 2*time.Second); err != nil {
		t.Fatal(err)
	}
	ctx := limited(t)
	p := launch(t, "audiotestsrc freq=600 volume=0.3 num-buffers=150 ! audio/x-raw,format=S16LE,rate=48000,channels=1 ! "+sink)
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()

	var samples []float64
	data := make([]byte, 2*rate/50)
	for done := false; !done; {
		select {
		case err := <-ended:
			if err != nil {
				t.Fatal(err)
			}
			done = true
		default:
		}
		if _, err := mic.Read(ctx, data); err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(data); i += 2 {
			samples = append(samples, float64(int16(binary.LittleEndian.Uint16(data[i:])))/32768)
		}
	}
	loud := 0
	for len(samples) >= rate/20 {
		if level := virtmic.Level(samples[:rate/20], 600, rate); level > 0.25 && level < 0.35 {
			loud++
		}
		samples = samples[rate/20:]
	}
	if loud < 40 || loud > 70 { // 3.2 s are 64 twentieths
		t.Errorf("600 Hz was heard for %d twentieths of a second, want about 64", loud)
	}
}

func TestAlsaSinkTellsWhatIsMissing(t *testing.T) {
	err := launch(t, "audiotestsrc num-buffers=1 ! alsasink device=hw:CARD=nosuch").Run(limited(t))
	if err == nil || !strings.Contains(err.Error(), "alsasink0") {
		t.Errorf("%v: want an error that names the element", err)
	}
}

// What is no sound is an error.
func TestAlsaSinkTakesSoundOnly(t *testing.T) {
	needsNull(t)
	err := launch(t, "fakesrc num-buffers=2 ! alsasink device=null").Run(limited(t))
	if err == nil || !strings.Contains(err.Error(), "decodebin") {
		t.Errorf("%v: want an error that names decodebin", err)
	}
}

// needsNull skips a test where ALSA is not installed.
func needsNull(t *testing.T) {
	t.Helper()
	p, err := pcm.Open("null", pcm.Playback)
	if errors.Is(err, pcm.ErrNoLibrary) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// A device that takes sound as fast as it comes still plays it by the clock.
func TestAlsaSinkKeepsToTheClock(t *testing.T) {
	needsNull(t)
	began := time.Now()
	if err := launch(t, "audiotestsrc num-buffers=50 samplesperbuffer=441 ! audio/x-raw,rate=44100 ! alsasink device=null").Run(limited(t)); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took < 250*time.Millisecond {
		t.Errorf("half a second of sound, of which 200 ms wait in the device, was over after %v", took)
	}
}
