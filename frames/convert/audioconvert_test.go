package convert_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pcm"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func samples(t testing.TB, g []collected) []float64 {
	t.Helper()
	var all []float64
	for i := range g {
		f := g[i].format.Audio.Format
		out := make([]float64, len(g[i].data)/f.Bytes())
		if _, err := pcm.Decode(out, g[i].data, f); err != nil {
			t.Fatal(err)
		}
		all = append(all, out...)
	}
	return all
}

func TestAudioConvertFormats(t *testing.T) {
	for _, f := range frames.SampleFormats() {
		for _, channels := range []int{1, 2, 3} {
			g := run(t, fmt.Sprintf("audiotestsrc num-buffers=2 ! audio/x-raw,rate=8000 ! audioconvert ! audio/x-raw,format=%s,channels=%d", f, channels))
			if a := g[0].format.Audio; a.Format != f || a.Channels != channels || a.Rate != 8000 {
				t.Fatalf("asked for %s of %d channels, got %s", f, channels, g[0].format)
			}
			tolerance := 1e-4
			if f == frames.U8 {
				tolerance = 1.0 / 128
			}
			got := samples(t, g)
			if len(got) != 2048*channels || g[1].pts != 128*time.Millisecond || g[1].duration != 128*time.Millisecond {
				t.Fatalf("%d samples, pts %v", len(got), g[1].pts)
			}
			for i, v := range got {
				want := 0.8 * math.Sin(2*math.Pi*440*float64(i/channels+1)/8000)
				if channels == 3 && i%3 == 2 || channels > 1 && i%channels > 0 {
					continue // silent or equal, as pcm.Remix tests
				}
				if math.Abs(v-want) > tolerance {
					t.Fatalf("%s of %d channels: sample %d is %v, want %v", f, channels, i, v, want)
				}
			}
		}
	}
	g := run(t, "audiotestsrc num-buffers=1 ! audio/x-raw,channels=2 ! audioconvert ! audio/x-raw,channels=1")
	if v := samples(t, g)[25]; math.Abs(v-0.8*math.Sin(2*math.Pi*440*26/44100)) > 1e-4 {
		t.Errorf("the mean of two equal channels is %v", v)
	}
}

func TestAudioConvertChooses(t *testing.T) {
	for _, tt := range []struct{ in, takes, want string }{
		{"S16LE", "{U8,S32LE,S24LE}", "S32LE"}, {"F32LE", "{S16LE,S24LE}", "S24LE"}, {"S32LE", "{F32LE,F64LE}", "F32LE"}, {"S16LE", "{F32LE,S16LE}", "S16LE"},
	} {
		g := run(t, fmt.Sprintf("audiotestsrc num-buffers=1 ! audio/x-raw,format=%s ! audioconvert ! audio/x-raw,format=%s", tt.in, tt.takes))
		if got := g[0].format.Audio.Format.String(); got != tt.want {
			t.Errorf("%s to %s gave %s, want %s", tt.in, tt.takes, got, tt.want)
		}
	}
}

func TestAudioConvertMixMatrix(t *testing.T) {
	in := video(t, "audio/x-raw,format=S16LE,layout=interleaved,rate=8000,channels=2")
	frame := given1{data: []byte{0, 1, 0, 2, 0, 3, 0, 4}} // 256 512, 768 1024
	for _, tt := range []struct {
		matrix string
		want   []float64
	}{
		{"<<(float)0.5,(float)0.25>>", []float64{256, 640}},
		{"{{1,0},{0,1},{-1,1}}", []float64{256, 512, 256, 768, 1024, 256}},
		{"<<0,1>,<1,0>>", []float64{512, 256, 1024, 768}},
	} {
		g := give(t, in, `audioconvert mix-matrix="`+tt.matrix+`"`, frame)
		for i, v := range samples(t, g) {
			if math.Abs(v*32768-tt.want[i]) > 1 {
				t.Errorf("%s: sample %d is %v, want %v", tt.matrix, i, v*32768, tt.want[i])
			}
		}
	}
	p := graphtest.Launch(t, `audiotestsrc num-buffers=1 ! audioconvert mix-matrix="<<1,>>" ! fakesink`)
	if err := play(t, p); err == nil || !strings.Contains(err.Error(), "mix-matrix") {
		t.Errorf("a wrong matrix: %v", err)
	}
}

// A level of 0.3 steps survives coarser samples on the mean, unless dithering is off.
func TestAudioConvertDithers(t *testing.T) {
	in := video(t, "audio/x-raw,format=F32LE,layout=interleaved,rate=8000,channels=1")
	data := make([]byte, 4*20000)
	for i := range 20000 {
		binary.LittleEndian.PutUint32(data[4*i:], math.Float32bits(0.3/32768))
	}
	for props, want := range map[string]float64{"": 0.3, "dithering=rpdf": 0.3, "dithering=none": 0, "dithering-threshold=8": 0} {
		var sum float64
		got := samples(t, give(t, in, "audioconvert "+props+" ! audio/x-raw,format=S16LE", given1{data: data}))
		for _, v := range got {
			sum += v * 32768
		}
		if mean := sum / float64(len(got)); math.Abs(mean-want) > 0.03 {
			t.Errorf("%q: the mean is %.3f steps, want %.1f", props, mean, want)
		}
	}
}
