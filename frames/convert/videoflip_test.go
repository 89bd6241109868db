package convert_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

// A picture of 3x2, its pixels numbered from 1, as GStreamer lays it.
func TestVideoFlip(t *testing.T) {
	in := video(t, "video/x-raw,format=GRAY8,width=3,height=2,framerate=30/1,pixel-aspect-ratio=2/1")
	data := []byte{1, 2, 3, 0, 4, 5, 6, 0}
	mark := &frames.Region{Rect: frames.Rect{X: 0, Y: 0, W: 2, H: 1}} // pixels 1 and 2
	for _, tt := range []struct {
		method, direction, want string
		rect                    frames.Rect
	}{
		{"none", "identity", "[[1 2 3] [4 5 6]]", frames.Rect{X: 0, Y: 0, W: 2, H: 1}},
		{"clockwise", "90r", "[[4 1] [5 2] [6 3]]", frames.Rect{X: 1, Y: 0, W: 1, H: 2}},
		{"rotate-180", "180", "[[6 5 4] [3 2 1]]", frames.Rect{X: 1, Y: 1, W: 2, H: 1}},
		{"counterclockwise", "90l", "[[3 6] [2 5] [1 4]]", frames.Rect{X: 0, Y: 1, W: 1, H: 2}},
		{"horizontal-flip", "horiz", "[[3 2 1] [6 5 4]]", frames.Rect{X: 1, Y: 0, W: 2, H: 1}},
		{"vertical-flip", "vert", "[[4 5 6] [1 2 3]]", frames.Rect{X: 0, Y: 1, W: 2, H: 1}},
		{"upper-left-diagonal", "ul-lr", "[[1 4] [2 5] [3 6]]", frames.Rect{X: 0, Y: 0, W: 1, H: 2}},
		{"upper-right-diagonal", "ur-ll", "[[6 3] [5 2] [4 1]]", frames.Rect{X: 1, Y: 1, W: 1, H: 2}},
	} {
		for _, props := range []string{"method=" + tt.method, "video-direction=" + tt.direction} {
			g := give(t, in, "videoflip "+props, given1{data: data, meta: mark})
			var rows [][]byte
			for y := range g[0].picture.Height {
				rows = append(rows, g[0].picture.Row(0, y))
			}
			if got := fmt.Sprint(rows); got != tt.want {
				t.Errorf("%s: got %s, want %s", props, got, tt.want)
			}
			if got := g[0].metas[0].(*frames.Region).Rect; got != tt.rect {
				t.Errorf("%s: the region is at %+v, want %+v", props, got, tt.rect)
			}
			turned := g[0].picture.Height == 3
			if par := g[0].format.Video.PAR; turned != (par == frames.Fraction{Num: 1, Den: 2}) {
				t.Errorf("%s: pixels of shape %s", props, par)
			}
		}
	}
}

// A change of direction while playing changes the format too.
func TestVideoFlipWhilePlaying(t *testing.T) {
	p := graphtest.Launch(t, "videotestsrc num-buffers=60 is-live=true ! video/x-raw,format=RGB,width=32,height=16,framerate=100/1 ! videoflip name=f ! collect name=out")
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.Set("f", "video-direction", "90r"); err != nil {
		t.Error(err)
	}
	if err := p.Wait(ctx); err != nil {
		t.Error(err)
	}
	got := p.Element("out").(*collect).got
	if v := got[len(got)-1].format.Video; v.Width != 16 || v.Height != 32 {
		t.Errorf("at the end pictures of %dx%d, want 16x32", v.Width, v.Height)
	}
}
