package convert_test

import (
	"bytes"
	"fmt"
	"testing"
)

// A line that sets everything that GStreamer knows runs.
func TestVideoSettingsAreTaken(t *testing.T) {
	const all = "n-threads=0 method=lanczos envelope=3 sharpness=0.9 sharpen=0.1 add-borders=true alpha-mode=copy alpha-value=1 " +
		"chroma-mode=full chroma-resampler=linear dither=bayer dither-quantization=1 gamma-mode=none matrix-mode=full primaries-mode=none qos=true"
	for _, e := range []string{"videoconvert", "videoscale", "videoconvertscale"} {
		if g := run(t, "videotestsrc num-buffers=2 ! "+e+" "+all+" ! video/x-raw,width=320"); len(g) != 2 {
			t.Errorf("%s gave %d frames", e, len(g))
		}
	}
	for _, m := range []string{"nearest-neighbour", "bilinear", "4-tap", "lanczos", "bilinear2", "sinc", "hermite", "spline", "catrom", "mitchell"} {
		g := run(t, "videotestsrc num-buffers=1 pattern=white ! video/x-raw,format=GRAY8,width=32,height=24 ! videoscale method="+m+" ! video/x-raw,width=50")
		if v := g[0].data[500]; v < 234 {
			t.Errorf("%s: white became %d", m, v)
		}
	}
}

func TestVideoThreadsChangeNothing(t *testing.T) {
	var want []byte
	for _, threads := range []int{1, 3} {
		g := run(t, fmt.Sprintf("videotestsrc num-buffers=1 ! video/x-raw,format=I420,width=1280,height=960 ! videoconvert n-threads=%d ! videoscale n-threads=%d ! video/x-raw,format=RGB,width=1000", threads, threads))
		if want == nil {
			want = g[0].data
		}
		if !bytes.Equal(want, g[0].data) {
			t.Error("several goroutines make another picture")
		}
	}
}

func TestVideoAlpha(t *testing.T) {
	for props, want := range map[string]byte{"": 255, "alpha-mode=set alpha-value=0.2": 51, "alpha-mode=mult alpha-value=0.5": 128} {
		g := run(t, "videotestsrc num-buffers=1 ! video/x-raw,format=RGB,width=8,height=8 ! videoconvert "+props+" ! video/x-raw,format=RGBA")
		if got := g[0].data[3]; got != want {
			t.Errorf("%q: alpha %d, want %d", props, got, want)
		}
	}
}
