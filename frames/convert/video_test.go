package convert_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine/frames"
)

func video(t testing.TB, caps string) *frames.Format {
	t.Helper()
	f, err := frames.NewFormat(frames.MustCaps(caps))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func near(a, b uint8, tolerance int) bool {
	d := int(a) - int(b)
	return d <= tolerance && d >= -tolerance
}

// A solid colour keeps its value through every pair of formats that hold colour.
func TestVideoConvertPairs(t *testing.T) {
	for _, from := range frames.PixelFormats() {
		for _, to := range frames.PixelFormats() {
			g := run(t, fmt.Sprintf("videotestsrc num-buffers=1 pattern=solid-color foreground-color=0xff336699 ! video/x-raw,format=%s,width=21,height=11 ! videoconvert ! video/x-raw,format=%s ! videoconvert ! video/x-raw,format=RGB", from, to))
			want := [3]uint8{0x33, 0x66, 0x99}
			if from == frames.GRAY8 || to == frames.GRAY8 {
				want = [3]uint8{93, 93, 93} // 0.299*51 + 0.587*102 + 0.114*153
			}
			px := g[0].picture.Row(0, 10)[3*20:]
			for i := range 3 {
				if !near(px[i], want[i], 3) {
					t.Errorf("%s to %s: %v, want %v", from, to, px[:3], want)
					break
				}
			}
		}
	}
}

// Of what downstream takes videoconvert chooses what loses least.
func TestVideoConvertChooses(t *testing.T) {
	for _, tt := range []struct{ in, takes, want string }{
		{"I420", "{RGB,NV12}", "NV12"}, {"I420", "{GRAY8,RGB}", "RGB"}, {"RGB", "{I420,GRAY8,BGR}", "BGR"},
		{"RGBA", "{RGB,BGRA}", "BGRA"}, {"RGBA", "{GRAY8,RGB,I420}", "RGB"}, {"YUY2", "{I420,UYVY}", "UYVY"},
		{"GRAY8", "{RGB,I420}", "I420"}, {"RGB", "{I420,YUY2}", "YUY2"}, {"RGB", "{RGBA,RGB}", "RGB"}, {"NV12", "{BGR,RGB}", "BGR"},
		{"RGB", "{BGRx,BGRA}", "BGRx"},
	} {
		line := fmt.Sprintf("videotestsrc num-buffers=1 ! video/x-raw,format=%s,width=16,height=8,framerate=5/1 ! videoconvert ! video/x-raw,format=%s", tt.in, tt.takes)
		g := run(t, line)
		if got := g[0].format.Video; got.Format.String() != tt.want || got.Width != 16 || got.Height != 8 || got.FPS.Num != 5 {
			t.Errorf("%s\ngave %s, want %s", line, g[0].format, tt.want)
		}
	}
}

// What need not change passes without a copy.
func TestVideoPassesThrough(t *testing.T) {
	data := make([]byte, 16*8*3)
	f := video(t, "video/x-raw,format=RGB,width=16,height=8,framerate=0/1")
	p := launch(t, "given name=in ! videoconvert ! videoscale ! videoconvertscale ! fakesink")
	p.Element("in").(*given).format, p.Element("in").(*given).list = f, []given1{{data: data}}
	if err := play(t, p); err != nil {
		t.Fatal(err)
	}
	if total := p.Engine().Pool().Stats().Total; total != 0 {
		t.Errorf("%d bytes were allocated to change nothing", total)
	}
	g := give(t, f, "videoconvert ! videoscale ! video/x-raw,pixel-aspect-ratio=1/1", given1{data: data})
	if par := g[0].format.Video.PAR; par != (frames.Fraction{Num: 1, Den: 1}) {
		t.Errorf("only the caps change, to %s", g[0].format)
	}
}

func TestVideoConvertColorimetry(t *testing.T) {
	// Full-range YUV of a JPEG: white is 255.
	in := video(t, "video/x-raw,format=I420,width=4,height=2,framerate=0/1,colorimetry=1:4:0:0")
	data := make([]byte, in.FrameSize())
	for i := range data {
		data[i] = 255
	}
	for i := 8; i < len(data); i++ {
		data[i] = 128
	}
	g := give(t, in, "videoconvert ! video/x-raw,format=RGB", given1{data: data})
	if c := g[0].data[:3]; c[0] != 255 || c[1] != 255 || c[2] != 255 {
		t.Errorf("full-range white became %v", c)
	}
	g = give(t, in, "videoconvert ! video/x-raw,format=NV12", given1{data: data})
	if g[0].data[0] != 255 || g[0].format.Video.Color.Range != frames.FullRange {
		t.Errorf("full range was lost: %d, %s", g[0].data[0], g[0].format)
	}
	g = give(t, in, "videoconvert ! video/x-raw,format=I420,colorimetry=bt601", given1{data: data})
	if g[0].data[0] != 235 {
		t.Errorf("limited white is %d, want 235", g[0].data[0])
	}
}

func TestVideoScaleChoosesSize(t *testing.T) {
	const src = "videotestsrc num-buffers=1 ! video/x-raw,format=GRAY8,width=320,height=240 ! videoscale ! video/x-raw,"
	for _, tt := range []struct {
		caps          string
		width, height int
		par           string
	}{
		{"width=100", 100, 75, "1/1"}, {"height=120", 160, 120, "1/1"}, {"width=[1,160]", 160, 120, "1/1"},
		{"width=[400,800],height=[1,600]", 400, 300, "1/1"}, {"width=320", 320, 240, "1/1"},
		// As GStreamer 1.22 does.
		{"width=100,height=100", 100, 100, "4/3"}, {"width=640,height=480", 640, 480, "1/1"},
		{"width=100,height=100,pixel-aspect-ratio=1/1", 100, 100, "1/1"}, {"width=100,pixel-aspect-ratio=1/1", 100, 75, "1/1"},
		{"width=100,pixel-aspect-ratio=2/1", 100, 150, "2/1"}, {"height=100,pixel-aspect-ratio=2/1", 67, 100, "2/1"},
	} {
		g := run(t, src+tt.caps)
		v := g[0].format.Video
		par := v.PAR.String()
		if v.PAR.Den == 0 {
			par = "1/1"
		}
		if v.Width != tt.width || v.Height != tt.height || par != tt.par {
			t.Errorf("%s gave %dx%d %s, want %dx%d %s", tt.caps, v.Width, v.Height, par, tt.width, tt.height, tt.par)
		}
		if v.FPS != (frames.Fraction{Num: 30, Den: 1}) {
			t.Errorf("%s: frame rate %s", tt.caps, v.FPS)
		}
	}
}

func TestVideoScaleBorders(t *testing.T) {
	const line = "videotestsrc num-buffers=1 pattern=white ! video/x-raw,format=%s,width=320,height=240 ! %s ! video/x-raw,format=%s,width=100,height=100,pixel-aspect-ratio=1/1"
	for _, f := range []string{"RGB", "GRAY8", "I420", "YUY2", "RGBA"} {
		for _, tt := range []struct {
			element string
			borders bool
		}{{"videoscale", true}, {"videoscale add-borders=false", false}, {"videoconvertscale", true}} {
			text := fmt.Sprintf(line, f, tt.element, f) + " ! videoconvert ! video/x-raw,format=RGB"
			g := run(t, text)
			for y := range 100 {
				white := !tt.borders || y >= 12 && y < 87
				v := g[0].picture.Row(0, y)[3*50]
				if white != (v > 250) || !white && v > 2 {
					if f != "GRAY8" && f != "RGB" && (y == 86 || y == 87) {
						continue // the last row shares its chroma
					}
					t.Errorf("%s\nrow %d is %d", text, y, v)
					break
				}
			}
		}
	}
}

// Bilinear and nearest, against the formula: pixel centres.
func TestVideoScaleValues(t *testing.T) {
	in := video(t, "video/x-raw,format=GRAY8,width=4,height=1,framerate=0/1")
	ramp := []byte{0, 40, 80, 120}
	for _, tt := range []struct {
		props string
		want  []byte
	}{
		{"", []byte{0, 10, 30, 50, 70, 90, 110, 120}},
		{"method=nearest-neighbour", []byte{0, 0, 40, 40, 80, 80, 120, 120}},
	} {
		g := give(t, in, "videoscale add-borders=false "+tt.props+" ! video/x-raw,width=8,height=1", given1{data: ramp})
		for i, w := range tt.want {
			if !near(g[0].data[i], w, 1) {
				t.Errorf("%s: %v, want %v", tt.props, g[0].data[:8], tt.want)
				break
			}
		}
	}
}

func TestVideoConvertScale(t *testing.T) {
	for _, size := range []string{"width=64,height=48", "width=640,height=480", "width=33,height=77"} {
		for _, pair := range [][2]string{{"I420", "RGB"}, {"RGB", "I420"}, {"YUY2", "GRAY8"}, {"GRAY8", "BGRA"}} {
			g := run(t, fmt.Sprintf("videotestsrc num-buffers=1 pattern=red ! video/x-raw,format=%s,width=160,height=120 ! videoconvertscale ! video/x-raw,format=%s,%s ! videoconvert ! video/x-raw,format=RGB", pair[0], pair[1], size))
			want := [3]uint8{255, 0, 0}
			if pair[0] == "GRAY8" || pair[1] == "GRAY8" {
				want = [3]uint8{76, 76, 76}
			}
			px := g[0].picture.Row(0, 20)[30:]
			for i := range 3 {
				if !near(px[i], want[i], 3) {
					t.Errorf("%v %s: %v, want %v", pair, size, px[:3], want)
					break
				}
			}
		}
	}
}

// Times stay, and regions move with the picture, into borders too.
func TestVideoScaleCarriesMetadata(t *testing.T) {
	in := video(t, "video/x-raw,format=RGB,width=320,height=240,framerate=30/1")
	region := &frames.Region{Label: "cat", Confidence: 0.9, Rect: frames.Rect{X: 32, Y: 48, W: 64, H: 96}}
	frame := given1{data: make([]byte, in.FrameSize()), pts: 7 * time.Second, meta: region}
	for _, tt := range []struct {
		caps string
		want frames.Rect
	}{
		{"width=160", frames.Rect{X: 16, Y: 24, W: 32, H: 48}},
		{"width=100,height=100,pixel-aspect-ratio=1/1", frames.Rect{X: 10, Y: 27, W: 20, H: 30}}, // 75 rows from row 12
	} {
		g := give(t, in, "videoscale ! videoconvert ! video/x-raw,format=I420,"+tt.caps, frame, frame)
		if len(g) != 2 || g[0].pts != 7*time.Second || g[1].seq != 1 || len(g[0].metas) != 1 {
			t.Fatalf("%s: %+v", tt.caps, g)
		}
		if r := g[0].metas[0].(*frames.Region); r.Rect != tt.want || r.Label != "cat" {
			t.Errorf("%s: region %+v, want %+v", tt.caps, r.Rect, tt.want)
		}
	}
	if region.Rect.X != 32 {
		t.Error("the original region was changed")
	}
}

func TestVideoMethodWhilePlaying(t *testing.T) {
	p := launch(t, "videotestsrc num-buffers=30 is-live=true ! video/x-raw,framerate=100/1 ! videoscale name=s ! video/x-raw,width=64,height=64 ! fakesink")
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.Set("s", "method", "nearest-neighbour"); err != nil {
		t.Error(err)
	}
	if err := p.Wait(ctx); err != nil {
		t.Error(err)
	}
}

func TestVideoRefusesBytes(t *testing.T) {
	p := launch(t, "given name=in ! videoconvert ! fakesink")
	in := p.Element("in").(*given)
	in.format, in.list = frames.Untyped, []given1{{data: []byte{1, 2, 3}}}
	err := play(t, p)
	if err == nil || !strings.Contains(err.Error(), "decodebin") || !strings.Contains(err.Error(), "videoconvert0") {
		t.Errorf("got %v", err)
	}
}

// In steady state a stretch of video elements allocates nothing for a frame.
func TestVideoAllocatesNothing(t *testing.T) {
	if debugging {
		t.Skip("skipped: under -race and -tags eidebug blocks and headers are not reused")
	}
	mallocs := func(n int) uint64 {
		p := launch(t, fmt.Sprintf("videotestsrc num-buffers=%d ! video/x-raw,format=I420 ! videoconvert ! video/x-raw,format=RGB ! videoscale ! video/x-raw,width=96,height=96 ! fakesink", n))
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		if err := play(t, p); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return after.Mallocs - before.Mallocs
	}
	mallocs(50)
	const n = 400
	once, twice := mallocs(n), mallocs(2*n)
	extra := int64(twice) - int64(once)
	t.Logf("%d frames: %d allocations, %d frames: %d", n, once, 2*n, twice)
	if extra > n/20 { // the runtime of Go makes a few of its own
		t.Errorf("%d frames more cost %d allocations more", n, extra)
	}
}
