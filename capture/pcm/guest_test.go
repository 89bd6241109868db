package pcm_test

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/guest"
	"github.com/eiengine/eiengine/internal/virtmic"
)

// The kernel's loopback card: what is played on its first device is recorded on its
// second one.
const loopIn, loopOut = "hw:CARD=Loopback,DEV=0", "hw:CARD=Loopback,DEV=1"

// configured opens a device of the guest and sets it to long buffers: the guest is slow.
func configured(t *testing.T, device string, direction pcm.Direction, audio frames.AudioInfo) *pcm.PCM {
	t.Helper()
	p := open(t, device, direction)
	if _, err := p.Configure(audio, 50*time.Millisecond, time.Second); err != nil {
		t.Fatal(err)
	}
	return p
}

// whistle plays a tone of 1000 Hz of half the full scale until the test is over.
func whistle(t *testing.T, p *pcm.PCM, audio frames.AudioInfo) {
	t.Helper()
	data := make([]byte, audio.Rate/10*2*audio.Channels)
	for i := range len(data) / 2 {
		v := math.Sin(2 * math.Pi * 1000 * float64(i/audio.Channels) / float64(audio.Rate))
		binary.LittleEndian.PutUint16(data[2*i:], uint16(int16(16384*v)))
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		var err error
		for err == nil {
			err = p.Write(ctx, data)
		}
		ended <- err
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("playing ended with %v", err)
		}
	})
}

// hearsWhistle records until the tone is heard at its level.
func hearsWhistle(t *testing.T, p *pcm.PCM, audio frames.AudioInfo) {
	t.Helper()
	level, other := 0.0, 0.0
	for range 10 { // what is played takes a while to come
		got := record(t, p, audio)
		level, other = virtmic.Level(got, 1000, audio.Rate), virtmic.Level(got, 1100, audio.Rate)
		if level > 0.45 && level < 0.55 && other < 0.02 {
			t.Logf("%v: 1000 Hz has a level of %.4f", audio, level)
			return
		}
	}
	t.Errorf("%v: 1000 Hz has a level of %.3f, 1100 Hz of %.3f: want 0.5 and none", audio, level, other)
}

func TestGuestSoundCard(t *testing.T) {
	guest.Need(t)
	for _, rate := range []int{16000, 44100, 48000} {
		t.Run("", func(t *testing.T) {
			audio := frames.AudioInfo{Format: frames.S16LE, Rate: rate, Channels: 1}
			whistle(t, configured(t, loopIn, pcm.Playback, audio), audio)
			hearsWhistle(t, configured(t, loopOut, pcm.Capture, audio), audio)
		})
	}
}

// A card offers what it can do, and what it cannot is an error that says so.
func TestGuestSoundCardAbilities(t *testing.T) {
	guest.Need(t)
	p := open(t, loopOut, pcm.Capture)
	a, err := p.Abilities()
	if err != nil {
		t.Fatal(err)
	}
	if a.MinRate > 8000 || a.MaxRate < 48000 || a.MaxChannels < 2 || !strings.Contains(a.Card, "Loopback") || a.Caps().IsEmpty() {
		t.Errorf("%+v", a)
	}
	_, err = p.Configure(frames.AudioInfo{Format: frames.S16LE, Rate: 1, Channels: 1}, 50*time.Millisecond, time.Second)
	if err == nil || !strings.Contains(err.Error(), "1 samples a second") {
		t.Errorf("a rate that it has not: %v", err)
	}
}

// Sound that nobody takes in time is lost, and that is told once.
func TestGuestSoundOverflow(t *testing.T) {
	guest.Need(t)
	audio := frames.AudioInfo{Format: frames.S16LE, Rate: 48000, Channels: 2}
	p := open(t, loopOut, pcm.Capture)
	setup, err := p.Configure(audio, 20*time.Millisecond, 100*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	data := make([]byte, setup.Period*audio.FrameBytes())
	ctx := guest.Context(t)
	if _, err := p.Read(ctx, data); err != nil {
		t.Fatal(err)
	}
	before := p.Overruns()
	time.Sleep(3 * audio.Duration(setup.Buffer)) // this is the fault
	for {
		c, err := p.Read(ctx, data)
		if err != nil {
			t.Fatal(err)
		}
		if c.Lost {
			break
		}
		if p.Overruns() > before+100 {
			t.Fatal("no chunk says that sound was lost before it")
		}
	}
	if p.Overruns() == before {
		t.Error("the loss was not counted")
	}
}

// A USB microphone that is pulled out is gone, not silent, and can be opened again when
// it is back.
func TestGuestMicrophoneUnplugged(t *testing.T) {
	guest.Need(t)
	usb := guest.PlugIn(t)
	audio := frames.AudioInfo{Format: frames.S16LE, Rate: 48000, Channels: 1}
	p := openUSB(t, audio)
	record(t, p, audio)
	usb.Unplug()
	ctx := guest.Context(t)
	data := make([]byte, 4800*audio.FrameBytes())
	for {
		_, err := p.Read(ctx, data)
		if errors.Is(err, pcm.ErrGone) {
			break
		}
		if err != nil {
			t.Fatalf("%v: want ErrGone", err)
		}
	}
	if err := p.Close(); err != nil {
		t.Errorf("closing what is gone: %v", err)
	}
	usb.Replug()
	hearsWhistle(t, openUSB(t, audio), audio)
}

// openUSB opens the microphone once it is there.
func openUSB(t *testing.T, audio frames.AudioInfo) *pcm.PCM {
	t.Helper()
	ctx := guest.Context(t)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		all, err := pcm.Devices()
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range all {
			if !d.Capture || !strings.HasPrefix(d.Name, "plughw:") || strings.Contains(d.Name, "Loopback") {
				continue
			}
			if p, err := pcm.Open(d.Name, pcm.Capture); err == nil {
				t.Cleanup(func() { _ = p.Close() }) // it may be gone
				if _, err := p.Configure(audio, 50*time.Millisecond, time.Second); err == nil {
					return p
				}
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("no microphone has come")
		}
	}
}
