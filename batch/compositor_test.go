package batch_test

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

// The format that is chosen is that of GStreamer 1.22 for the same inputs.
func TestCompositorChoosesFormats(t *testing.T) {
	for _, tt := range []struct{ props, behind, inputs, want string }{
		{"", "", source("black", "NV12", 64, 48, "30/1", 1), "NV12 64x48 30/1"},
		{"", "", source("black", "I420", 64, 48, "30/1", 1) + source("black", "RGB", 80, 48, "10/1", 1), "RGB 80x48 30/1"},
		{"", "", source("black", "I420", 64, 48, "30/1", 1) + source("black", "RGB", 60, 48, "10/1", 1) + source("black", "RGB", 60, 48, "10/1", 1), "RGB 64x48 30/1"},
		{"", "", source("black", "RGB", 64, 48, "30/1", 1) + source("black", "RGBA", 10, 10, "15/1", 1), "RGBA 64x48 30/1"},
		{"", "video/x-raw,format={I420,RGB}", source("black", "RGB", 64, 48, "30/1", 1) + source("black", "RGBA", 10, 10, "15/1", 1), "RGB 64x48 30/1"},
		{"", "video/x-raw,format=I420", source("black", "RGB", 64, 48, "30/1", 1), "I420 64x48 30/1"},
		{"sink_1::xpos=64 sink_1::ypos=-20", "", source("black", "RGB", 64, 48, "30/1", 1) + source("black", "RGB", 30, 60, "15/1", 1), "RGB 94x60 30/1"},
		{"sink_0::width=100 sink_0::height=0", "", source("black", "RGB", 64, 48, "30/1", 1), "RGB 100x48 30/1"},
		{"sink_0::width=100 sink_0::height=100 sink_0::sizing-policy=keep-aspect-ratio", "", source("black", "RGB", 64, 48, "30/1", 1), "RGB 100x99 30/1"},
		{"", "video/x-raw,width=20,height=[1,30],framerate=[5/1,20/1]", source("black", "RGB", 64, 48, "30/1", 1), "RGB 20x30 20/1"},
		{"", "", "videotestsrc num-buffers=1 ! video/x-raw,format=RGB,width=64,height=48,framerate=0/1 ! c.", "RGB 64x48 25/1"},
	} {
		got := run(t, tt.props, tt.behind, tt.inputs)
		v := got[0].format.Video
		if said := fmt.Sprintf("%v %dx%d %v", v.Format, v.Width, v.Height, v.FPS); said != tt.want {
			t.Errorf("%s ! %s : %s\ngives %s, want %s", tt.props, tt.behind, tt.inputs, said, tt.want)
		}
	}
}

// Colours of small pictures stay as they are in a large one, whose default would be
// those of HD.
func TestCompositorKeepsColors(t *testing.T) {
	got := run(t, "", "video/x-raw,width=1280,height=720", source("black", "I420", 64, 48, "30/1", 1))
	if c := got[0].format.Video.Color; c.Matrix != frames.BT601 {
		t.Errorf("the output is %s, want BT.601 as the input", got[0].format)
	}
}

// pixelAt is a pixel of an RGB picture.
func pixelAt(p *frames.Picture, x, y int) [3]byte { return [3]byte(p.Row(0, y)[3*x:]) }

func near(a, b [3]byte, tolerance int) bool {
	for i := range a {
		if d := int(a[i]) - int(b[i]); d < -tolerance || d > tolerance {
			return false
		}
	}
	return true
}

// Inputs of any format and size are converted and scaled into their places, also
// where they leave the picture and where they are transparent in part.
func TestCompositorConvertsAndScales(t *testing.T) {
	color := func(format string, w, h int) string {
		return source("solid-color", format, w, h, "30/1", 1, "foreground-color=0xff4080c0")
	}
	want, half := [3]byte{0x40, 0x80, 0xc0}, [3]byte{0x20, 0x40, 0x60}
	for _, f := range frames.PixelFormats() {
		if f == frames.GRAY8 {
			continue
		}
		for _, size := range [][2]int{{20, 14}, {41, 27}, {9, 7}} {
			for alpha, want := range map[string][3]byte{"1": want, "0.5": half} {
				for _, at := range [][2]int{{4, 6}, {5, 7}, {-4, 30}} {
					props := fmt.Sprintf("background=black sink_0::width=20 sink_0::height=14 sink_0::alpha=%s sink_0::xpos=%d sink_0::ypos=%d", alpha, at[0], at[1])
					got := run(t, props, "video/x-raw,format=RGB,width=40,height=40", color(f.String(), size[0], size[1]))
					p := &got[0].picture
					inside := pixelAt(p, at[0]+10, at[1]+6)
					if !near(inside, want, 3) || !near(pixelAt(p, 30, 2), [3]byte{}, 1) {
						t.Errorf("%v %v %s: inside %v, want %v; outside %v", f, size, props, inside, want, pixelAt(p, 30, 2))
					}
				}
			}
		}
	}
}

// Pictures with alpha show what is below them, also in formats that have none, where
// GStreamer refuses the line.
func TestCompositorAlphaOntoOtherFormats(t *testing.T) {
	for _, f := range []string{"I420", "NV12", "YUY2", "UYVY", "RGB", "BGRx", "RGBA"} {
		for _, size := range []string{"", "sink_1::width=31 sink_1::height=21 "} {
			got := run(t, "background=black sink_1::xpos=6 sink_1::ypos=4 "+size, "video/x-raw,format="+f+" ! compositor name=d ! video/x-raw,format=RGB",
				source("white", f, 40, 30, "30/1", 1)+source("solid-color", "RGBA", 20, 16, "30/1", 1, "foreground-color=0x80000000"))
			p := &got[0].picture
			if in, out := pixelAt(p, 14, 10), pixelAt(p, 2, 2); !near(in, [3]byte{127, 127, 127}, 3) || !near(out, [3]byte{255, 255, 255}, 2) {
				t.Errorf("%s %s: %v below half of black, %v beside", f, size, in, out)
			}
		}
	}
}

// What models found in the inputs is found at its place in the output.
func TestCompositorCarriesRegions(t *testing.T) {
	got := run(t, "sink_1::xpos=33 sink_1::ypos=10 sink_1::width=40 sink_1::height=20 sink_2::alpha=0", "video/x-raw,width=60,height=40",
		"videotestsrc num-buffers=1 ! video/x-raw,format=I420,width=20,height=20 ! mark ! c. "+
			"videotestsrc num-buffers=1 ! video/x-raw,format=I420,width=20,height=20 ! mark ! c. "+
			"videotestsrc num-buffers=1 ! video/x-raw,format=I420,width=20,height=20 ! mark ! c.")
	var places []frames.Rect
	for _, r := range got[0].regions {
		places = append(places, r.Rect)
	}
	// The second begins at the even column 34, and is cut off at the right.
	want := []frames.Rect{{X: 2, Y: 4, W: 8, H: 6}, {X: 38, Y: 14, W: 16, H: 6}}
	if fmt.Sprint(places) != fmt.Sprint(want) {
		t.Errorf("regions at %v, want %v", places, want)
	}
}

// Properties of pads are set by name, checked, and may change while playing.
func TestCompositorPadProperties(t *testing.T) {
	p := graphtest.Launch(t, "compositor name=c background=black sink_0::xpos=4 ! video/x-raw,width=40,height=20 ! collect name=out videotestsrc num-buffers=1 pattern=white ! video/x-raw,format=RGB,width=8,height=8 ! c.")
	for _, tt := range []struct{ property, value, fault string }{
		{"sink_0::xpos", "12", ""}, {"sink_0::alpha", "2", "alpha"}, {"sink_0::nosuch", "1", `"sink_0::nosuch"`}, {"sink_7::xpos", "1", "sink_7"}, {"sink_0::operator", "wrong", "operator"},
	} {
		err := p.Set("c", tt.property, tt.value)
		if (err == nil) != (tt.fault == "") || err != nil && !strings.Contains(err.Error(), tt.fault) {
			t.Errorf("%s=%s: %v", tt.property, tt.value, err)
		}
	}
	if v, err := p.Get("c", "sink_0::xpos"); v != "12" || err != nil {
		t.Errorf("xpos reads as %q, %v", v, err)
	}
	if text := p.Spec().String(); !strings.Contains(text, "sink_0::xpos=12") {
		t.Errorf("the pipeline is described as %s", text)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if err := p.Run(ctx); err != nil {
		t.Fatal(err)
	}
	got := &p.Element("out").(*collect).got[0].picture
	if pixelAt(got, 11, 2) != [3]byte{} || pixelAt(got, 12, 2) != [3]byte{255, 255, 255} {
		t.Error("the picture does not lie where it was set to lie")
	}
}

// Moving a picture while playing takes effect, and lets the output grow.
func TestCompositorMovesWhilePlaying(t *testing.T) {
	p := graphtest.Launch(t, "compositor name=c ! appsink name=out sync=false max-buffers=1 videotestsrc pattern=white ! video/x-raw,format=RGB,width=8,height=8 ! c.")
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	out := p.Element("out").(interface {
		Pull(context.Context) (*frames.Frame, error)
	})
	for _, width := range []int{8, 18, 11} {
		if err := p.Set("c", "sink_0::xpos", fmt.Sprint(width-8)); err != nil {
			t.Fatal(err)
		}
		for {
			f, err := out.Pull(ctx)
			if err != nil {
				t.Fatalf("waiting for a width of %d: %v", width, err)
			}
			got := f.Format.Video.Width
			f.Release()
			if got == width {
				break
			}
		}
	}
}

// The size of the output follows an input whose size changes.
func TestCompositorFollowsItsInputs(t *testing.T) {
	got := run(t, "", "", "concat name=k ! c. videotestsrc num-buffers=2 ! video/x-raw,format=RGB,width=16,height=8,framerate=30/1 ! k. "+
		"videotestsrc num-buffers=2 ! video/x-raw,format=RGB,width=24,height=8,framerate=30/1 ! k.")
	var sizes []int
	for _, g := range got {
		sizes = append(sizes, g.format.Video.Width)
	}
	if fmt.Sprint(sizes) != "[16 16 24 24]" {
		t.Errorf("widths %v", sizes)
	}
	for i, g := range got {
		if g.seq != uint64(i) || g.pts != (frames.Fraction{Num: 30, Den: 1}).Time(int64(i)) {
			t.Errorf("frame %d: number %d at %v", i, g.seq, g.pts)
		}
	}
}

// With live inputs nobody waits for one that brings nothing.
func TestCompositorGoesOnWithoutALiveInput(t *testing.T) {
	for _, props := range []string{"", "ignore-inactive-pads=true", "latency=20000000", "min-upstream-latency=20000000"} {
		p := graphtest.Launch(t, "compositor name=c background=black "+props+" sink_1::xpos=8 ! collect name=out videotestsrc is-live=true num-buffers=5 pattern=white ! video/x-raw,format=RGB,width=8,height=8,framerate=100/1 ! c. appsrc name=silent is-live=true caps=video/x-raw,format=RGB,width=8,height=8,framerate=100/1 ! c.")
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
		defer cancel()
		if err := p.Play(ctx); err != nil {
			t.Fatal(err)
		}
		waitFor(ctx, t, p, "out", 4)
		if err := p.Stop(ctx); err != nil {
			t.Fatal(err)
		}
		for _, g := range p.Element("out").(*collect).got[:4] {
			if g.format.Video.FPS.Num != 100 {
				t.Errorf("%s: %s", props, g.format)
			}
		}
	}
}

// forced gives frames at their time although nothing came at all.
func TestCompositorForceLive(t *testing.T) {
	p := graphtest.Launch(t, "compositor name=c force-live=true background=white ! video/x-raw,format=RGB,width=16,height=8,framerate=100/1 ! collect name=out appsrc name=silent is-live=true ! c.")
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	waitFor(ctx, t, p, "out", 3)
	if err := p.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	g := p.Element("out").(*collect).got
	if g[2].pts != 20*time.Millisecond || pixelAt(&g[2].picture, 3, 3) != [3]byte{255, 255, 255} {
		t.Errorf("the third frame is at %v", g[2].pts)
	}
}

// waitFor returns when n frames have come to an element.
func waitFor(ctx context.Context, t *testing.T, p *eiengine.Pipeline, element string, n uint64) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		for _, s := range p.Stats() {
			if s.Name == element && s.In >= n {
				return
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%d frames did not come: %+v", n, p.Stats())
		}
	}
}

// An end that the user asks for comes through, also from inputs without one.
func TestCompositorEndsOnRequest(t *testing.T) {
	still := "videotestsrc num-buffers=1 ! video/x-raw,format=RGB,width=16,height=8 ! imagefreeze ! c. "
	p := graphtest.Launch(t, "compositor name=c sink_1::xpos=16 ! collect name=out "+still+still)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	waitFor(ctx, t, p, "out", 10)
	p.SendEOS()
	if err := p.Wait(ctx); err != nil {
		t.Fatal(err)
	}
}

// Mistakes are told with what to do.
func TestCompositorRefuses(t *testing.T) {
	for _, tt := range []struct{ line, want string }{
		{"compositor name=c ! video/x-raw,framerate=0/1 ! fakesink videotestsrc ! c.", "framerate=25/1"},
		{"compositor name=c ! audio/x-raw ! fakesink videotestsrc ! c.", "video/x-raw"},
		{"compositor name=c sink_0::xpos=left ! fakesink videotestsrc ! c.", "sink_0::xpos"},
	} {
		engine := eiengine.New(eiengine.Options{})
		p, err := engine.Launch(tt.line)
		if err == nil {
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
			err = p.Run(ctx)
			cancel()
			_ = p.Close()
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s\n%v, want %s", tt.line, err, tt.want)
		}
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	}
}

// In steady state a frame costs no allocation, whatever has to be done for it.
func TestCompositorAllocatesNothing(t *testing.T) {
	if debugging {
		t.Skip("skipped: under -race and -tags eidebug blocks and headers are not reused")
	}
	mallocs := func(n int) uint64 {
		p := graphtest.Launch(t, fmt.Sprintf("compositor name=c max-threads=1 sink_1::xpos=20 sink_1::alpha=0.5 sink_2::width=30 sink_2::height=20 sink_3::xpos=-5 sink_3::width=20 sink_3::height=21 ! video/x-raw,format=I420 ! fakesink "+
			"videotestsrc num-buffers=%[1]d ! video/x-raw,format=I420,width=64,height=48 ! c. videotestsrc num-buffers=%[1]d ! video/x-raw,format=RGBA,width=20,height=20 ! c. "+
			"videotestsrc num-buffers=%[1]d ! video/x-raw,format=I420,width=20,height=20 ! c. videotestsrc num-buffers=%[1]d ! video/x-raw,format=YUY2,width=20,height=20 ! c.", n))
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
		defer cancel()
		if err := p.Run(ctx); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return after.Mallocs - before.Mallocs
	}
	mallocs(50)
	const n = 300
	once, twice := mallocs(n), mallocs(2*n)
	extra := int64(twice) - int64(once)
	t.Logf("%d frames: %d allocations, %d frames: %d", n, once, 2*n, twice)
	if extra > n/4 { // the runtime of Go makes a few of its own
		t.Errorf("%d frames more cost %d allocations more", n, extra)
	}
}

// Pads have the properties of GStreamer's, but for two that are about its own ways.
func TestCompositorPadPropertiesAreGStreamers(t *testing.T) {
	text, err := exec.Command("gst-inspect-1.0", "compositor").Output()
	if err != nil {
		t.Skip("gst-inspect-1.0 is not installed: nothing to compare with")
	}
	f, err := eiengine.DefaultRegistry().Find("compositor")
	if err != nil {
		t.Fatal(err)
	}
	props, err := f.PadProperties()
	if err != nil {
		t.Fatal(err)
	}
	ours := map[string]string{}
	for _, p := range props {
		ours[p.Name] = p.Default
	}
	_, sink, _ := strings.Cut(string(text), "SINK template")
	sink, _, _ = strings.Cut(sink, "SRC template")
	line := regexp.MustCompile(`(?ms)^      ([a-z-]+) *: .*?Default: +(?:\d+, )?"?([^" \n]+)`)
	for _, m := range line.FindAllStringSubmatch(sink, -1) {
		if m[1] == "emit-signals" || m[1] == "converter-config" {
			continue
		}
		if got, ok := ours[m[1]]; !ok || got != m[2] {
			t.Errorf("%s: default %q, theirs is %q", m[1], got, m[2])
		}
	}
}
