package capture

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/capture/fabric"
	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
	"github.com/eiengine/eiengine/internal/graphtest"
)

// at is a pixel of a collected frame as RGBA, whatever its format.
func at(t *testing.T, g *collected, x, y int) [4]uint8 {
	t.Helper()
	out := frames.NewPicture(frames.RGBA, g.picture.Width, g.picture.Height)
	if err := pixel.Convert(&out, &g.picture); err != nil {
		t.Fatal(err)
	}
	return [4]uint8(out.Row(0, y)[4*x : 4*x+4])
}

func TestVideoTestSrcDefaults(t *testing.T) {
	got := mustRun(t, "videotestsrc num-buffers=4")
	if len(got) != 4 {
		t.Fatalf("%d frames, want 4", len(got))
	}
	want := "video/x-raw, format=(string)RGB, width=(int)320, height=(int)240, framerate=(fraction)30/1"
	for i, g := range got {
		if g.format.String() != want {
			t.Errorf("frame %d is %s, want %s", i, g.format, want)
		}
		begin, end := time.Duration(i)*time.Second/30, time.Duration(i+1)*time.Second/30
		if g.pts != begin || g.duration != end-begin || g.seq != uint64(i) {
			t.Errorf("frame %d: pts %v duration %v seq %d", i, g.pts, g.duration, g.seq)
		}
		if g.mono < 0 || len(g.data) != 320*240*3 {
			t.Errorf("frame %d: mono %v, %d bytes", i, g.mono, len(g.data))
		}
	}
}

// The values are those that GStreamer 1.22 gives for RGB 320x240.
func TestVideoTestSrcColours(t *testing.T) {
	type probe struct {
		x, y int
		want [3]uint8
	}
	for _, tt := range []struct {
		props  string
		probes []probe
	}{
		{"pattern=smpte", []probe{
			{0, 0, [3]uint8{255, 255, 255}}, {45, 0, [3]uint8{255, 255, 0}}, {91, 0, [3]uint8{0, 255, 255}}, {137, 0, [3]uint8{0, 255, 0}},
			{182, 0, [3]uint8{255, 0, 255}}, {228, 0, [3]uint8{255, 0, 0}}, {274, 159, [3]uint8{0, 0, 255}},
			{0, 160, [3]uint8{0, 0, 255}}, {45, 160, [3]uint8{}}, {274, 179, [3]uint8{255, 255, 255}},
			{0, 180, [3]uint8{0, 0, 128}}, {53, 180, [3]uint8{255, 255, 255}}, {106, 239, [3]uint8{0, 128, 255}}, {160, 239, [3]uint8{}}, {213, 239, [3]uint8{19, 19, 19}},
		}},
		{"pattern=smpte75", []probe{{0, 239, [3]uint8{191, 191, 191}}, {319, 0, [3]uint8{0, 0, 191}}}},
		{"pattern=smpte100", []probe{{0, 239, [3]uint8{255, 255, 255}}, {319, 239, [3]uint8{0, 0, 255}}}},
		{"pattern=black", []probe{{7, 7, [3]uint8{}}}},
		{"pattern=white", []probe{{7, 7, [3]uint8{255, 255, 255}}}},
		{"pattern=red", []probe{{7, 7, [3]uint8{255, 0, 0}}}},
		{"pattern=green", []probe{{7, 7, [3]uint8{0, 255, 0}}}},
		{"pattern=blue", []probe{{7, 7, [3]uint8{0, 0, 255}}}},
		{"pattern=checkers-1", []probe{{0, 0, [3]uint8{255, 0, 0}}, {1, 0, [3]uint8{0, 255, 0}}, {1, 1, [3]uint8{255, 0, 0}}}},
		{"pattern=checkers-2", []probe{{1, 1, [3]uint8{255, 0, 0}}, {2, 1, [3]uint8{0, 255, 0}}, {0, 2, [3]uint8{0, 255, 0}}}},
		{"pattern=checkers-4", []probe{{3, 3, [3]uint8{255, 0, 0}}, {4, 3, [3]uint8{0, 255, 0}}}},
		{"pattern=checkers-8", []probe{{7, 7, [3]uint8{255, 0, 0}}, {8, 7, [3]uint8{0, 255, 0}}}},
		{"pattern=solid-color foreground-color=0xff336699", []probe{{7, 7, [3]uint8{0x33, 0x66, 0x99}}}},
		{"pattern=bar", []probe{{44, 9, [3]uint8{255, 255, 255}}, {45, 9, [3]uint8{}}}},
		{"pattern=gradient", []probe{{0, 0, [3]uint8{}}, {0, 10, [3]uint8{10, 10, 10}}, {0, 120, [3]uint8{127, 127, 127}}, {0, 239, [3]uint8{253, 253, 253}}}},
		{"pattern=ball", []probe{{160, 120, [3]uint8{255, 255, 255}}, {0, 0, [3]uint8{}}, {139, 120, [3]uint8{}}, {150, 120, [3]uint8{255, 255, 255}}}},
	} {
		g := mustRun(t, "videotestsrc num-buffers=1 "+tt.props)
		for _, p := range tt.probes {
			c := at(t, &g[0], p.x, p.y)
			for i := range 3 {
				if d := int(c[i]) - int(p.want[i]); d < -1 || d > 1 {
					t.Errorf("%s at %d,%d: %v, want %v", tt.props, p.x, p.y, c, p.want)
					break
				}
			}
		}
	}
}

func TestVideoTestSrcMoves(t *testing.T) {
	for _, tt := range []struct {
		pattern string
		moves   bool
	}{
		{"snow", true}, {"smpte", true}, {"ball", true}, {"blink", true}, {"shapes", true}, {"fabric", true},
		{"black", false}, {"smpte75", false}, {"gradient", false}, {"checkers-8", false},
	} {
		g := mustRun(t, "videotestsrc num-buffers=2 pattern="+tt.pattern)
		if moves := string(g[0].data) != string(g[1].data); moves != tt.moves {
			t.Errorf("%s: moves %v", tt.pattern, moves)
		}
		again := mustRun(t, "videotestsrc num-buffers=2 pattern="+tt.pattern)
		if string(g[1].data) != string(again[1].data) {
			t.Errorf("%s differs from run to run", tt.pattern)
		}
	}
	g := mustRun(t, "videotestsrc num-buffers=50 pattern=ball ! video/x-raw,format=I420,width=101,height=75")
	for i := range g {
		// GStreamer's path: two sines whose periods never meet.
		x := 20 + int((0.5+0.5*math.Sin(2*math.Pi*float64(i)/200))*61)
		y := 20 + int((0.5+0.5*math.Sin(2*math.Pi*float64(i)*math.Sqrt2/200))*35)
		if c := at(t, &g[i], x, y); c[0] < 250 {
			t.Errorf("frame %d: no ball at %d,%d but %v", i, x, y, c)
		}
		if c := at(t, &g[i], (x+50)%101, y); c[0] > 5 {
			t.Errorf("frame %d: something is left beside the ball: %v", i, c)
		}
	}
}

// What GStreamer 1.22 promises but does not do, because it draws these once only,
// or before it knows the time.
func TestVideoTestSrcMovesWhereGstreamerStands(t *testing.T) {
	for _, props := range []string{"pattern=pinwheel kt=20", "pattern=spokes kt=-35"} {
		if g := mustRun(t, "videotestsrc num-buffers=2 "+props); string(g[0].data) == string(g[1].data) {
			t.Errorf("%s stands still", props)
		}
	}
	const caps = " ! video/x-raw,format=I420,width=176,height=144,framerate=200/1"
	want := mustRun(t, "videotestsrc num-buffers=9 pattern=ball"+caps)
	got := mustRun(t, "videotestsrc num-buffers=9 pattern=ball animation-mode=running-time"+caps)
	for i := range want {
		if string(got[i].data) != string(want[i].data) {
			t.Errorf("200 frames a second: frame %d by its time is not that by its number", i)
		}
	}
}

// Every pixel format shows the same picture, odd sizes too, within what the
// format can hold.
func TestVideoTestSrcFormats(t *testing.T) {
	for _, f := range frames.PixelFormats() {
		line := fmt.Sprintf("videotestsrc num-buffers=1 pattern=%%s ! video/x-raw,format=%s,width=141,height=83", f)
		g := mustRun(t, fmt.Sprintf(line, "smpte"))
		if g[0].format.Video.Format != f || g[0].picture.Width != 141 {
			t.Fatalf("asked for %s, got %s", f, g[0].format)
		}
		if f == frames.GRAY8 {
			if c := at(t, &g[0], 5, 5); c != [4]uint8{255, 255, 255, 255} {
				t.Errorf("GRAY8: %v", c)
			}
			continue
		}
		for _, p := range []struct {
			x    int
			want [4]uint8
		}{{5, [4]uint8{255, 255, 255, 255}}, {30, [4]uint8{255, 255, 0, 255}}, {110, [4]uint8{255, 0, 0, 255}}, {135, [4]uint8{0, 0, 255, 255}}} {
			c := at(t, &g[0], p.x, 5)
			for i := range 4 {
				if d := int(c[i]) - int(p.want[i]); d < -3 || d > 3 {
					t.Errorf("%s at %d: %v, want %v", f, p.x, c, p.want)
					break
				}
			}
		}
		for _, pattern := range []string{"snow", "shapes", "ball", "blink"} {
			mustRun(t, fmt.Sprintf(line, pattern))
		}
	}
}

func TestVideoTestSrcKnownValue(t *testing.T) {
	for _, tt := range []struct {
		size string
		want [3]uint8
	}{{"width=320,height=240", [3]uint8{81, 90, 240}}, {"width=1280,height=720", [3]uint8{63, 102, 240}}} {
		g := mustRun(t, "videotestsrc num-buffers=1 pattern=red ! video/x-raw,format=I420,"+tt.size)
		p := g[0].picture
		if got := [3]uint8{p.Data[0][0], p.Data[1][0], p.Data[2][0]}; got != tt.want {
			t.Errorf("%s: red is %v, want %v", tt.size, got, tt.want)
		}
	}
	// The colours of a part follow those of the whole picture.
	g := mustRun(t, "videotestsrc num-buffers=1 pattern=ball foreground-color=0xffff0000 ! video/x-raw,format=I420,width=1280,height=720")
	if y := g[0].picture.Row(0, 360)[640]; y != 63 {
		t.Errorf("the red ball at 720p has luma %d, want 63 (BT.709)", y)
	}
}

func TestVideoTestSrcAlpha(t *testing.T) {
	g := mustRun(t, "videotestsrc num-buffers=1 pattern=solid-color foreground-color=0x80102030 ! video/x-raw,format=RGBA")
	if got := [4]uint8(g[0].data); got != [4]uint8{0x10, 0x20, 0x30, 0x80} {
		t.Errorf("got %v", got)
	}
	// As GStreamer does: a colour that is transparent asks for a format that can be.
	g = mustRun(t, "videotestsrc num-buffers=1 pattern=solid-color foreground-color=0x80102030")
	if got := [4]uint8(g[0].data); g[0].format.Video.Format != frames.ARGB || got != [4]uint8{0x80, 0x10, 0x20, 0x30} {
		t.Errorf("got %v as %s", got, g[0].format)
	}
}

func TestVideoTestSrcShapesAndTruth(t *testing.T) {
	g := mustRun(t, "videotestsrc num-buffers=3 pattern=shapes seed=7 ! video/x-raw,format=RGB,width=160,height=120")
	s := scene.New(7, 160, 120, scene.Options{})
	want := make([]byte, 160*120*3)
	for i := range g {
		s.Draw(i, want, 160*3)
		if string(g[i].data) != string(want) {
			t.Errorf("frame %d is not the scene's", i)
		}
		if g[i].truth == nil || g[i].truth.Frame != i || fmt.Sprint(g[i].truth.Shapes) != fmt.Sprint(s.Truth(i)) {
			t.Errorf("frame %d: truth %+v, want %+v", i, g[i].truth, s.Truth(i))
		}
	}
	other := mustRun(t, "videotestsrc num-buffers=1 pattern=shapes seed=8 ! video/x-raw,format=RGB,width=160,height=120")
	if string(other[0].data) == string(g[0].data) {
		t.Error("another seed shows the same scene")
	}
}

func TestVideoTestSrcOneShape(t *testing.T) {
	g := mustRun(t, "videotestsrc num-buffers=200 pattern=one-shape seed=6 ! video/x-raw,format=RGB,width=64,height=48")
	s := scene.New(6, 64, 48, scene.Options{OneByOne: true})
	labels := map[string]bool{}
	for i := range g {
		labels[s.Label(i)] = true
		if g[i].truth == nil || fmt.Sprint(g[i].truth.Shapes) != fmt.Sprint(s.Truth(i)) {
			t.Fatalf("frame %d: truth %+v, want %+v", i, g[i].truth, s.Truth(i))
		}
	}
	if len(labels) < 2 {
		t.Errorf("only %v in five turns", labels)
	}
}

func TestVideoTestSrcFabric(t *testing.T) {
	g := mustRun(t, "videotestsrc num-buffers=30 pattern=fabric seed=3 ! video/x-raw,format=RGB,width=160,height=120")
	f := fabric.New(3, 160, 120, fabric.Options{})
	want := make([]byte, 160*120*3)
	faults := 0
	for i := range g {
		f.Draw(i, want, 160*3)
		if string(g[i].data) != string(want) {
			t.Errorf("frame %d is not the fabric's", i)
		}
		if g[i].truth == nil || g[i].truth.Frame != i || fmt.Sprint(g[i].truth.Faults) != fmt.Sprint(f.Truth(i)) {
			t.Fatalf("frame %d: truth %+v, want %+v", i, g[i].truth, f.Truth(i))
		}
		faults += len(g[i].truth.Faults)
	}
	if faults == 0 {
		t.Error("no fault in 30 frames: choose another seed for this test")
	}
}

func TestTruthFollowsThePicture(t *testing.T) {
	in := &Truth{Frame: 3, Shapes: []scene.Shape{
		{Label: "circle", X: 10, Y: 20, W: 30, H: 40, Visible: 0.5}, {Label: "square", X: 90, Y: 0, W: 10, H: 10},
	}, Faults: []fabric.Fault{
		{Kind: "hole", X: 10, Y: 20, W: 30, H: 40}, {Kind: "gap", X: 50, Y: 0, W: 10, H: 10},
	}}
	// The left half, at twice the size.
	m := frames.RectMapping(frames.Rect{W: 50, H: 100}, frames.Rect{W: 100, H: 200})
	out := in.Mapped(m, 100, 200).(*Truth)
	want := []scene.Shape{{Label: "circle", X: 20, Y: 40, W: 60, H: 80, Visible: 0.5}}
	if out.Frame != 3 || fmt.Sprint(out.Shapes) != fmt.Sprint(want) {
		t.Errorf("got %+v", out)
	}
	if want := []fabric.Fault{{Kind: "hole", X: 20, Y: 40, W: 60, H: 80}}; fmt.Sprint(out.Faults) != fmt.Sprint(want) {
		t.Errorf("got %+v", out)
	}
	if in.Shapes[0].X != 10 {
		t.Error("the original was changed")
	}
}

func TestVideoTestSrcRates(t *testing.T) {
	g := mustRun(t, "videotestsrc num-buffers=3 ! video/x-raw,framerate=30000/1001")
	if g[1].pts != 33366666 || g[2].pts != 66733333 || g[1].duration != 33366667 {
		t.Errorf("pts %v %v duration %v", g[1].pts, g[2].pts, g[1].duration)
	}
	if g := mustRun(t, "videotestsrc ! video/x-raw,framerate=0/1"); len(g) != 1 || g[0].duration != frames.NoTime {
		t.Errorf("a rate of zero gave %d frames", len(g))
	}
	if g := mustRun(t, "videotestsrc num-buffers=2 timestamp-offset=1000"); g[0].pts != 1000 || g[1].pts != 33334333 {
		t.Errorf("with an offset of 1 µs: %v %v", g[0].pts, g[1].pts)
	}
}

func TestVideoTestSrcLive(t *testing.T) {
	begin := time.Now()
	g := mustRun(t, "videotestsrc is-live=true num-buffers=4 ! video/x-raw,framerate=50/1")
	if d := time.Since(begin); d < 60*time.Millisecond {
		t.Errorf("4 live frames at 50 a second came in %v", d)
	}
	for i := range g {
		if g[i].pts != time.Duration(i)*20*time.Millisecond {
			t.Errorf("frame %d has pts %v", i, g[i].pts)
		}
	}
}

func TestVideoTestSrcChangesWhilePlaying(t *testing.T) {
	p := graphtest.Launch(t, "videotestsrc name=s pattern=red is-live=true num-buffers=40 ! video/x-raw,framerate=100/1 ! collect name=out")
	ctx := graphtest.Context(t)
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.Set("s", "pattern", "blue"); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	got := p.Element("out").(*collect).got
	if c := at(t, &got[39], 0, 0); c != [4]uint8{0, 0, 255, 255} {
		t.Errorf("the last frame is %v, want blue", c)
	}
	if got[39].seq != 39 {
		t.Errorf("the last frame has number %d", got[39].seq)
	}
}

func TestVideoTestSrcUnknownPattern(t *testing.T) {
	eng := eiengine.New(eiengine.Options{})
	_, err := eng.Launch("videotestsrc pattern=plaid ! fakesink")
	if err == nil {
		t.Fatal("plaid was taken")
	}
	t.Log(err)
}

func TestVideoTestSrcTooLarge(t *testing.T) {
	failing(t, "videotestsrc num-buffers=1 ! video/x-raw,format=RGBA,width=32768,height=32768", "videotestsrc0", "memory budget", "smaller")
}

func BenchmarkShapesPipeline640x480(b *testing.B) {
	p := graphtest.Launch(b, fmt.Sprintf("videotestsrc pattern=shapes num-buffers=%d ! video/x-raw,format=RGB,width=640,height=480 ! fakesink", max(b.N, 1)))
	b.ReportAllocs()
	b.ResetTimer()
	if err := p.Run(graphtest.Context(b)); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkShapes640x480(b *testing.B) {
	format, err := frames.VideoFormat(frames.VideoInfo{Format: frames.RGB, Width: 640, Height: 480})
	if err != nil {
		b.Fatal(err)
	}
	p, err := newPainter(nil, &videoTestSrcProps{Pattern: patternShapes, Seed: 1}, format)
	if err != nil {
		b.Fatal(err)
	}
	dst := frames.NewPicture(frames.RGB, 640, 480)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := p.paint(&dst, i, 0); err != nil {
			b.Fatal(err)
		}
	}
}
