package convert_test

import (
	"fmt"
	"math"
	"testing"
	"time"
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

func TestAudioResampleSettingsAreTaken(t *testing.T) {
	g := run(t, "audiotestsrc num-buffers=1 ! audio/x-raw,rate=16000 ! audioresample quality=10 resample-method=linear sinc-filter-mode=full sinc-filter-interpolation=none sinc-filter-auto-threshold=1 qos=true ! audio/x-raw,rate=8000")
	if len(g) == 0 {
		t.Error("nothing came out")
	}
}
