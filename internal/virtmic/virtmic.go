// Package virtmic gives tests a sound server with a microphone that hears a known tone,
// on machines without a sound card: a PulseAudio server of their own with a sink that
// plays to nobody, whose monitor is the microphone. ALSA's plugin for PulseAudio makes
// it the device "default".
//
//	func TestRecords(t *testing.T) {
//		mic := virtmic.Hear(t, 1000)
//		if mic == nil {
//			return // the test ran in a process of its own
//		}
//		…
//	}
package virtmic

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/eiengine/eiengine/frames"
)

// Mic is the server in which a test runs.
type Mic struct {
	dir, sound string
	server     *exec.Cmd
}

const folderVariable, toneVariable = "VIRTMIC_DIR", "VIRTMIC_HZ"

// Hear runs the calling test once more in a process whose sound devices are those of
// the server, and returns nil when that has passed. There it returns the microphone. The
// test is skipped where PulseAudio is not installed. At 0 Hz the microphone hears nothing
// but what is played in the test.
func Hear(t *testing.T, hertz int) *Mic {
	t.Helper()
	if dir := os.Getenv(folderVariable); dir != "" {
		m := &Mic{dir: dir, sound: os.Getenv(toneVariable)}
		m.Start(t)
		t.Cleanup(func() { m.Stop(t) })
		return m
	}
	if missing := missing(); missing != "" {
		t.Skipf("%s is not installed (apt-get install pulseaudio pulseaudio-utils libasound2-plugins): no virtual microphone", missing)
	}
	t.Parallel() // it has a server of its own
	dir := t.TempDir()
	config := filepath.Join(dir, "asound.conf")
	const devices = `</usr/share/alsa/alsa.conf>
pcm.!default { type pulse }
ctl.!default { type pulse }
`
	if err := os.WriteFile(config, []byte(devices), 0o600); err != nil {
		t.Fatal(err)
	}
	again(t, folderVariable+"="+dir, fmt.Sprintf("%s=%d", toneVariable, hertz), "ALSA_CONFIG_PATH="+config, "PULSE_SERVER=unix:"+filepath.Join(dir, "native"))
	return nil
}

// Without runs the calling test once more in a process for which there is no sound
// device, and reports whether it is that process.
func Without(t *testing.T) (inside bool) {
	t.Helper()
	if os.Getenv(folderVariable) != "" {
		return true
	}
	config := filepath.Join(t.TempDir(), "asound.conf")
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	again(t, folderVariable+"=none", "ALSA_CONFIG_PATH="+config)
	return false
}

// again runs the calling test in a process of its own, with more in its environment.
func again(t *testing.T, environment ...string) {
	t.Helper()
	ctx := t.Context()
	if deadline, ok := t.Deadline(); ok { // before go test kills this process, and not that one
		var stop context.CancelFunc
		ctx, stop = context.WithDeadline(ctx, deadline.Add(-20*time.Second))
		defer stop()
	}
	test := exec.CommandContext(ctx, os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v") //nolint:gosec // this test
	test.Env = append(os.Environ(), environment...)
	test.Cancel = func() error { return test.Process.Signal(syscall.SIGQUIT) } // it prints where it hangs
	test.WaitDelay = 10 * time.Second
	var out bytes.Buffer
	test.Stdout, test.Stderr = &out, &out
	if testing.Verbose() {
		test.Stdout, test.Stderr = os.Stdout, os.Stderr
	}
	if err := test.Run(); err != nil {
		t.Fatalf("%v\n%s", err, out.Bytes())
	}
}

// missing is what the server needs and this machine lacks.
func missing() string {
	for _, program := range []string{"pulseaudio", "pactl"} {
		if _, err := exec.LookPath(program); err != nil {
			return program
		}
	}
	const plugin = "libasound_module_pcm_pulse.so"
	for _, folder := range []string{"/usr/lib/*/alsa-lib/", "/usr/lib/alsa-lib/", "/usr/lib64/alsa-lib/"} {
		if found, err := filepath.Glob(folder + plugin); err == nil && len(found) > 0 {
			return ""
		}
	}
	return plugin
}

// Start starts the server after Stop: the microphone is there again.
func (m *Mic) Start(t *testing.T) {
	t.Helper()
	modules := []string{
		"-L", "module-native-protocol-unix socket=" + filepath.Join(m.dir, "native") + " auth-anonymous=1",
		"-L", "module-null-sink sink_name=mic rate=48000 channels=1 channel_map=mono",
	}
	if m.sound != "0" {
		modules = append(modules, "-L", "module-sine sink=mic frequency="+m.sound)
	}
	m.server = exec.CommandContext(context.Background(), "pulseaudio", append([]string{ //nolint:gosec // constants
		"-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--realtime=no", "--high-priority=no", "--log-level=error",
	}, modules...)...)
	m.server.Env = append(os.Environ(), "HOME="+m.dir, "XDG_RUNTIME_DIR="+m.dir)
	if err := m.server.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		err := exec.CommandContext(t.Context(), "pactl", "set-default-source", "mic.monitor").Run()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the sound server does not start: %v", err)
		}
	}
}

// Stop kills the server, which is what unplugging a microphone looks like.
func (m *Mic) Stop(t *testing.T) {
	t.Helper()
	if err := m.server.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = m.server.Wait() // killed
	if err := os.Remove(filepath.Join(m.dir, "native")); err != nil && !os.IsNotExist(err) {
		t.Error(err)
	}
}

// Freeze has the server hang, until Thaw or Stop.
func (m *Mic) Freeze(t *testing.T) { m.signal(t, syscall.SIGSTOP) }

// Thaw lets it go on.
func (m *Mic) Thaw(t *testing.T) { m.signal(t, syscall.SIGCONT) }

func (m *Mic) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := m.server.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// Abandoned are the goroutines that tests may leave behind which kill or freeze the server:
// calls to it that wait for its answer.
func Abandoned() []goleak.Option {
	const pcm = "github.com/eiengine/eiengine/capture/pcm."
	return []goleak.Option{
		goleak.IgnoreAnyFunction(pcm + "(*runner).call"), goleak.IgnoreAnyFunction(pcm + "(*library).openPatiently"), goleak.IgnoreAnyFunction(pcm + "(*library).closeLate"),
	}
}

// Record reads a second of S16LE by read, and returns its first channel as numbers. Where read
// says that sound was lost, it begins anew: this machine had other things to do.
func Record(t *testing.T, audio frames.AudioInfo, read func(ctx context.Context, data []byte) (lost bool, err error)) []float64 {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	data := make([]byte, audio.Rate*audio.FrameBytes())
	for part := data; len(part) > 0; {
		n := min(len(part), audio.Rate/50*audio.FrameBytes())
		lost, err := read(ctx, part[:n])
		if err != nil {
			t.Fatal(err)
		}
		part = part[n:]
		if lost {
			part = data
		}
	}
	out := make([]float64, 0, audio.Rate)
	for i := 0; i < len(data); i += audio.FrameBytes() {
		out = append(out, float64(int16(binary.LittleEndian.Uint16(data[i:])))/32768)
	}
	return out
}

// HearPlayed writes a square wave of 400 Hz, S16LE at 16 kHz in one channel, and wants to find
// it at its level in what record, which records a second at 16 kHz, hears.
func HearPlayed(t *testing.T, write func(context.Context, []byte) error, record func() []float64) {
	t.Helper()
	const rate, hertz, amplitude = 16000, 400, 6000
	square := make([]byte, 2*rate/10) // a whole number of periods
	for i := range rate / 10 {
		v := int16(amplitude)
		if i/(rate/hertz/2)%2 == 1 {
			v = -v
		}
		binary.LittleEndian.PutUint16(square[2*i:], uint16(v))
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() {
		var err error
		for err == nil {
			err = write(ctx, square)
		}
		ended <- err
	}()
	level := 0.0
	for range 10 { // it takes a while until the server plays
		if level = Level(record(), hertz, rate); level > 0.2 {
			break
		}
	}
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("writing ended with %v", err)
	}
	if want := amplitude / 32768.0 * 4 / math.Pi; level < 0.9*want || level > 1.1*want {
		t.Errorf("%d Hz has a level of %.3f, want %.3f", hertz, level, want)
	}
}

// Level is how loud a tone is in samples of one channel: the amplitude of the sine of
// that frequency, as the median of twentieths of a second, so that a gap that a busy
// machine makes does not matter. The frequency must be a multiple of 20.
func Level(samples []float64, hertz float64, rate int) float64 {
	var levels []float64
	for part := range slices.Chunk(samples, rate/20) {
		levels = append(levels, amplitude(part, hertz, rate))
	}
	slices.Sort(levels)
	return levels[len(levels)/2]
}

func amplitude(samples []float64, hertz float64, rate int) float64 {
	var re, im float64
	for i, v := range samples {
		sin, cos := math.Sincos(2 * math.Pi * hertz * float64(i) / float64(rate))
		re, im = re+v*cos, im+v*sin
	}
	return 2 * math.Hypot(re, im) / float64(len(samples))
}
