package pcm_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/virtmic"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, virtmic.Abandoned()...) }

// open opens a device, or skips the test where ALSA is not installed.
func open(t *testing.T, device string, direction pcm.Direction) *pcm.PCM {
	t.Helper()
	p, err := pcm.Open(device, direction)
	if errors.Is(err, pcm.ErrNoLibrary) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// record reads a second and returns it as numbers.
func record(t *testing.T, p *pcm.PCM, audio frames.AudioInfo) []float64 {
	t.Helper()
	return virtmic.Record(t, audio, func(ctx context.Context, data []byte) (lost bool, err error) {
		c, err := p.Read(ctx, data)
		return c.Lost, err
	})
}

// A tone is heard at its frequency and level, whatever rate the device is set to.
func TestHearsATone(t *testing.T) {
	if virtmic.Hear(t, 1000) == nil {
		return
	}
	p := open(t, "default", pcm.Capture)
	for _, audio := range []frames.AudioInfo{{Format: frames.S16LE, Rate: 16000, Channels: 1}, {Format: frames.S16LE, Rate: 44100, Channels: 2}, {Format: frames.S16LE, Rate: 48000, Channels: 1}} {
		setup, err := p.Configure(audio, 10*time.Millisecond, 500*time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		if setup.Period <= 0 || setup.Buffer < setup.Period {
			t.Errorf("%v: set to %+v", audio, setup)
		}
		got := record(t, p, audio)
		if level := virtmic.Level(got, 1000, audio.Rate); level < 0.45 || level > 0.55 {
			t.Errorf("%v: 1000 Hz has a level of %.3f, want 0.5", audio, level)
		}
		if level := virtmic.Level(got, 1100, audio.Rate); level > 0.01 {
			t.Errorf("%v: 1100 Hz has a level of %.3f, want none", audio, level)
		}
	}
}

// What is played is heard by who records what is played.
func TestPlaysATone(t *testing.T) {
	if virtmic.Hear(t, 1000) == nil {
		return
	}
	audio := frames.AudioInfo{Format: frames.S16LE, Rate: 16000, Channels: 1}
	mic, speaker := open(t, "default", pcm.Capture), open(t, "default", pcm.Playback)
	for _, p := range []*pcm.PCM{mic, speaker} {
		if _, err := p.Configure(audio, 10*time.Millisecond, 500*time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	virtmic.HearPlayed(t, speaker.Write, func() []float64 { return record(t, mic, audio) })
}

func TestDevicesListsTheDefault(t *testing.T) {
	if virtmic.Hear(t, 1000) == nil {
		return
	}
	all, err := pcm.Devices()
	if err != nil || len(all) == 0 || all[0].Name != "default" || !all[0].Capture || !all[0].Playback {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	p, err := pcm.Open("hw:CARD=nosuch", pcm.Capture)
	if errors.Is(err, pcm.ErrNoLibrary) {
		t.Skip(err)
	}
	if err == nil {
		_ = p.Close()
		t.Fatal("a card that is not there was opened")
	}
	if errors.Is(err, pcm.ErrGone) || !errors.As(err, new(*pcm.Error)) {
		t.Errorf("%v: want an error of opening", err)
	}
	if text := err.Error(); !strings.Contains(text, `"hw:CARD=nosuch"`) || !strings.Contains(text, "can record") {
		t.Errorf("%v does not name the device, and those that there are", err)
	}
}

// A device that stands still is told of, and a reader that is called off returns.
func TestReadMinds(t *testing.T) {
	p := open(t, "null", pcm.Capture)
	audio := frames.AudioInfo{Format: frames.S16LE, Rate: 8000, Channels: 1}
	if _, err := p.Read(t.Context(), make([]byte, 2)); err == nil {
		t.Error("a device that was not configured gave sound")
	}
	if _, err := p.Configure(audio, 10*time.Millisecond, 100*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Read(t.Context(), make([]byte, 3)); err == nil {
		t.Error("half a sample was read")
	}
	if err := p.Write(t.Context(), make([]byte, 2)); err == nil {
		t.Error("a microphone played")
	}
}

// A server that hangs while a device is set, or plays what it has, is an error.
func TestServerThatHangs(t *testing.T) {
	mic := virtmic.Hear(t, 0)
	if mic == nil {
		return
	}
	audio := frames.AudioInfo{Format: frames.S16LE, Rate: 16000, Channels: 1}
	unset, playing := open(t, "default", pcm.Capture), open(t, "default", pcm.Playback)
	if _, err := playing.Configure(audio, 10*time.Millisecond, 200*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if err := playing.Write(t.Context(), make([]byte, 3200)); err != nil {
		t.Fatal(err)
	}
	mic.Freeze(t)
	if _, err := unset.Configure(audio, 10*time.Millisecond, 200*time.Millisecond); !errors.Is(err, unix.ETIMEDOUT) {
		t.Errorf("set: %v", err)
	}
	if err := playing.Drain(t.Context()); !errors.Is(err, unix.ETIMEDOUT) && !errors.Is(err, pcm.ErrStalled) {
		t.Errorf("played to the end: %v", err)
	}
	mic.Thaw(t)
}
