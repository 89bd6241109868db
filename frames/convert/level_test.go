package convert_test

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func levels(t *testing.T, line string) []*bus.Level {
	t.Helper()
	return levelsOf(t, graphtest.Launch(t, line))
}

func levelsOf(t *testing.T, p *eiengine.Pipeline) []*bus.Level {
	t.Helper()
	sub := p.Bus().Subscribe(64, bus.TypeElement)
	if err := play(t, p); err != nil {
		t.Fatal(err)
	}
	sub.Close()
	var all []*bus.Level
	for _, m := range bus.Payloads[*bus.Level](context.Background(), sub) {
		all = append(all, m)
	}
	return all
}

// The numbers are those of GStreamer 1.22.
func TestLevel(t *testing.T) {
	got := levels(t, "audiotestsrc num-buffers=8 samplesperbuffer=4410 ! audio/x-raw,format=S16LE,rate=44100,channels=2 ! level ! fakesink")
	if len(got) != 8 {
		t.Fatalf("%d messages, want 8", len(got))
	}
	for i, m := range got {
		at := time.Duration(i) * 100 * time.Millisecond
		if m.Timestamp != at || m.EndTime != at+100*time.Millisecond || m.Duration != 100*time.Millisecond || len(m.RMS) != 2 {
			t.Errorf("message %d: %+v", i, m)
		}
		for c := range 2 {
			for name, v := range map[string][2]float64{"rms": {m.RMS[c], -4.94898}, "peak": {m.Peak[c], -1.93866}, "decay": {m.Decay[c], -1.93866}} {
				if math.Abs(v[0]-v[1]) > 1e-3 {
					t.Errorf("message %d: %s of channel %d is %v, want %v", i, name, c, v[0], v[1])
				}
			}
		}
	}
}

// A piece that is longer than buffers, and not a multiple of them.
func TestLevelInterval(t *testing.T) {
	got := levels(t, "audiotestsrc num-buffers=8 freq=50 wave=square volume=0.5 samplesperbuffer=1000 ! audio/x-raw,format=S16LE,rate=8000,channels=1 ! level interval=300000000 ! fakesink")
	var lasts []time.Duration
	for _, m := range got {
		lasts = append(lasts, m.Duration/time.Millisecond)
		if math.Abs(m.RMS[0]+6.02113) > 1e-3 {
			t.Errorf("rms is %v", m.RMS[0])
		}
	}
	if len(lasts) != 4 || lasts[0] != 300 || lasts[3] != 100 {
		t.Errorf("pieces of %v ms, want 300 300 300 100", lasts)
	}
	if got := levels(t, "audiotestsrc num-buffers=4 ! level post-messages=false ! fakesink"); len(got) != 0 {
		t.Errorf("%d messages against the wish", len(got))
	}
}

// After the end of a sound the decaying peak stays for peak-ttl, then falls.
func TestLevelDecays(t *testing.T) {
	p := graphtest.Launch(t, "given name=in ! level peak-falloff=20 ! fakesink")
	in := p.Element("in").(*given)
	in.format = video(t, "audio/x-raw,format=S16LE,layout=interleaved,rate=1000,channels=1")
	loud := make([]byte, 200)
	loud[101] = 0x40 // half of full scale
	in.list = append(in.list, given1{data: loud})
	for i := range 9 {
		in.list = append(in.list, given1{data: make([]byte, 200), pts: time.Duration(i+1) * 100 * time.Millisecond})
	}
	got := levelsOf(t, p)
	if len(got) != 10 {
		t.Fatalf("%d messages, want 10", len(got))
	}
	half := 20 * math.Log10(0.5)
	for i, m := range got {
		// The peak stood at 100 ms, and may fall after 400.
		want := half - 20*max(0, float64(i-3)*0.1)
		if math.Abs(m.Decay[0]-want) > 1e-6 {
			t.Errorf("message %d: decay %v, want %v", i, m.Decay[0], want)
		}
		if i > 0 && math.Abs(m.Peak[0]+350) > 1e-6 {
			t.Errorf("silence has %v dB", m.Peak[0])
		}
	}
}

func TestLevelAttachesHowLoudFramesAre(t *testing.T) {
	for line, want := range map[string]int{
		"wave=square volume=1 ! level audio-level-meta=true": 0, "wave=square volume=0.5 ! level audio-level-meta=true": 6,
		"wave=silence ! level audio-level-meta=true": 127, "wave=square ! level": -1,
	} {
		p := graphtest.Launch(t, "audiotestsrc num-buffers=3 "+line+" ! fakesink name=s signal-handoffs=true")
		var got []int
		if _, err := p.Connect("s", "handoff", func(f *frames.Frame) {
			if m, ok := frames.MetaOf[*frames.AudioLevel](f); ok {
				got = append(got, int(m.Level))
			} else {
				got = append(got, -1)
			}
		}); err != nil {
			t.Fatal(err)
		}
		if err := play(t, p); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, []int{want, want, want}) {
			t.Errorf("%s: %v, want %d thrice", line, got, want)
		}
	}
}
