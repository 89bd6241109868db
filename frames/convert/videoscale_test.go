package convert_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestVideoScaleChoosesSize(t *testing.T) {
	const src = "videotestsrc num-buffers=1 ! video/x-raw,format=GRAY8,width=320,height=240 ! videoscale ! video/x-raw,"
	for _, tt := range []struct {
		caps          string
		width, height int
		par           string
	}{
		// As GStreamer 1.22 does.
		{"width=100", 100, 240, "16/5"}, {"height=120", 320, 120, "1/2"}, {"width=[1,160]", 160, 240, "2/1"},
		{"width=[400,800],height=[1,600]", 400, 240, "4/5"}, {"width=320", 320, 240, "1/1"}, {"pixel-aspect-ratio=2/1", 320, 240, "2/1"},
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

// Times stay, and regions move with the picture, into borders too.
func TestVideoScaleCarriesMetadata(t *testing.T) {
	in := video(t, "video/x-raw,format=RGB,width=320,height=240,framerate=30/1")
	region := &frames.Region{Label: "cat", Confidence: 0.9, Rect: frames.Rect{X: 32, Y: 48, W: 64, H: 96}}
	frame := given1{data: make([]byte, in.FrameSize()), pts: 7 * time.Second, meta: region}
	for _, tt := range []struct {
		caps string
		want frames.Rect
	}{
		{"width=160,height=120", frames.Rect{X: 16, Y: 24, W: 32, H: 48}},
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
	p := graphtest.Launch(t, "videotestsrc num-buffers=30 is-live=true ! video/x-raw,framerate=100/1 ! videoscale name=s ! video/x-raw,width=64,height=64 ! fakesink")
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
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
