package infer_test

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pcm"
)

// soundOf gives n frames of chunk samples of a kind; at makes the samples -1..1.
func soundOf(t testing.TB, info frames.AudioInfo, n, chunk int, at func(sample, channel int) float64) *feeder {
	t.Helper()
	format, err := frames.AudioFormat(info)
	if err != nil {
		t.Fatal(err)
	}
	return &feeder{format: format, size: chunk * info.FrameBytes(), fill: func(k int, f *frames.Frame) error {
		if k == n {
			return io.EOF
		}
		samples := make([]float64, chunk*info.Channels)
		for i := range samples {
			samples[i] = at(k*chunk+i/info.Channels, i%info.Channels)
		}
		f.PTS = info.Duration(k * chunk)
		_, err := pcm.Encode(f.Bytes(), samples, info.Format)
		return err
	}}
}

// Sound of every format, rate and number of channels is heard as the model was
// trained: one channel at its rate, integers of 16 bits.
func TestSoundOfEveryKind(t *testing.T) {
	for _, format := range frames.SampleFormats() {
		for _, c := range []struct{ rate, channels int }{{16000, 1}, {16000, 2}, {44100, 1}, {48000, 2}, {8000, 3}, {11025, 6}} {
			info := frames.AudioInfo{Format: format, Rate: c.rate, Channels: c.channels}
			t.Run(fmt.Sprintf("%v %d %d", format, c.rate, c.channels), func(t *testing.T) {
				t.Parallel()
				record := filepath.Join(t.TempDir(), "fed")
				tone := func(sample, rate int) float64 { return 0.5 * math.Sin(2*math.Pi*440*float64(sample)/float64(rate)) }
				src := soundOf(t, info, 10, c.rate/100, func(i, ch int) float64 {
					return tone(i, c.rate) * float64(ch+1) / float64(c.channels) // the mean is (n+1)/2n
				})
				r := newRig(t, src, "edgeimpulseaudioinfer model-path="+program(t, roleProbe, probeEnv(keyword(record, false))))
				r.run()
				fed := fedFloats(t, record)
				if len(fed) != 1600 {
					t.Fatalf("fed %d values, want one window of 1600\n%s", len(fed), r.texts())
				}
				// What 8 bits lose, and the filter at the ends.
				slack, edge := 3.0, 0
				if format == frames.U8 {
					slack = 200
				}
				if c.rate != 16000 {
					slack, edge = slack+17, 100
				}
				for i := edge; i < 1600-edge; i++ {
					want := tone(i, 16000) * 32768 * float64(c.channels+1) / float64(2*c.channels)
					if math.Abs(float64(fed[i])-want) > slack || fed[i] != float32(math.Round(float64(fed[i]))) {
						t.Fatalf("value %d is %v, the tone has %.1f there", i, fed[i], want)
					}
				}
			})
		}
	}
}

func TestWindowStride(t *testing.T) {
	const ms = time.Millisecond
	type heard struct{ start, padding time.Duration }
	for _, c := range []struct {
		name       string
		samples    int // 16 a millisecond
		continuous bool
		props      string
		want       []heard
	}{
		{"overlapping", 3200, false, "window-stride=25", []heard{{0, 0}, {25 * ms, 0}, {50 * ms, 0}, {75 * ms, 0}, {100 * ms, 0}}},
		{"overlapping, with a rest", 3040, false, "window-stride=40", []heard{{0, 0}, {40 * ms, 0}, {80 * ms, 0}, {120 * ms, 30 * ms}}},
		{"back to back", 2400, false, "", []heard{{0, 0}, {100 * ms, 50 * ms}}},
		{"gaps", 4800, false, "window-stride=150", []heard{{0, 0}, {150 * ms, 0}}},
		{"gaps, with a rest", 5120, false, "window-stride=150", []heard{{0, 0}, {150 * ms, 0}, {300 * ms, 80 * ms}}},
		{"short", 480, false, "window-stride=10", []heard{{0, 70 * ms}}},
		{"continuous", 2400, true, "", []heard{{0, 0}, {25 * ms, 0}, {50 * ms, 0}}},
		{"continuous, with a rest", 2480, true, "", []heard{{0, 0}, {25 * ms, 0}, {50 * ms, 0}, {75 * ms, 20 * ms}}},
		{"a continuous model by windows", 3200, true, "window-stride=50", []heard{{0, 0}, {50 * ms, 0}, {100 * ms, 0}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			record := filepath.Join(t.TempDir(), "fed")
			path := program(t, roleProbe, probeEnv(keyword(record, c.continuous)))
			in := ramp(c.samples)
			r := newRig(t, soundFeed(t, in, 16000, 112, nil), "edgeimpulseaudioinfer model-path="+path+" "+c.props)
			r.run()
			var got []heard
			for _, i := range payloads[*bus.Inference](r) {
				got = append(got, heard{i.Window.Start, i.Window.Padding})
				if i.Window.Duration != 100*ms || i.Latency < 0 {
					t.Errorf("window %+v, latency %v", i.Window, i.Latency)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Fatalf("windows %v, want %v\n%s", got, c.want, r.texts())
			}
			if c.continuous && c.props == "" {
				return // what slices have is in TestSoundWindows
			}
			fed := fedFloats(t, record)
			for k, w := range got {
				from := int(w.start / ms * 16)
				for i, v := range fed[1600*k : 1600*(k+1)] {
					var want float32
					if from+i < len(in) {
						want = float32(in[from+i])
					}
					if v != want {
						t.Fatalf("value %d of window %d is %v, want %v", i, k, v, want)
					}
				}
			}
		})
	}
}

func TestStrideOfSlices(t *testing.T) {
	r := newRig(t, soundFeed(t, ramp(160), 16000, 160, nil),
		"edgeimpulseaudioinfer continuous=yes window-stride=10 model-path="+program(t, roleProbe, probeEnv(keyword("", true))))
	if err := r.p.Play(t.Context()); err == nil || !strings.Contains(err.Error(), "window-stride=10 with continuous=yes") {
		t.Error(err)
	}
}

// What was lost between two frames is not heard as one: the window begins anew,
// whether the frame is marked or only its time tells.
func TestTimeThatJumpsStartsAnew(t *testing.T) {
	src := soundFeed(t, ramp(3200), 16000, 160, nil)
	fill := src.fill
	src.fill = func(n int, f *frames.Frame) error {
		err := fill(n, f)
		if n >= 13 {
			f.PTS += 150 * time.Millisecond
		}
		return err
	}
	r := newRig(t, src, "edgeimpulseaudioinfer window-stride=100 model-path="+program(t, roleProbe, probeEnv(keyword("", false))))
	r.run()
	var got []time.Duration
	for _, i := range payloads[*bus.Inference](r) {
		got = append(got, i.Window.Start/time.Millisecond)
	}
	// A window, 30 ms that nothing follows, and 70 ms that are filled up.
	if want := []time.Duration{0, 280}; !slices.Equal(got, want) {
		t.Errorf("windows from %v ms, want %v", got, want)
	}
}

func TestSilenceIsTold(t *testing.T) {
	for _, c := range []struct {
		name       string
		peak       float64
		continuous bool
		want       int
	}{
		{"nothing", 0, false, 1}, {"nothing, slice by slice", 0, true, 1}, {"a flat line", 9.0 / 32768, false, 1}, {"noise", 30.0 / 32768, false, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := soundOf(t, frames.AudioInfo{Format: frames.S16LE, Rate: 16000, Channels: 1}, 40, 160, func(i, _ int) float64 {
				return c.peak * float64(i%2*2-1)
			})
			r := newRig(t, src, "edgeimpulseaudioinfer name=ears model-path="+program(t, roleProbe, probeEnv(keyword("", c.continuous))))
			r.run()
			if got := strings.Count(r.texts(), "no sound: in the first window samples differ by"); got != c.want {
				t.Errorf("%d warnings, want %d:\n%s", got, c.want, r.texts())
			}
		})
	}
}

func TestMovingAverage(t *testing.T) {
	calibrated := keyword("", false)
	calibrated.Info.HasPerformanceCalibration = true
	for _, c := range []struct {
		props string
		spec  probeSpec
		want  []float64
		warns string
	}{
		{"moving-average=4", keyword("", false), []float64{0.1875, 0.375, 0.5625, 0.75, 0.75}, ""},
		{"moving-average=1", keyword("", false), []float64{0.75, 0.75, 0.75, 0.75, 0.75}, ""},
		{"moving-average=4", calibrated, []float64{0.75, 0.75, 0.75, 0.75, 0.75}, "moving-average=4 has no effect: model"},
	} {
		r := newRig(t, soundFeed(t, ramp(8000), 16000, 400, nil), "edgeimpulseaudioinfer "+c.props+" model-path="+program(t, roleProbe, probeEnv(c.spec)))
		r.run()
		var got []float64
		for _, i := range payloads[*bus.Inference](r) {
			for _, s := range i.Result.Classification {
				if s.Label == "yes" {
					got = append(got, s.Value)
				}
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: scores %v, want %v", c.props, got, c.want)
		}
		if n := strings.Count(r.texts(), "warning:"); n != min(len(c.warns), 1) || !strings.Contains(r.texts(), c.warns) {
			t.Errorf("%s: messages:\n%s", c.props, r.texts())
		}
	}
}

// A failed request about sound is told in the profile of the examples; the plugin
// posts nothing then.
func TestSoundThatCannotBeJudged(t *testing.T) {
	spec := keyword("", false)
	spec.Crash = true
	path := program(t, roleProbe, probeEnv(spec))
	for profile, want := range map[string]int{"seed": 2, "plugin": 0} {
		r := newRig(t, soundFeed(t, ramp(3200), 16000, 1600, nil), "edgeimpulseaudioinfer message-profile="+profile+" model-path="+path)
		r.run()
		if got := len(payloads[*bus.InferenceFailed](r)); got != want || r.out.count() != 2 {
			t.Errorf("%s: %d messages of failures, want %d; %d buffers", profile, got, want, r.out.count())
		}
	}
}
