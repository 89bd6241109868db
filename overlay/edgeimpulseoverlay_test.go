package overlay_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
	_ "github.com/eiengine/eiengine/overlay"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const width, height = 320, 240

// still gives gray frames with metadata; kept is a second reference to the last.
type still struct {
	eiengine.Settings[eiengine.NoProps]
	format *frames.Format
	count  int
	metas  []frames.Meta
	share  bool
	kept   *frames.Frame
}

func (s *still) Limit() frames.Caps { return s.format.Caps() }

func (s *still) Read(c *eiengine.Ctx) error {
	if s.count == 0 {
		return io.EOF
	}
	s.count--
	f, err := c.NewFrame(0)
	if err != nil {
		return err
	}
	pic := f.Picture()
	pixel.Fill(&pic, frames.Rect{W: width, H: height}, gray)
	for _, m := range s.metas {
		f.Attach(m)
	}
	if s.share {
		s.kept = f.Share()
	}
	return c.Push(0, f)
}

// last keeps the last frame's pixels as RGB.
type last struct {
	eiengine.Settings[eiengine.NoProps]
	rgb    frames.Picture
	frames int
}

func (l *last) Process(_ *eiengine.Ctx, f *frames.Frame) error {
	defer f.Release()
	l.frames++
	l.rgb = frames.NewPicture(frames.RGB, width, height)
	pic := f.Picture()
	return pixel.Convert(&l.rgb, &pic)
}

var gray = pixel.Color{R: 100, G: 100, B: 100, A: 255}

// show runs the overlay over frames with metadata.
func show(t *testing.T, format frames.PixelFormat, props string, share bool, metas ...frames.Meta) (*last, eiengine.ElementStats) {
	t.Helper()
	f, err := frames.VideoFormat(frames.VideoInfo{Format: format, Width: width, Height: height})
	if err != nil {
		t.Fatal(err)
	}
	src, out := &still{format: f, count: 2, metas: metas, share: share}, &last{}
	reg := eiengine.NewRegistry()
	overlay, err := eiengine.DefaultRegistry().Find("edgeimpulseoverlay")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []eiengine.Factory{
		*overlay,
		{Name: "still", Pads: []eiengine.PadTemplate{eiengine.SrcPad(frames.AnyCaps())}, New: func() eiengine.Element { return src }},
		{Name: "last", Pads: []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps())}, New: func() eiengine.Element { return out }},
	} {
		if err := reg.Register(f); err != nil {
			t.Fatal(err)
		}
	}
	if share {
		src.count = 1
	}
	eng := eiengine.New(eiengine.Options{Registry: reg})
	p, err := eng.Launch("still ! edgeimpulseoverlay name=o " + props + " ! last")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if src.kept != nil {
		pic := src.kept.Picture()
		rgb := frames.NewPicture(frames.RGB, width, height)
		if err := pixel.Convert(&rgb, &pic); err != nil {
			t.Fatal(err)
		}
		if n := painted(&rgb, frames.Rect{W: width, H: height}); n != 0 {
			t.Errorf("%d pixels were drawn into somebody else's frame", n)
		}
		src.kept.Release()
	}
	var stats eiengine.ElementStats
	for _, s := range p.Stats() {
		if s.Name == "o" {
			stats = s
		}
	}
	if err := eng.Close(); err != nil {
		t.Error(err)
	}
	if n := eng.Pool().Stats().InUse; n != 0 {
		t.Errorf("%d bytes of frames leaked", n)
	}
	return out, stats
}

func at(p *frames.Picture, x, y int) [3]byte { return [3]byte(p.Row(0, y)[3*x:]) }

// painted counts the pixels of an area that are not the background.
func painted(p *frames.Picture, r frames.Rect) (n int) {
	for y := r.Y; y < r.Y+r.H; y++ {
		for x := r.X; x < r.X+r.W; x++ {
			if v := at(p, x, y); max(v[0], 101)-min(v[0], 99) > 4 || max(v[1], 101)-min(v[1], 99) > 4 || max(v[2], 101)-min(v[2], 99) > 4 {
				n++
			}
		}
	}
	return n
}

func box(label string, x, y, w, h int) *frames.Region {
	return &frames.Region{Label: label, Confidence: 0.95, Rect: frames.Rect{X: x, Y: y, W: w, H: h}}
}

func TestBoxesInTheColoursOfTheirLabels(t *testing.T) {
	for _, format := range []frames.PixelFormat{frames.RGB, frames.BGR, frames.RGBA, frames.BGRA, frames.XRGB} {
		out, _ := show(t, format, "show-labels=false stroke-width=3", false,
			box("a", 10, 20, 50, 40), box("b", 100, 20, 50, 40), box("a", 200, 20, 50, 40))
		p := &out.rgb
		red, green := [3]byte{0xE6, 0x19, 0x4B}, [3]byte{0x3C, 0xB4, 0x4B}
		for _, c := range []struct {
			x, y int
			want [3]byte
		}{
			{10, 20, red}, {59, 59, red}, {12, 40, red}, {13, 40, [3]byte{100, 100, 100}}, {100, 30, green}, {200, 20, red}, {9, 20, [3]byte{100, 100, 100}},
		} {
			if got := at(p, c.x, c.y); got != c.want {
				t.Errorf("%v: pixel %d,%d is %v, want %v", format, c.x, c.y, got, c.want)
			}
		}
	}
}

func TestLabelsLieInsideTheirBox(t *testing.T) {
	without, _ := show(t, frames.RGB, "show-labels=false", false, box("circle", 40, 40, 200, 150))
	with, _ := show(t, frames.RGB, "", false, box("circle", 40, 40, 200, 150))
	area := frames.Rect{X: 42, Y: 42, W: 100, H: 30}
	if painted(&without.rgb, area) != 0 {
		t.Error("a label without show-labels")
	}
	inside := painted(&with.rgb, area)
	if inside < 200 {
		t.Errorf("%d pixels of label", inside)
	}
	if all, again := painted(&with.rgb, frames.Rect{W: width, H: height}), painted(&without.rgb, frames.Rect{W: width, H: height}); all-again != inside {
		t.Errorf("%d pixels of label, of which %d where it should be", all-again, inside)
	}
	tracked := box("circle", 40, 40, 200, 150)
	tracked.Tracked, tracked.ObjectID = true, 7
	longer, _ := show(t, frames.RGB, "", false, tracked)
	if n := painted(&longer.rgb, area); n <= inside {
		t.Errorf("the label with a number has %d pixels, that without %d", n, inside)
	}
	larger, _ := show(t, frames.RGB, "text-font-size=20", false, box("circle", 40, 40, 200, 150))
	if n := painted(&larger.rgb, frames.Rect{X: 42, Y: 42, W: 190, H: 60}); n < 2*inside {
		t.Errorf("text-font-size=20 paints %d pixels, the usual size %d", n, inside)
	}
}

func TestClassificationText(t *testing.T) {
	full := &frames.Region{Label: "cat", Confidence: 0.85, FullFrame: true, Rect: frames.Rect{W: width, H: height}}
	weak, best := &frames.Classification{Label: "dog", Confidence: 0.15}, &frames.Classification{Label: "cat", Confidence: 0.85}
	for position, want := range map[string]frames.Rect{
		"top-left":     {W: width / 2, H: height / 2},
		"top-right":    {X: width / 2, W: width / 2, H: height / 2},
		"bottom-left":  {Y: height / 2, W: width / 2, H: height / 2},
		"bottom-right": {X: width / 2, Y: height / 2, W: width / 2, H: height / 2},
	} {
		out, _ := show(t, frames.RGB, "text-position="+position, false, best, full, weak)
		in, all := painted(&out.rgb, want), painted(&out.rgb, frames.Rect{W: width, H: height})
		if in < 100 || in != all {
			t.Errorf("%s: %d of %d painted pixels there", position, in, all)
		}
	}
}

func TestTextColour(t *testing.T) {
	c := &frames.Classification{Label: "cat", Confidence: 0.85}
	count := func(props string, want [3]byte) (n int) {
		out, _ := show(t, frames.RGB, "text-font-size=40 "+props, false, c)
		for y := range height {
			for x := range width {
				if at(&out.rgb, x, y) == want {
					n++
				}
			}
		}
		return n
	}
	for props, want := range map[string][3]byte{
		"":                          {255, 255, 255},
		"background-color=0xFFFFFF": {0, 0, 0},
		"text-color=0x00FF00":       {0, 255, 0},
	} {
		if n := count(props, want); n < 50 {
			t.Errorf("%q: %d pixels of colour %v", props, n, want)
		}
	}
}

func TestAnomalyGrid(t *testing.T) {
	grid := &frames.Anomaly{Max: 12, Grid: []frames.AnomalyCell{
		{Rect: frames.Rect{X: 0, Y: 0, W: 40, H: 40}, Score: 0}, {Rect: frames.Rect{X: 40, Y: 0, W: 40, H: 40}, Score: 6}, {Rect: frames.Rect{X: 80, Y: 0, W: 40, H: 40}, Score: 30},
	}}
	out, _ := show(t, frames.RGB, "", false, grid)
	for x, want := range map[int][3]byte{0: {0, 0, 255}, 40: {128, 0, 127}, 80: {255, 0, 0}, 20: {80, 80, 131}} {
		if got := at(&out.rgb, x, 20); got != want {
			t.Errorf("pixel %d,20 is %v, want %v", x, got, want)
		}
	}
	out, _ = show(t, frames.RGB, "stroke-width=0", false, grid)
	if n := painted(&out.rgb, frames.Rect{W: width, H: height}); n != 0 {
		t.Errorf("%d pixels with stroke-width=0", n)
	}
}

// A model that looks at no places has a score, which stands in the corner, behind
// the best label if there is one.
func TestAnomalyScore(t *testing.T) {
	score := &frames.Anomaly{Score: -0.44}
	cat := &frames.Classification{Label: "cat", Confidence: 0.85}
	corner := frames.Rect{W: width, H: 30}
	wide := func(metas ...frames.Meta) int {
		out, _ := show(t, frames.RGB, "stroke-width=0", false, metas...)
		return painted(&out.rgb, corner)
	}
	alone, label, both := wide(score), wide(cat), wide(cat, score)
	if alone < 100 || both < alone+label/2 {
		t.Errorf("%d pixels for the score, %d for the label, %d for both", alone, label, both)
	}
	if n := wide(&frames.Anomaly{Grid: []frames.AnomalyCell{}}); n != 0 {
		t.Errorf("%d pixels for a grid without cells", n)
	}
}

func TestNothingToDrawIsNotCopied(t *testing.T) {
	full := &frames.Region{Label: "cat", FullFrame: true, Rect: frames.Rect{W: width, H: height}}
	for name, metas := range map[string][]frames.Meta{"no metadata": nil, "full frame only": {full}} {
		out, stats := show(t, frames.RGB, "", true, metas...)
		if n := painted(&out.rgb, frames.Rect{W: width, H: height}); n != 0 || stats.Copies != 0 {
			t.Errorf("%s: %d pixels drawn, %d copies", name, n, stats.Copies)
		}
	}
	_, stats := show(t, frames.RGB, "", true, box("a", 10, 10, 50, 50))
	if stats.Copies != 1 {
		t.Errorf("%d copies of a shared frame that is drawn on, want 1", stats.Copies)
	}
	_, stats = show(t, frames.RGB, "", false, box("a", 10, 10, 50, 50))
	if stats.Copies != 0 {
		t.Errorf("%d copies of a frame that is not shared", stats.Copies)
	}
}

func TestRegionsOutsideAreClipped(t *testing.T) {
	out, _ := show(t, frames.RGB, "", false, box("a", -20, -20, 60, 60), box("b", 300, 220, 500, 500), box("c", 1000, 1000, 5, 5))
	if out.frames != 2 || painted(&out.rgb, frames.Rect{W: width, H: height}) == 0 {
		t.Error("nothing was drawn")
	}
}

func TestFormatsThatCannotBeDrawnOn(t *testing.T) {
	eng := eiengine.New(eiengine.Options{})
	f, err := eng.Registry().Find("edgeimpulseoverlay")
	if err != nil {
		t.Fatal(err)
	}
	if caps := f.Pads[0].Caps.String(); strings.Contains(caps, "NV12") || !strings.Contains(caps, "RGB") || strings.Count(caps, "BGRA") != 1 {
		t.Errorf("caps %s", caps)
	}
	if f.Class != "Filter/Effect/Video" {
		t.Errorf("class %s", f.Class)
	}
}
