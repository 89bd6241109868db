package convert_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/eiengine/eiengine/internal/graphtest"
)

// Sound of 100 Hz that begins late, has a gap, overlaps, and is a little off.
func TestAudioRate(t *testing.T) {
	const ms = time.Millisecond
	in := video(t, "audio/x-raw,format=U8,layout=interleaved,rate=100,channels=1")
	sound := func(v byte, at time.Duration) given1 {
		return given1{data: bytes.Repeat([]byte{v}, 20), pts: at}
	}
	list := []given1{sound(1, 500*ms), sound(2, 730*ms), sound(3, 1000*ms), sound(4, 1100*ms), sound(5, 1150*ms)}
	for _, tt := range []struct{ props, want string }{
		// 20 samples are 200 ms: the second is off by 30, the third by 100 more.
		{"", "50x128 20x1 20x2 10x128 20x3 10x4 5x5"},
		{"skip-to-first=true", "20x1 20x2 10x128 20x3 10x4 5x5"},
		{"skip-to-first=true tolerance=0", "20x1 3x128 20x2 7x128 20x3 10x4 5x5"},
	} {
		g := give(t, in, "audiorate "+tt.props, list...)
		var text []string
		next := g[0].pts
		for i := range g {
			text = append(text, fmt.Sprintf("%dx%d", len(g[i].data), g[i].data[0]))
			if g[i].pts != next {
				t.Errorf("%q: buffer %d is at %v, want %v", tt.props, i, g[i].pts, next)
			}
			next = g[i].pts + g[i].duration
		}
		if got := joined(text); got != tt.want {
			t.Errorf("%q gave %s, want %s", tt.props, got, tt.want)
		}
	}
}

func joined(list []string) string {
	s := fmt.Sprint(list)
	return s[1 : len(s)-1]
}

func TestAudioRateCounts(t *testing.T) {
	p := graphtest.Launch(t, "audiotestsrc num-buffers=3 samplesperbuffer=800 timestamp-offset=2500000000 ! audio/x-raw,format=S16LE,rate=8000,channels=1 ! audiorate name=r ! collect name=out")
	if err := play(t, p); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"in": "2400", "out": "22400", "add": "20000", "drop": "0"} {
		if got, err := p.Get("r", name); err != nil || got != want {
			t.Errorf("%s is %s, %v, want %s", name, got, err, want)
		}
	}
	// Silence comes in pieces of a second at most.
	if got := p.Element("out").(*collect).got; len(got) != 6 || len(got[0].data) != 16000 {
		t.Errorf("%d buffers", len(got))
	}
}
