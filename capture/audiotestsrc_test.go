package capture

import (
	"encoding/binary"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/eiengine/eiengine/capture/soundscape"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pcm"
)

func TestAudioTestSrcDefaults(t *testing.T) {
	g := mustRun(t, "audiotestsrc num-buffers=3")
	if len(g) != 3 {
		t.Fatalf("%d buffers", len(g))
	}
	if want := "audio/x-raw, format=(string)S16LE, layout=(string)interleaved, rate=(int)44100, channels=(int)1"; g[0].format.String() != want {
		t.Errorf("format %s", g[0].format)
	}
	for i := range g {
		pts := frames.AudioInfo{Rate: 44100}.Duration(1024 * i)
		if g[i].pts != pts || len(g[i].data) != 2048 || g[i].seq != uint64(i) {
			t.Errorf("buffer %d: pts %v, %d bytes", i, g[i].pts, len(g[i].data))
		}
	}
	all := join(g)
	for i := range 3 * 1024 {
		v := float64(int16(binary.LittleEndian.Uint16(all[2*i:]))) / 32767
		want := 0.8 * math.Sin(2*math.Pi*440*float64(i+1)/44100)
		if math.Abs(v-want) > 1.0/32767 {
			t.Fatalf("sample %d is %v, want %v", i, v, want)
		}
	}
}

func TestAudioTestSrcWaves(t *testing.T) {
	// One period is 8 samples.
	for _, tt := range []struct {
		wave string
		want []float64
	}{
		{"sine", []float64{0, math.Sqrt2 / 2, 1, math.Sqrt2 / 2, 0, -math.Sqrt2 / 2, -1, -math.Sqrt2 / 2}},
		{"square", []float64{1, 1, 1, 1, -1, -1, -1, -1}},
		{"saw", []float64{0, 0.25, 0.5, 0.75, -1, -0.75, -0.5, -0.25}},
		{"triangle", []float64{0, 0.5, 1, 0.5, 0, -0.5, -1, -0.5}},
		{"silence", make([]float64, 8)},
	} {
		for _, f := range []string{"S16LE", "S32LE", "F32LE", "F64LE"} {
			g := mustRun(t, fmt.Sprintf("audiotestsrc num-buffers=2 samplesperbuffer=8 volume=0.5 freq=1000 wave=%s ! audio/x-raw,format=%s,rate=8000,channels=2", tt.wave, f))
			got := make([]float64, 32)
			if n, err := pcm.Decode(got, join(g), g[0].format.Audio.Format); err != nil || n != 32 {
				t.Fatalf("%d samples, %v", n, err)
			}
			for i := range got {
				if math.Abs(got[i]-0.5*tt.want[(i/2+1)%8]) > 1e-4 {
					t.Errorf("%s %s: sample %d of channel %d is %v, want %v", tt.wave, f, i/2, i%2, got[i], 0.5*tt.want[(i/2+1)%8])
				}
			}
		}
	}
	g := mustRun(t, "audiotestsrc num-buffers=20 wave=white-noise volume=1 ! audio/x-raw,format=F64LE")
	noise := make([]float64, 20*1024)
	if _, err := pcm.Decode(noise, join(g), frames.F64LE); err != nil {
		t.Fatal(err)
	}
	if r := pcm.RMS(noise); math.Abs(r-1/math.Sqrt(3)) > 0.02 || pcm.Peak(noise) > 1 {
		t.Errorf("white noise has level %v, peak %v", r, pcm.Peak(noise))
	}
}

func TestAudioTestSrcSounds(t *testing.T) {
	const line = "audiotestsrc num-buffers=48 samplesperbuffer=4000 wave=sounds volume=0.5 seed=7 ! audio/x-raw,format=F64LE,rate=16000,channels=2"
	g := mustRun(t, line)
	got := make([]float64, 2*48*4000)
	if _, err := pcm.Decode(got, join(g), frames.F64LE); err != nil {
		t.Fatal(err)
	}
	s := soundscape.New(7, 16000)
	want := make([]float32, 48*4000)
	s.Read(want)
	for i, v := range want {
		if math.Abs(got[2*i]-0.5*float64(v)) > 1e-6 || got[2*i] != got[2*i+1] {
			t.Fatalf("sample %d is %v and %v, want half of %v", i, got[2*i], got[2*i+1], v)
		}
	}
	events := 0
	for i := range g {
		first := i * 4000
		if h := g[i].heard; h == nil || h.First != first || h.Samples != 4000 || fmt.Sprint(h.Events) != fmt.Sprint(s.Events(nil, first, first+4000)) {
			t.Fatalf("buffer %d: truth %+v", i, h)
		}
		events += len(g[i].heard.Events)
	}
	if events == 0 {
		t.Error("no sound in 12 seconds: choose another seed for this test")
	}
	if other := mustRun(t, "audiotestsrc num-buffers=1 wave=sounds seed=8"); string(other[0].data) == string(mustRun(t, "audiotestsrc num-buffers=1 wave=sounds seed=9")[0].data) {
		t.Error("another seed makes the same sound")
	}
	// A rate that no soundscape has is one all the same.
	if g := mustRun(t, "audiotestsrc num-buffers=3 wave=sounds ! audio/x-raw,rate=4000"); g[2].heard.First != 2048 {
		t.Errorf("truth %+v", g[2].heard)
	}
}

func TestAudioTestSrcLive(t *testing.T) {
	begin := time.Now()
	g := mustRun(t, "audiotestsrc is-live=true num-buffers=4 samplesperbuffer=160 ! audio/x-raw,rate=8000")
	if d := time.Since(begin); d < 60*time.Millisecond {
		t.Errorf("4 live buffers of 20 ms came in %v", d)
	}
	if g[3].pts != 60*time.Millisecond || g[3].duration != 20*time.Millisecond {
		t.Errorf("pts %v duration %v", g[3].pts, g[3].duration)
	}
}

// noiseOf is half a second or more of a noise, one channel.
func noiseOf(t *testing.T, wave string) []float64 {
	t.Helper()
	g := mustRun(t, "audiotestsrc num-buffers=64 volume=1 wave="+wave+" ! audio/x-raw,format=F64LE,channels=1")
	return samplesOf(t, join(g), frames.F64LE)
}

// bands is the power of a signal in octaves, the lowest first, by the differences
// of means over ever longer runs (Haar).
func bands(x []float64) []float64 {
	var power []float64
	for len(x) >= 512 {
		next, sum := make([]float64, len(x)/2), 0.0
		for i := range next {
			d := (x[2*i] - x[2*i+1]) / math.Sqrt2
			next[i] = (x[2*i] + x[2*i+1]) / math.Sqrt2
			sum += d * d
		}
		power = append([]float64{sum / float64(len(next))}, power...)
		x = next
	}
	return power
}

// The colours of noise: how the power in an octave, per hertz, goes with its
// frequency.
func TestAudioTestSrcNoises(t *testing.T) {
	for _, tt := range []struct {
		wave   string
		db     float64 // per octave
		slack  float64
		rms    float64
		within float64
	}{
		{"white-noise", 0, 0.5, 1 / math.Sqrt(3), 0.02},
		{"gaussian-noise", 0, 0.5, 1, 0.02},
		{"pink-noise", -3, 0.8, 1 / math.Sqrt(3*13), 0.05},
		{"red-noise", -6, 1, 0.25, 0.12},
		{"blue-noise", 3, 1.3, 1 / math.Sqrt(3*13), 0.05},
		{"violet-noise", 6, 2.5, 0.25, 0.12},
	} {
		x := noiseOf(t, tt.wave)
		if r := pcm.RMS(x); math.Abs(r-tt.rms) > tt.within {
			t.Errorf("%s has level %v, want %v", tt.wave, r, tt.rms)
		}
		if p := pcm.Peak(x); tt.wave != "gaussian-noise" && p > 1 {
			t.Errorf("%s reaches %v", tt.wave, p)
		}
		p := bands(x)
		low, high := p[2], p[len(p)-1]
		slope := 10 * math.Log10(high/low) / float64(len(p)-3)
		if math.Abs(slope-tt.db) > tt.slack {
			t.Errorf("%s goes by %.2f dB an octave, want %v", tt.wave, slope, tt.db)
		}
		if again := noiseOf(t, tt.wave); again[77] != x[77] {
			t.Errorf("%s differs from run to run", tt.wave)
		}
	}
	// Channels are independent.
	g := mustRun(t, "audiotestsrc num-buffers=1 wave=gaussian-noise ! audio/x-raw,format=F64LE,channels=3")
	x := samplesOf(t, join(g), frames.F64LE)
	if x[0] == x[1] || x[1] == x[2] {
		t.Error("two channels have the same noise")
	}
}
