package portaudio_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/capture/portaudio"
	"github.com/eiengine/eiengine/frames"
	samplesof "github.com/eiengine/eiengine/frames/pcm"
	"github.com/eiengine/eiengine/internal/virtmic"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// needsLibrary skips a test where PortAudio is not installed.
func needsLibrary(t testing.TB) {
	t.Helper()
	version, err := portaudio.Probe()
	if err != nil {
		t.Skip(err)
	}
	t.Log(version)
}

// heard returns the microphone in the process that has one, nil elsewhere.
func heard(t *testing.T) *virtmic.Mic {
	t.Helper()
	needsLibrary(t)
	return virtmic.Hear(t, 1000)
}

func open(t testing.TB, direction pcm.Direction, audio frames.AudioInfo) *portaudio.Stream {
	t.Helper()
	s, err := portaudio.Open(t.Context(), portaudio.Options{Direction: direction})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	setup, err := s.Configure(audio, 10*time.Millisecond, 500*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if setup.Period <= 0 || setup.Buffer < setup.Period {
		t.Errorf("%v: set to %+v", audio, setup)
	}
	return s
}

// record reads a second and returns it as numbers.
func record(t *testing.T, s *portaudio.Stream, audio frames.AudioInfo) []float64 {
	t.Helper()
	return virtmic.Record(t, audio, func(ctx context.Context, data []byte) (lost bool, err error) {
		c, err := s.Read(ctx, data)
		if err == nil && c.Age < audio.Duration(c.Samples) {
			t.Fatalf("%d samples are %v old", c.Samples, c.Age)
		}
		return c.Lost, err
	})
}

// A tone is heard at its frequency and level, whatever rate the device is set to.
func TestHearsATone(t *testing.T) {
	if heard(t) == nil {
		return
	}
	for _, audio := range []frames.AudioInfo{{Format: frames.S16LE, Rate: 16000, Channels: 1}, {Format: frames.S16LE, Rate: 44100, Channels: 2}, {Format: frames.S16LE, Rate: 48000, Channels: 1}} {
		got := record(t, open(t, pcm.Capture, audio), audio)
		level, other := virtmic.Level(got, 1000, audio.Rate), virtmic.Level(got, 1100, audio.Rate)
		t.Logf("%v: 1000 Hz has a level of %.4f, 1100 Hz of %.4f", audio, level, other)
		if level < 0.45 || level > 0.55 || other > 0.01 {
			t.Errorf("%v: 1000 Hz has a level of %.3f, 1100 Hz of %.3f: want 0.5 and none", audio, level, other)
		}
	}
}

// Every format has the same tone in it.
func TestHearsAToneInEveryFormat(t *testing.T) {
	if heard(t) == nil {
		return
	}
	s, err := portaudio.Open(t.Context(), portaudio.Options{Direction: pcm.Capture})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	able, err := s.Abilities()
	if err != nil || able.MinRate > 8000 || able.MaxRate < 48000 || able.MaxChannels < 1 {
		t.Fatalf("%+v, %v", able, err)
	}
	for _, format := range able.Formats {
		audio := frames.AudioInfo{Format: format, Rate: 16000, Channels: 1}
		if _, err := s.Configure(audio, 10*time.Millisecond, time.Second); err != nil {
			t.Fatal(err)
		}
		data := make([]byte, audio.Rate*audio.FrameBytes())
		if _, err := s.Read(t.Context(), data); err != nil {
			t.Fatal(err)
		}
		samples := make([]float64, audio.Rate)
		if _, err := samplesof.Decode(samples, data, format); err != nil {
			t.Fatal(err)
		}
		if level := virtmic.Level(samples, 1000, audio.Rate); level < 0.45 || level > 0.55 {
			t.Errorf("%v: 1000 Hz has a level of %.3f, want 0.5", format, level)
		}
	}
}

// What is played is heard by who records what is played.
func TestPlaysATone(t *testing.T) {
	if heard(t) == nil {
		return
	}
	audio := frames.AudioInfo{Format: frames.S16LE, Rate: 16000, Channels: 1}
	mic, speaker := open(t, pcm.Capture, audio), open(t, pcm.Playback, audio)
	virtmic.HearPlayed(t, speaker.Write, func() []float64 { return record(t, mic, audio) })
	if delay := speaker.Delay(); delay <= 0 {
		t.Errorf("what is played waits for %v", delay)
	}
	if err := speaker.Drain(t.Context()); err != nil {
		t.Error(err)
	}
	if delay := speaker.Delay(); delay != 0 {
		t.Errorf("after the end %v wait", delay)
	}
}

// soonOver is a context that has ended when it is looked at for the second time.
type soonOver struct {
	context.Context
	seen bool
}

func (c *soonOver) Err() error {
	if c.seen {
		return context.Canceled
	}
	c.seen = true
	return nil
}

// Playing to the end may be called off; what is said of it later is not taken for another answer.
func TestDrainCalledOff(t *testing.T) {
	if heard(t) == nil {
		return
	}
	audio := frames.AudioInfo{Format: frames.S16LE, Rate: 16000, Channels: 1}
	speaker := open(t, pcm.Playback, audio)
	for range 3 {
		if err := speaker.Write(t.Context(), make([]byte, 16000)); err != nil {
			t.Fatal(err)
		}
		if err := speaker.Drain(&soonOver{Context: t.Context()}); !errors.Is(err, context.Canceled) {
			t.Errorf("called off: %v", err)
		}
		speaker.Drop()
		if setup, err := speaker.Configure(audio, 10*time.Millisecond, 500*time.Millisecond); err != nil || setup.Period != 160 {
			t.Fatalf("set to %+v, %v", setup, err)
		}
	}
	if err := speaker.Write(t.Context(), make([]byte, 3200)); err != nil {
		t.Error(err)
	}
	if err := speaker.Drain(t.Context()); err != nil {
		t.Error(err)
	}
}

// A block is never longer than a device may be silent.
func TestLongPeriods(t *testing.T) {
	if heard(t) == nil {
		return
	}
	mic, err := portaudio.Open(t.Context(), portaudio.Options{Direction: pcm.Capture})
	if err != nil {
		t.Fatal(err)
	}
	defer mic.Close()
	audio := frames.AudioInfo{Format: frames.S16LE, Rate: 16000, Channels: 1}
	if setup, err := mic.Configure(audio, 2*time.Second, 4*time.Second); err != nil || setup.Period != 8000 {
		t.Fatalf("set to %+v, %v", setup, err)
	}
	if level := virtmic.Level(record(t, mic, audio), 1000, audio.Rate); level < 0.45 || level > 0.55 {
		t.Errorf("1000 Hz has a level of %.3f, want 0.5", level)
	}
}

// What is read and written allocates nothing.
func TestAllocatesNothing(t *testing.T) {
	if heard(t) == nil {
		return
	}
	audio := frames.AudioInfo{Format: frames.S16LE, Rate: 16000, Channels: 1}
	mic, speaker := open(t, pcm.Capture, audio), open(t, pcm.Playback, audio)
	data := make([]byte, 320)
	for name, work := range map[string]func() error{
		"read": func() error {
			_, err := mic.Read(t.Context(), data)
			return err
		},
		"write": func() error {
			_ = speaker.Delay()
			return speaker.Write(t.Context(), data)
		},
	} {
		// The least of several counts: one that had to wait for long makes errors of it.
		least := math.Inf(1)
		for range 10 {
			least = min(least, testing.AllocsPerRun(10, func() {
				if err := work(); err != nil {
					t.Fatal(err)
				}
			}))
		}
		if least > 0 {
			t.Errorf("%s: %v allocations", name, least)
		}
	}
}

// A stream that was dropped starts anew, with new sound.
func TestStartsAnew(t *testing.T) {
	if heard(t) == nil {
		return
	}
	audio := frames.AudioInfo{Format: frames.S16LE, Rate: 16000, Channels: 1}
	s := open(t, pcm.Capture, audio)
	data := make([]byte, 1000) // not whole blocks
	for range 5 {
		for range 3 {
			if _, err := s.Read(t.Context(), data); err != nil {
				t.Fatal(err)
			}
		}
		s.Drop()
	}
	if level := virtmic.Level(record(t, s, audio), 1000, audio.Rate); level < 0.45 || level > 0.55 {
		t.Errorf("1000 Hz has a level of %.3f, want 0.5", level)
	}
}

// A device whose server ends is told of, and its process is gone.
func TestServerEnds(t *testing.T) {
	mic := heard(t)
	if mic == nil {
		return
	}
	audio := frames.AudioInfo{Format: frames.S16LE, Rate: 16000, Channels: 1}
	s := open(t, pcm.Capture, audio)
	record(t, s, audio)
	mic.Stop(t)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	data := make([]byte, 320)
	for {
		if _, err := s.Read(ctx, data); err != nil {
			if !errors.Is(err, pcm.ErrGone) && !errors.Is(err, pcm.ErrStalled) {
				t.Errorf("it ended with %v", err)
			}
			t.Log(err)
			break
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if left := children(t); len(left) != 0 {
		t.Errorf("processes %v are left", left)
	}
	mic.Start(t)
}

// A process that stands still is ended, and so is the wait for it.
func TestStandsStill(t *testing.T) {
	if heard(t) == nil {
		return
	}
	audio := frames.AudioInfo{Format: frames.S16LE, Rate: 16000, Channels: 1}
	s := open(t, pcm.Capture, audio)
	record(t, s, audio)
	for _, pid := range children(t) {
		if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
	}
	data := make([]byte, 320)
	var err error
	for err == nil {
		_, err = s.Read(t.Context(), data)
	}
	if !errors.Is(err, pcm.ErrStalled) {
		t.Errorf("it ended with %v", err)
	}
	if left := children(t); len(left) != 0 {
		t.Errorf("processes %v are left", left)
	}
	if _, err := s.Read(t.Context(), data); !errors.Is(err, os.ErrClosed) {
		t.Errorf("after that reading gives %v", err)
	}
}

const holdVariable = "PORTAUDIO_HOLD"

// A program that is killed leaves nothing behind.
func TestParentIsKilled(t *testing.T) {
	if os.Getenv(holdVariable) != "" {
		open(t, pcm.Capture, frames.AudioInfo{Format: frames.S16LE, Rate: 16000, Channels: 1})
		fmt.Println("child", children(t)[0])
		select {} // until it is killed
	}
	if heard(t) == nil {
		return
	}
	holder := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$") //nolint:gosec // this test
	holder.Env = append(os.Environ(), holdVariable+"=1")
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	var child int
	if _, err := fmt.Fscanf(out, "child %d", &child); err != nil {
		t.Fatal(err)
	}
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = holder.Wait() // it was killed
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for line := []byte{1}; len(line) > 0; { // there is none of what has ended
		line, _ = os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", child))
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("process %d outlives its parent", child)
		}
	}
}

// children are the processes of this test that run PortAudio.
func children(t *testing.T) (all []int) {
	t.Helper()
	found, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range found {
		line, _ := os.ReadFile(name) // it may have ended
		if !strings.HasPrefix(string(line), "eiengine-portaudio\x00") {
			continue
		}
		if pid, parent := numbers(filepath.Dir(name)); parent == os.Getpid() {
			all = append(all, pid)
		}
	}
	return all
}

// numbers are those of a process and its parent, by its folder in /proc.
func numbers(folder string) (pid, parent int) {
	stat, err := os.ReadFile(filepath.Join(folder, "stat"))
	if err != nil {
		return 0, 0
	}
	var state string
	_, after, _ := strings.Cut(string(stat), ") ")
	if _, err := fmt.Sscanf(after, "%s %d", &state, &parent); err != nil {
		return 0, 0
	}
	pid, _ = strconv.Atoi(filepath.Base(folder))
	return pid, parent
}
