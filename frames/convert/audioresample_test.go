package convert_test

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pcm"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestAudioResample(t *testing.T) {
	for _, rate := range []int{8000, 16000, 22050, 48000} {
		g := run(t, fmt.Sprintf("audiotestsrc num-buffers=20 samplesperbuffer=1000 ! audio/x-raw,format=F32LE,rate=44100 ! audioresample ! audio/x-raw,rate=%d", rate))
		got := samples(t, g)
		want := (20000*rate + 44099) / 44100
		if len(got) != want {
			t.Errorf("%d Hz: %d samples, want %d", rate, len(got), want)
		}
		for i := 100; i < len(got)-100; i++ {
			if w := 0.8 * math.Sin(2*math.Pi*440*(float64(i)/float64(rate)+1.0/44100)); math.Abs(got[i]-w) > 2e-3 {
				t.Fatalf("%d Hz: sample %d is %v, want %v", rate, i, got[i], w)
			}
		}
		end := time.Duration(0)
		for i := range g {
			if g[i].pts != end {
				t.Errorf("%d Hz: buffer %d begins at %v, want %v", rate, i, g[i].pts, end)
			}
			end = g[i].pts + g[i].duration
		}
	}
	g := run(t, "audiotestsrc num-buffers=2 ! audioresample ! audio/x-raw,rate=44100")
	if len(g) != 2 || len(g[0].data) != 2048 {
		t.Errorf("equal rates: %d buffers", len(g))
	}
}

// Where sound is missing the filter does not bridge the gap.
func TestAudioResampleGap(t *testing.T) {
	in := video(t, "audio/x-raw,format=S16LE,layout=interleaved,rate=16000,channels=1")
	half := make([]byte, 2*1600) // 100 ms
	g := give(t, in, "audioresample ! audio/x-raw,rate=8000",
		given1{data: half, pts: 0}, given1{data: half, pts: 100 * time.Millisecond}, given1{data: half, pts: 5 * time.Second})
	total := 0
	var afterGap bool
	for i := range g {
		total += len(g[i].data) / 2
		afterGap = afterGap || g[i].pts == 5*time.Second
	}
	if total != 3*800 || !afterGap {
		t.Errorf("%d samples, a buffer at 5 s: %v", total, afterGap)
	}
}

// A frame that says that it does not follow the one before it begins anew, even where
// its time would fit; nothing of what was held is lost.
func TestAudioResampleDiscont(t *testing.T) {
	in := video(t, "audio/x-raw,format=S16LE,layout=interleaved,rate=16000,channels=1")
	half := make([]byte, 2*1600) // 100 ms
	got := give(t, in, "audioresample ! audio/x-raw,rate=8000", given1{data: half},
		given1{data: half, pts: 100 * time.Millisecond, flags: frames.Discont}, given1{data: half, pts: 200 * time.Millisecond})
	total := 0
	var anew bool
	for i := range got {
		anew = anew || got[i].pts == 100*time.Millisecond
		total += len(got[i].data) / 2
	}
	if total != 3*800 || !anew {
		t.Errorf("%d samples, want %d; one begins at 100 ms: %v", total, 3*800, anew)
	}
}

// A filter delays by half its length: 64 samples for each one of the lower rate.
func TestAudioResampleTellsItsLatency(t *testing.T) {
	for line, want := range map[string]time.Duration{
		"audio/x-raw,rate=48000 ! audioresample ! audio/x-raw,rate=16000":            2 * time.Millisecond,
		"audio/x-raw,rate=16000 ! audioresample ! audio/x-raw,rate=48000":            2 * time.Millisecond,
		"audio/x-raw,rate=16000 ! audioresample quality=10 ! audio/x-raw,rate=48000": 8 * time.Millisecond,
		"audio/x-raw,rate=16000 ! audioresample ! audio/x-raw,rate=16000":            0,
	} {
		p := graphtest.Launch(t, "audiotestsrc is-live=true samplesperbuffer=100 num-buffers=3 ! "+line+" ! fakesink")
		if err := play(t, p); err != nil {
			t.Fatal(err)
		}
		if got := p.Latency(); got != want {
			t.Errorf("%s: %v, want %v", line, got, want)
		}
	}
}

// Better qualities take more of what would come back as another tone.
func TestAudioResampleQuality(t *testing.T) {
	alias := func(props string) float64 {
		got := samples(t, run(t, "audiotestsrc num-buffers=20 freq=8600 ! audio/x-raw,format=F32LE,rate=48000 ! audioresample "+props+" ! audio/x-raw,rate=16000"))
		return pcm.Decibels(pcm.RMS(got[500 : len(got)-500]))
	}
	for _, tt := range []struct {
		props       string
		least, most float64
	}{
		{"resample-method=nearest", -8, 0}, {"resample-method=linear", -30, -5}, {"resample-method=cubic", -40, -10},
		{"quality=0", -40, -5}, {"quality=4", -110, -80}, {"quality=10", -150, -115},
		{"quality=4 sinc-filter-mode=interpolated", -110, -80}, {"quality=4 sinc-filter-mode=interpolated sinc-filter-interpolation=linear", -110, -80},
		{"resample-method=blackman-nuttall quality=10", -150, -70}, {"quality=10 sinc-filter-auto-threshold=0", -150, -115},
	} {
		if got := alias(tt.props); got < tt.least || got > tt.most {
			t.Errorf("%s: 8600 Hz is there with %.1f dB at 16 kHz, want %v to %v", tt.props, got, tt.least, tt.most)
		}
	}
}

func TestAudioAllocatesNothing(t *testing.T) {
	if debugging {
		t.Skip("skipped: under -race and -tags eidebug blocks and headers are not reused")
	}
	for _, format := range frames.SampleFormats() {
		allocatesNothing(t, "audiotestsrc num-buffers=%d ! audio/x-raw,format=F32LE,rate=48000,channels=2 ! audioconvert ! audio/x-raw,format="+
			format.String()+" ! audioresample ! audiorate ! audio/x-raw,rate=16000 ! audioconvert ! audio/x-raw,channels=1,format=S16LE ! level post-messages=false ! fakesink")
	}
}

// After a seek nothing is left of what came before it.
func TestAudioResampleSeek(t *testing.T) {
	const source = "audiotestsrc num-buffers=40 samplesperbuffer=800 freq=123 ! audio/x-raw,format=F32LE,rate=48000,channels=1"
	const at = 250 * time.Millisecond
	p := graphtest.Launch(t, source+" ! audioresample ! audio/x-raw,rate=16000 ! collect name=out")
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	p.SetState(eiengine.Paused)
	if err := p.WaitState(ctx, eiengine.Paused); err != nil {
		t.Fatal(err)
	}
	if err := p.Seek(ctx, eiengine.SeekEvent{Position: at, Flush: true}); err != nil {
		t.Fatal(err)
	}
	if err := p.Run(ctx); err != nil {
		t.Fatal(err)
	}
	got := p.Element("out").(*collect).got
	first := 0
	for first < len(got) && got[first].pts != at {
		first++ // what was there before the seek
	}
	r, err := pcm.NewResampler[float64](48000, 16000, 1, pcm.DefaultFilter)
	if err != nil {
		t.Fatal(err)
	}
	want := r.Flush(r.Process(nil, samples(t, run(t, source))[48000/4:]))
	made := samples(t, got[first:])
	if len(made) != len(want) {
		t.Fatalf("%d samples from %v on, want %d", len(made), at, len(want))
	}
	for i := range want {
		if math.Abs(made[i]-want[i]) > 1e-6 {
			t.Fatalf("sample %d is %v, want %v", i, made[i], want[i])
		}
	}
}
