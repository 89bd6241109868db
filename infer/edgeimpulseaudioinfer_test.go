package infer_test

import (
	"encoding/binary"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
)

// soundFeed gives samples in frames of chunk samples.
func soundFeed(t testing.TB, samples []int16, rate, chunk int, flags func(n int) frames.Flags) *feeder {
	t.Helper()
	format, err := frames.AudioFormat(frames.AudioInfo{Format: frames.S16LE, Rate: rate, Channels: 1})
	if err != nil {
		t.Fatal(err)
	}
	return &feeder{format: format, size: 2 * chunk, fill: func(n int, f *frames.Frame) error {
		from := n * chunk
		if from >= len(samples) {
			return io.EOF
		}
		part := samples[from:min(from+chunk, len(samples))]
		for i, v := range part {
			binary.LittleEndian.PutUint16(f.Bytes()[2*i:], uint16(v))
		}
		f.Truncate(2 * len(part))
		f.PTS = time.Duration(from) * time.Second / time.Duration(rate)
		if flags != nil {
			f.Flags = flags(n)
		}
		return nil
	}}
}

func ramp(n int) []int16 {
	s := make([]int16, n)
	for i := range s {
		s[i] = int16(i*7 - 30000)
	}
	return s
}

// keyword describes a model of sound: windows of 1600 samples, slices of 400.
func keyword(record string, continuous bool) probeSpec {
	return probeSpec{
		Record: record,
		Info: backend.Info{
			Type: backend.Classification, Sensor: backend.SensorMicrophone, Labels: []string{"no", "yes"},
			InputFeatures: 1600, Frequency: 16000, AxisCount: 1, SliceSize: 400, Continuous: continuous,
		},
		Result: backend.Result{Classification: []backend.Score{{Label: "no", Value: 0.25}, {Label: "yes", Value: 0.75}}},
	}
}

func fedFloats(t testing.TB, record string) []float32 {
	t.Helper()
	b, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]float32, len(b)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return out
}

func TestSoundWindows(t *testing.T) {
	ms := time.Millisecond
	for _, c := range []struct {
		name       string
		samples    int
		continuous bool
		props      string
		want       []time.Duration // PTS of the buffer that completed each answer
		fed        int             // samples asked about
	}{
		{"back to back", 3200, false, "", []time.Duration{90 * ms, 190 * ms}, 3200},
		{"the rest is filled with silence", 3360, false, "", []time.Duration{90 * ms, 190 * ms, 200 * ms}, 4800},
		{"shorter than a window", 160, false, "", []time.Duration{0}, 1600},
		{"slices", 2400, true, "", []time.Duration{90 * ms, 120 * ms, 140 * ms}, 2400},
		{"slices with a rest", 2480, true, "", []time.Duration{90 * ms, 120 * ms, 140 * ms, 150 * ms}, 2800},
		{"slices shorter than a window", 1200, true, "", []time.Duration{70 * ms}, 1600},
		{"continuous=no", 3200, true, "continuous=no", []time.Duration{90 * ms, 190 * ms}, 3200},
	} {
		t.Run(c.name, func(t *testing.T) {
			record := filepath.Join(t.TempDir(), "fed")
			path := program(t, roleProbe, probeEnv(keyword(record, c.continuous)))
			in := ramp(c.samples)
			r := newRig(t, soundFeed(t, in, 16000, 160, nil), "edgeimpulseaudioinfer name=ears model-path="+path+" "+c.props)
			r.run()
			var got []time.Duration
			for _, i := range payloads[*bus.Inference](r) {
				got = append(got, i.Timestamp)
				if i.Type != bus.Classification || len(i.Result.Classification) != 2 {
					t.Errorf("%+v", i)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("answers at %v, want %v\n%s", got, c.want, r.texts())
			}
			fed := fedFloats(t, record)
			if len(fed) != c.fed {
				t.Fatalf("the model was fed %d values, want %d", len(fed), c.fed)
			}
			for i, v := range fed {
				var want float32
				if i < len(in) {
					want = float32(in[i])
				}
				if v != want {
					t.Fatalf("value %d is %v, the sample is %v", i, v, want)
				}
			}
			size := 0
			for _, f := range r.out.frames {
				size += f.size
			}
			if size != 2*c.samples {
				t.Errorf("%d bytes of sound came out, want %d", size, 2*c.samples)
			}
		})
	}
}

func TestSoundResultIsOnTheBuffer(t *testing.T) {
	path := program(t, roleProbe, probeEnv(keyword("", false)))
	// One buffer holds two and a half windows.
	r := newRig(t, soundFeed(t, ramp(4000), 16000, 4000, nil), "edgeimpulseaudioinfer model-path="+path)
	r.run()
	if got := len(payloads[*bus.Inference](r)); got != 3 {
		t.Errorf("%d answers, want two from the buffer and one at the end", got)
	}
	if m := r.out.frames[0].metas; len(m) != 2 || m[0] != "inference-result" {
		t.Errorf("metas %v, want two results", m)
	}
}

func TestSoundGapStartsAnew(t *testing.T) {
	path := program(t, roleProbe, probeEnv(keyword("", true)))
	gap := func(n int) frames.Flags {
		if n == 13 {
			return frames.Discont
		}
		return 0
	}
	r := newRig(t, soundFeed(t, ramp(13*160+1600), 16000, 160, gap), "edgeimpulseaudioinfer model-path="+path)
	r.run()
	var got []time.Duration
	for _, i := range payloads[*bus.Inference](r) {
		got = append(got, i.Timestamp/time.Millisecond)
	}
	// 13 buffers before the gap fill the window and one slice more; after it
	// another window has to be filled.
	if want := []time.Duration{90, 120, 220}; !slices.Equal(got, want) {
		t.Errorf("answers at %v ms, want %v", got, want)
	}
}

func TestSoundOfAnotherRate(t *testing.T) {
	record := filepath.Join(t.TempDir(), "fed")
	path := program(t, roleProbe, probeEnv(keyword(record, false)))
	in := make([]int16, 4800) // 0.1 s at 48 kHz
	for i := range in {
		in[i] = int16(20000 * math.Sin(2*math.Pi*440*float64(i)/48000))
	}
	r := newRig(t, soundFeed(t, in, 48000, 480, nil), "edgeimpulseaudioinfer model-path="+path)
	r.run()
	fed := fedFloats(t, record)
	if len(fed) != 1600 {
		t.Fatalf("fed %d values, want one window of 1600\n%s", len(fed), r.texts())
	}
	for i := 100; i < 1500; i++ {
		want := 20000 * math.Sin(2*math.Pi*440*float64(i)/16000)
		if math.Abs(float64(fed[i])-want) > 20 || fed[i] != float32(math.Round(float64(fed[i]))) {
			t.Fatalf("value %d is %v, the tone has %.1f there", i, fed[i], want)
		}
	}
}

func TestSoundModelsThatDoNotSuit(t *testing.T) {
	motion := keyword("", false)
	motion.Info.Sensor, motion.Info.AxisCount, motion.Info.Frequency = backend.SensorAccelerometer, 3, 62.5
	for _, c := range []struct{ elements, want string }{
		{"edgeimpulseaudioinfer model-path=builtin:shapes", "takes pictures, not sound: use edgeimpulsevideoinfer"},
		{"edgeimpulseaudioinfer model-path=" + program(t, roleProbe, probeEnv(motion)), "not sound"},
		{"edgeimpulseaudioinfer continuous=yes model-path=" + program(t, roleProbe, probeEnv(keyword("", false))), "set continuous=auto or no"},
	} {
		r := newRig(t, soundFeed(t, ramp(160), 16000, 160, nil), c.elements)
		if err := r.p.Play(t.Context()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.elements, err, c.want)
		}
	}
}

func TestSoundModelKilledMidStream(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	path := program(t, roleProbe, probeEnv(keyword("", true)), "PID_FILE="+pids)
	r := newRig(t, soundFeed(t, ramp(32000), 16000, 400, nil), "edgeimpulseaudioinfer name=ears model-path="+path)
	r.out.each = func(n int) {
		if n == 40 {
			if err := syscall.Kill(readPIDs(t, pids)[0], syscall.SIGKILL); err != nil {
				t.Error(err)
			}
		}
	}
	r.run()
	if r.out.count() != 80 {
		t.Errorf("%d buffers of 80", r.out.count())
	}
	// 77 full windows, but for those that the new process has not heard whole.
	got := len(payloads[*bus.Inference](r))
	if got < 65 || got > 74 {
		t.Errorf("%d answers\n%s", got, r.texts())
	}
	if !strings.Contains(r.texts(), "signal 9") {
		t.Errorf("no warning of the loss:\n%s", r.texts())
	}
}

func TestElementsDoNotShareAModelThatRemembers(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	path := program(t, roleProbe, probeEnv(keyword("", true)), "PID_FILE="+pids)
	r := newRig(t, soundFeed(t, ramp(3200), 16000, 400, nil), "edgeimpulseaudioinfer model-path="+path+" ! edgeimpulseaudioinfer model-path="+path)
	r.run()
	if got := len(readPIDs(t, pids)); got != 2 {
		t.Errorf("%d processes for two streams", got)
	}
	if got := len(payloads[*bus.Inference](r)); got != 10 {
		t.Errorf("%d answers, want 5 of each", got)
	}
}
