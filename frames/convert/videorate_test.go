package convert_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/eiengine/eiengine/internal/graphtest"
)

// Numbers of pictures and the last one's times are those of GStreamer 1.22.
func TestVideoRate(t *testing.T) {
	for _, tt := range []struct {
		n        int
		from     string
		to       string
		want     int
		pts, dur time.Duration
	}{
		{30, "30/1", "videorate ! video/x-raw,framerate=10/1", 11, 1000000000, 100000000},
		{30, "30/1", "videorate ! video/x-raw,framerate=25/1", 25, 960000000, 40000000},
		{10, "10/1", "videorate ! video/x-raw,framerate=30/1", 27, 866666666, 33333334},
		{30, "30/1", "videorate ! video/x-raw,framerate=7/1", 8, 1000000000, 142857142},
		{1, "10/1", "videorate ! video/x-raw,framerate=30/1", 1, 0, 33333333},
		{100, "30000/1001", "videorate ! video/x-raw,framerate=24/1", 80, 3291666666, 41666667},
		{30, "30/1", "videorate drop-only=true ! video/x-raw,framerate=10/1", 10, 900000000, 100000000},
		{30, "30/1", "videorate max-rate=10", 11, 1000000000, 100000000},
		{30, "30/1", "videorate rate=2 ! video/x-raw,framerate=30/1", 16, 500000000, 33333333},
		{30, "30/1", "videorate rate=0.5 ! video/x-raw,framerate=30/1", 58, 1900000000, 33333333},
		{30, "30/1", "videorate", 30, 966666666, 33333334},
		// Each picture ends in a gap that is left open.
		{5, "5/1", "videorate max-duplication-time=100000000", 5, 800 * time.Millisecond, 200 * time.Millisecond},
		{30, "30/1", "videorate ! video/x-raw,framerate=[5/1,12/1]", 13, 1000000000, 83333333},
	} {
		line := fmt.Sprintf("videotestsrc num-buffers=%d ! video/x-raw,format=GRAY8,width=16,height=16,framerate=%s ! %s", tt.n, tt.from, tt.to)
		g := run(t, line)
		if len(g) != tt.want {
			t.Errorf("%s gave %d pictures, want %d", line, len(g), tt.want)
			continue
		}
		if last := g[len(g)-1]; last.pts != tt.pts || last.duration != tt.dur {
			t.Errorf("%s: the last is at %v for %v, want %v, %v", line, last.pts, last.duration, tt.pts, tt.dur)
		}
	}
}

// Pictures that come at odd times become even: for each moment the nearest one.
func TestVideoRateOfOddTimes(t *testing.T) {
	in := video(t, "video/x-raw,format=GRAY8,width=4,height=1,framerate=0/1")
	var list []given1
	for i, at := range []time.Duration{0, 10, 130, 170, 390, 380, 410} {
		list = append(list, given1{data: []byte{byte(i), 0, 0, 0}, pts: at * time.Millisecond})
	}
	for _, tt := range []struct{ props, want string }{
		{"", "[0 2 3 4 4 6]"}, // at 0, 100, ... 500; of equals the earlier
		{"max-duplication-time=200000000", "[0 2 4 6]"},
	} {
		g := give(t, in, "videorate name=r "+tt.props+" ! video/x-raw,framerate=10/1", list...)
		var got []int
		for i := range g {
			got = append(got, int(g[i].data[0]))
		}
		if s := fmt.Sprint(got); s != tt.want {
			t.Errorf("%q gave %s, want %s", tt.props, s, tt.want)
		}
	}
}

func TestVideoRateCounts(t *testing.T) {
	p := graphtest.Launch(t, "videotestsrc num-buffers=10 ! video/x-raw,framerate=10/1 ! videorate name=r ! video/x-raw,framerate=30/1 ! fakesink")
	if err := play(t, p); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"in": "10", "out": "27", "drop": "0", "duplicate": "17"} {
		if got, err := p.Get("r", name); err != nil || got != want {
			t.Errorf("%s is %s, %v, want %s", name, got, err, want)
		}
	}
}
