package convert_test

import (
	"context"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestVideoCropSizes(t *testing.T) {
	const src = "videotestsrc num-buffers=1 ! video/x-raw,format=I420,width=64,height=48 ! videocrop "
	for _, tt := range []struct {
		rest          string
		width, height int
	}{
		{"left=10 right=4 top=3 bottom=5", 50, 40},
		{"", 64, 48},
		{"left=-1 right=-1 top=-1 bottom=-1 ! video/x-raw,width=20,height=10", 20, 10},
		{"left=4 right=-1 top=-1 ! video/x-raw,width=30,height=30", 30, 30},
		{"left=-1", 64, 48},
	} {
		g := run(t, src+tt.rest)
		if v := g[0].format.Video; v.Width != tt.width || v.Height != tt.height {
			t.Errorf("%s gave %dx%d, want %dx%d", tt.rest, v.Width, v.Height, tt.width, tt.height)
		}
	}
}

// The same pixels, and regions move with them; those that are cut off are gone.
func TestVideoCropAsksForOneOfAList(t *testing.T) {
	for rest, want := range map[string]int{"left=2": 146, "left=2 right=-1": 146} {
		g := run(t, "videotestsrc num-buffers=1 ! video/x-raw,format=ARGB,height=20 ! videocrop "+rest+" ! video/x-raw,width={146,80}")
		if len(g) != 1 || g[0].picture.Width != want {
			t.Errorf("%s gave %d pictures, want one %d wide", rest, len(g), want)
		}
	}
}

func TestVideoCropContents(t *testing.T) {
	in := video(t, "video/x-raw,format=GRAY8,width=8,height=4,framerate=30/1")
	data := make([]byte, 32)
	for i := range data {
		data[i] = byte(i)
	}
	region := func(x, y, w, h int) *frames.Region { return &frames.Region{Rect: frames.Rect{X: x, Y: y, W: w, H: h}} }
	g := give(t, in, "videocrop left=3 top=1 right=1",
		given1{data: data, pts: time.Second, meta: region(2, 2, 4, 1)}, given1{data: data, meta: region(0, 0, 8, 1)})
	if g[0].data[0] != 11 || g[0].picture.Row(0, 2)[3] != 30 || g[0].pts != time.Second {
		t.Errorf("got % d", g[0].data)
	}
	if r := g[0].metas[0].(*frames.Region); r.Rect != (frames.Rect{X: 0, Y: 1, W: 3, H: 1}) {
		t.Errorf("the region is at %+v", r.Rect)
	}
	if len(g[1].metas) != 0 {
		t.Errorf("a region that was cut off is at %+v", g[1].metas[0])
	}
}

func TestVideoCropOfAllRefuses(t *testing.T) {
	p := graphtest.Launch(t, "videotestsrc num-buffers=1 ! video/x-raw,width=64,height=48 ! videocrop left=60 right=60 ! fakesink")
	if err := play(t, p); err == nil {
		t.Error("nothing was left, and nobody said so")
	}
}

// Sizes may be set between the choice of formats and the word of it: what was chosen
// is kept to until others are.
func TestVideoCropSetAfterFormatsWereChosen(t *testing.T) {
	in, out := video(t, "video/x-raw,format=I420,width=64,height=48,framerate=30/1"), video(t, "video/x-raw,format=I420,width=50,height=40,framerate=30/1")
	for _, set := range []string{"left=24", "left=60 right=4 top=8", "top=47", "left=-1 right=40", "left=-1 right=-1", "bottom=30 top=-1"} {
		p := graphtest.Launch(t, "fakesrc ! videocrop name=c "+set+" ! fakesink")
		if err := p.Element("c").(eiengine.Configurer).Configure(nil, in, out); err != nil {
			t.Errorf("%s: %v", set, err)
		}
	}
}

func TestVideoCropWhilePlaying(t *testing.T) {
	p := graphtest.Launch(t, "videotestsrc num-buffers=60 is-live=true ! video/x-raw,format=I420,width=64,height=48,framerate=100/1 ! videocrop name=c ! videoconvert ! collect name=out")
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.Set("c", "left", "24"); err != nil {
		t.Error(err)
	}
	if err := p.Wait(ctx); err != nil {
		t.Error(err)
	}
	got := p.Element("out").(*collect).got
	if v := got[len(got)-1].format.Video; v.Width != 40 || v.Height != 48 {
		t.Errorf("at the end pictures of %dx%d, want 40x48", v.Width, v.Height)
	}
}
