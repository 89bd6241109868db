package microphone

import (
	"context"
	"encoding/binary"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/virtmic"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake is a device whose cable the test holds.
type fake struct {
	abilities pcm.Abilities
	only      int // the rate that it runs at, any if 0

	mu      sync.Mutex
	plugged bool
	opened  int
	closed  int
	audio   frames.AudioInfo
	fault   error // of the next read
	hang    bool
}

func (f *fake) open(string) (device, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.plugged {
		return nil, errors.New("no such device")
	}
	f.opened++
	return f, nil
}

func (f *fake) Abilities() (*pcm.Abilities, error) { return &f.abilities, nil }

func (f *fake) Configure(audio frames.AudioInfo, _, _ time.Duration) (pcm.Setup, error) {
	if f.only > 0 && audio.Rate != f.only {
		return pcm.Setup{}, errors.New("cannot run at that rate")
	}
	f.audio = audio
	return pcm.Setup{}, nil
}

func (f *fake) Read(ctx context.Context, data []byte) (pcm.Chunk, error) {
	f.mu.Lock()
	fault, hang := f.fault, f.hang
	f.fault = nil
	f.mu.Unlock()
	if fault != nil {
		return pcm.Chunk{}, fault
	}
	if hang {
		<-ctx.Done()
		return pcm.Chunk{}, ctx.Err()
	}
	for i := range data {
		data[i] = byte(i)
	}
	return pcm.Chunk{Samples: len(data) / f.audio.FrameBytes(), Age: time.Hour}, ctx.Err()
}

func (f *fake) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed++
	return nil
}

func (f *fake) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

func stereo() *fake {
	return &fake{plugged: true, abilities: pcm.Abilities{
		Formats: []frames.SampleFormat{frames.S32LE, frames.S16LE}, MinRate: 44100, MaxRate: 48000, MinChannels: 2, MaxChannels: 2,
	}}
}

func openFake(t *testing.T, f *fake, o Options) *Microphone {
	t.Helper()
	o.Device = "hw:0"
	m, err := open(f.open, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
		if m.Held() != 0 || f.opened != f.closed {
			t.Errorf("%d chunks are held; opened %d times and closed %d", m.Held(), f.opened, f.closed)
		}
	})
	return m
}

func next(t *testing.T, m *Microphone) *Chunk {
	t.Helper()
	c, err := m.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestChoosesWhatTheDeviceHas(t *testing.T) {
	for wish, want := range map[Options]frames.AudioInfo{
		{}:                     {Format: frames.S16LE, Rate: 48000, Channels: 2},
		{Rate: 16000}:          {Format: frames.S16LE, Rate: 44100, Channels: 2},
		{Format: frames.S32LE}: {Format: frames.S32LE, Rate: 48000, Channels: 2},
		{Rate: 45000, Channels: 8, Format: frames.F64LE}: {Format: frames.S16LE, Rate: 45000, Channels: 2},
	} {
		if m := openFake(t, stereo(), wish); m.Format() != want {
			t.Errorf("%+v: got %+v, want %+v", wish, m.Format(), want)
		}
	}
	f := stereo()
	f.only = 44100
	if m := openFake(t, f, Options{Rate: 47000}); m.Format().Rate != 44100 {
		t.Errorf("of a device that has 44100 only, %d was set", m.Format().Rate)
	}
	f = stereo()
	f.only = 1
	if _, err := open(f.open, Options{Device: "hw:0"}); err == nil || f.opened != 1 || f.closed != 1 {
		t.Errorf("a device that runs at no rate: %v; opened %d times, closed %d", err, f.opened, f.closed)
	}
}

func TestChunksAreSamples(t *testing.T) {
	m := openFake(t, stereo(), Options{Length: 10 * time.Millisecond, Format: frames.S32LE})
	c := next(t, m)
	if c.Samples() != 480 || c.Duration() != 10*time.Millisecond || len(c.Bytes()) != 480*8 || len(c.Int16()) != 960 || len(c.Float32()) != 960 {
		t.Errorf("%d samples in %d bytes, %d as int16", c.Samples(), len(c.Bytes()), len(c.Int16()))
	}
	first := float64(int32(binary.LittleEndian.Uint32(c.Bytes()))) / (1 << 31)
	floats, ints := c.Float32(), c.Int16() // each stays valid until Release
	if floats[0] != float32(first) {
		t.Errorf("the first sample is %v, want %v", floats[0], first)
	}
	if ints[0] != int16(first*32768+0.5) {
		t.Errorf("the first sample is %v, want %v", ints[0], first*32768)
	}
	if age := time.Since(c.Time); age < time.Hour {
		t.Errorf("recorded %v ago, want an hour", age)
	}
	c.Release()
	defer func() {
		if recover() == nil {
			t.Error("a second release went unnoticed")
		}
	}()
	c.Release()
}

func TestNothingIsAllocatedPerChunk(t *testing.T) {
	m := openFake(t, stereo(), Options{Format: frames.S32LE})
	ctx := t.Context()
	if n := testing.AllocsPerRun(100, func() {
		c, err := m.Next(ctx)
		if err != nil || len(c.Int16()) == 0 {
			t.Fatal(err)
		}
		c.Release()
	}); n > 0 {
		t.Errorf("%v allocations for a chunk", n)
	}
}

func TestUnplugDuringRange(t *testing.T) {
	f := stereo()
	m := openFake(t, f, Options{})
	var told []string
	chunks := 0
	for c, err := range m.Chunks(t.Context()) {
		if err != nil {
			told = append(told, err.Error())
			f.set(func() { f.plugged = len(told) == 2 })
			continue
		}
		resumed := c.Resumed
		c.Release()
		if resumed {
			break
		}
		if chunks++; chunks == 2 {
			f.set(func() { f.fault = pcm.ErrGone })
		}
	}
	if len(told) != 2 || told[0] != pcm.ErrGone.Error() || !strings.Contains(told[1], "not back yet: no such device") {
		t.Errorf("told %q", told)
	}
}

func TestWaitingEnds(t *testing.T) {
	for name, lost := range map[string]bool{"for sound": false, "for the device": true} {
		for _, closes := range []bool{false, true} {
			f := stereo()
			f.hang = true
			m := openFake(t, f, Options{})
			if lost {
				f.set(func() { f.plugged, f.fault = false, pcm.ErrGone })
				for range 2 { // gone, and not back yet
					m.Next(t.Context())
				}
			}
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error)
			go func() {
				for _, err := range m.Chunks(ctx) {
					ended <- err
					return
				}
				ended <- nil
			}()
			if closes {
				m.Close()
			} else {
				cancel()
			}
			if err := <-ended; err != nil {
				t.Errorf("%s, closed %v: the loop was told %v", name, closes, err)
			}
			cancel()
			if closes {
				if _, err := m.Next(t.Context()); !errors.Is(err, ErrClosed) {
					t.Errorf("after Close: %v", err)
				}
			}
		}
	}
}

// A tone is heard at its level.
func TestHearsATone(t *testing.T) {
	if virtmic.Hear(t, 1000) == nil {
		return
	}
	m, err := Open(Options{Rate: 16000})
	if errors.Is(err, pcm.ErrNoLibrary) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if m.Format() != (frames.AudioInfo{Format: frames.S16LE, Rate: 16000, Channels: 1}) || m.Name() != "default" {
		t.Errorf("%s is set to %+v", m.Name(), m.Format())
	}
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	var samples []float64
	for c, err := range m.Chunks(ctx) {
		if err != nil {
			t.Log(err) // this machine had other things to do
			samples = samples[:0]
			continue
		}
		if c.Lost {
			samples = samples[:0]
		}
		for _, v := range c.Float32() {
			samples = append(samples, float64(v))
		}
		c.Release()
		if len(samples) >= 16000 {
			break
		}
	}
	if len(samples) < 16000 {
		t.Fatalf("%d samples in two minutes", len(samples))
	}
	if level := virtmic.Level(samples[:16000], 1000, 16000); level < 0.45 || level > 0.55 {
		t.Errorf("1000 Hz has a level of %.3f, want 0.5", level)
	}
	if m.Held() != 0 {
		t.Errorf("%d chunks are held", m.Held())
	}
}

func TestWrongNames(t *testing.T) {
	if virtmic.Without(t) {
		m, err := Open(Options{})
		if err == nil {
			m.Close()
			t.Fatal("there is no device, and it was opened")
		}
		t.Log(err)
		return
	}
	m, err := Open(Options{Device: "hw:CARD=nosuch"})
	if errors.Is(err, pcm.ErrNoLibrary) {
		t.Skip(err)
	}
	if err == nil {
		m.Close()
		t.Fatal("a card that is not there was opened")
	}
	if !strings.Contains(err.Error(), "nosuch") {
		t.Errorf("%v does not name the device", err)
	}
}
