package infer_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
	"github.com/eiengine/eiengine/infer/backend"
)

var (
	white = pixel.Color{R: 255, G: 255, B: 255, A: 255}
	modes = []backend.ResizeMode{backend.ResizeUnset, backend.ResizeNone, backend.ResizeSquash, backend.ResizeFitShortest, backend.ResizeFitLongest}
)

// extent is where the light of one axis lies: a white stretch on black, measured
// by how much light there is to both sides of a pixel that is fully lit, which
// scaling keeps to fractions of a pixel. ok is false if there is no such pixel, or
// the stretch may go on outside.
func extent(light []float64) (from, size float64, ok bool) {
	if light[0] > 0 || light[len(light)-1] > 0 {
		return 0, 0, false
	}
	lit := slices.IndexFunc(light, func(v float64) bool { return v > 0.99 })
	if lit < 0 {
		return 0, 0, false
	}
	var sum float64
	for i, v := range light {
		sum += v
		if i < lit {
			from += v
		}
	}
	return float64(lit) - from, sum, true
}

// What the model sees where is what lies in the frame where its boxes are mapped
// to, within one pixel, whatever the sizes, the way of resizing and the format.
func TestMappingIsWithinOnePixel(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	checked := map[backend.ResizeMode]int{}
	rounds := 3000
	if testing.Short() || raceEnabled {
		rounds = 300
	}
	for range rounds {
		mode := modes[r.IntN(len(modes))]
		format := []frames.PixelFormat{frames.RGB, frames.GRAY8, frames.NV12, frames.I420, frames.YUY2, frames.BGRx}[r.IntN(6)]
		mw, mh := 8+r.IntN(120), 8+r.IntN(120)
		pic := frames.NewPicture(format, 9+r.IntN(400), 9+r.IntN(400))
		at := frames.Rect{X: r.IntN(pic.Width - 4), Y: r.IntN(pic.Height - 4)}
		at.W, at.H = 1+r.IntN(pic.Width-at.X), 1+r.IntN(pic.Height-at.Y)
		pixel.FillBlack(&pic)
		pixel.Fill(&pic, at, white)
		in := make([]float32, mw*mh)
		toFrame, err := pixel.NewFeed(mw, mh).Fill(in, &pic, mode)
		if err != nil {
			t.Fatal(err)
		}
		columns, rows := make([]float64, mw), make([]float64, mh)
		for i, v := range in {
			light := float64(uint32(v)>>16) / 255
			columns[i%mw] = max(columns[i%mw], light)
			rows[i/mw] = max(rows[i/mw], light)
		}
		x, w, okX := extent(columns)
		y, h, okY := extent(rows)
		got := toFrame.Area(frames.Area{X: x, Y: y, W: w, H: h})
		what := fmt.Sprintf("%s %v %dx%d for %dx%d: %v is found at %v", mode, format, pic.Width, pic.Height, mw, mh, at, got)
		if okX {
			checked[mode]++
			near(t, what, got.X, float64(at.X))
			near(t, what, got.X+got.W, float64(at.X+at.W))
		}
		if okY {
			checked[mode]++
			near(t, what, got.Y, float64(at.Y))
			near(t, what, got.Y+got.H, float64(at.Y+at.H))
		}
	}
	for _, mode := range modes {
		if checked[mode] < rounds/30 {
			t.Errorf("%q was checked %d times only", mode, checked[mode])
		}
	}
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1 {
		t.Errorf("%s: an edge is off by %.2f", what, got-want)
	}
}

// finder is a model that finds the box around everything bright.
type finder struct {
	info backend.Info
	in   []float32
}

func newFinder() (backend.Model, error) {
	f := &finder{}
	if err := json.Unmarshal([]byte(os.Getenv("FINDER")), &f.info); err != nil {
		return nil, err
	}
	f.in = make([]float32, f.info.InputFeatures)
	return f, nil
}

func (f *finder) Info() *backend.Info { return &f.info }
func (f *finder) Input() []float32    { return f.in }
func (f *finder) Close() error        { return nil }

func (f *finder) Classify(context.Context) (*backend.Result, error) {
	w := f.info.ImageWidth
	box, ok := brightBox(w, f.info.ImageHeight, func(x, y int) bool { return uint32(f.in[y*w+x])>>16 >= 128 })
	if !ok {
		return &backend.Result{Boxes: []backend.Box{}}, nil
	}
	return &backend.Result{Boxes: []backend.Box{{Label: "it", Value: 1, X: box.X, Y: box.Y, Width: box.W, Height: box.H}}}, nil
}

func (f *finder) ClassifyContinuous(context.Context) (*backend.Result, error) {
	return nil, fmt.Errorf("pictures are not continuous")
}

func (f *finder) SetThreshold(context.Context, int, map[string]float64) error { return nil }

func brightBox(w, h int, bright func(x, y int) bool) (box frames.Rect, ok bool) {
	x0, y0, x1, y1 := w, h, 0, 0
	for y := range h {
		for x := range w {
			if bright(x, y) {
				x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x+1), max(y1, y+1)
			}
		}
	}
	return frames.Rect{X: x0, Y: y0, W: x1 - x0, H: y1 - y0}, x1 > 0
}

// measure notes where the light of each frame lies, and the regions.
type measure struct {
	eiengine.Settings[eiengine.NoProps]
	mu      sync.Mutex
	width   int
	height  int
	box     frames.Rect
	lit     bool
	regions []*frames.Region
}

func (m *measure) Process(c *eiengine.Ctx, f *frames.Frame) error {
	pic := f.Picture()
	gray := frames.NewPicture(frames.GRAY8, pic.Width, pic.Height)
	if err := pixel.Convert(&gray, &pic); err != nil {
		f.Release()
		return err
	}
	m.mu.Lock()
	m.width, m.height, m.regions = pic.Width, pic.Height, f.Regions()
	m.box, m.lit = brightBox(pic.Width, pic.Height, func(x, y int) bool { return gray.Row(0, y)[x] >= 128 })
	m.mu.Unlock()
	return c.Push(0, f)
}

// step is a random element that moves the picture, for pictures of at least half
// of side pixels each way.
func step(r *rand.Rand, side int) string {
	cut := func() int { return r.IntN(side / 10) }
	size := func() string { return fmt.Sprintf("video/x-raw,width=%d,height=%d", 60+r.IntN(240), 60+r.IntN(240)) }
	switch r.IntN(5) {
	case 0:
		return "videoscale add-borders=false ! " + size() + " ! "
	case 1:
		return fmt.Sprintf("videocrop left=%d right=%d top=%d bottom=%d ! ", cut(), cut(), cut(), cut())
	case 2: // letterbox
		return "videoscale add-borders=true ! " + size() + ",pixel-aspect-ratio=1/1 ! "
	case 3:
		return "videoflip method=" + []string{"clockwise", "rotate-180", "horizontal-flip", "upper-left-diagonal"}[r.IntN(4)] + " ! "
	}
	return ""
}

// A square that is drawn is found by a model, and its region lies on it at the end
// of the pipeline, whatever scaled, cropped or letterboxed the frames before and
// behind the inference.
func TestRegionsLieOnWhatWasFound(t *testing.T) {
	rounds := 60
	if testing.Short() || raceEnabled {
		rounds = 15
	}
	r := rand.New(rand.NewPCG(7, 8))
	found := 0
	for round := range rounds {
		info := frames.VideoInfo{
			Format: []frames.PixelFormat{frames.RGB, frames.GRAY8, frames.NV12, frames.BGRx}[r.IntN(4)],
			Width:  100 + r.IntN(300), Height: 100 + r.IntN(300), FPS: frames.Fraction{Num: 30, Den: 1},
		}
		at := frames.Rect{X: info.Width/3 + r.IntN(9), Y: info.Height/3 + r.IntN(9), W: info.Width / 4, H: info.Height / 4}
		src := pictures(t, 1, info, func(_ int, p frames.Picture) {
			pixel.FillBlack(&p)
			pixel.Fill(&p, at, white)
		})
		model := backend.Info{
			Type: backend.ObjectDetection, Sensor: backend.SensorCamera, Labels: []string{"it"},
			ImageWidth: 32 + r.IntN(160), ImageHeight: 32 + r.IntN(160), ImageChannels: 3, ImageFrames: 1, Resize: modes[r.IntN(len(modes))],
		}
		model.InputFeatures = model.ImageWidth * model.ImageHeight
		env, err := json.Marshal(model)
		if err != nil {
			t.Fatal(err)
		}
		line := "feed ! " + step(r, 60) + "edgeimpulsevideoinfer model-path=" + program(t, roleFinder, "FINDER="+string(env)) + " ! " +
			step(r, 60) + step(r, 60) + "measure"
		m := &measure{}
		rig := newRigOf(t, line,
			eiengine.Factory{Name: "feed", Pads: []eiengine.PadTemplate{eiengine.SrcPad(frames.AnyCaps())}, New: func() eiengine.Element { return src }},
			eiengine.Factory{Name: "measure", Pads: []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps()), eiengine.SrcPad(frames.AnyCaps())},
				New: func() eiengine.Element { return m }})
		rig.run()
		what := fmt.Sprintf("round %d: %v of %dx%d, %s %dx%d, %s", round, info.Format, info.Width, info.Height, model.Resize, model.ImageWidth, model.ImageHeight, line)
		results := payloads[*bus.Inference](rig)
		if len(results) != 1 || len(results[0].Result.Boxes) != 1 || len(m.regions) != 1 || !m.lit {
			t.Fatalf("%s: %d regions, lit %v\n%s", what, len(m.regions), m.lit, rig.texts())
		}
		found++
		checkRegion(t, what, m, results[0].Result.Boxes[0], &model)
	}
	t.Logf("%d squares", found)
}

// checkRegion allows for one pixel, and for one pixel of the model, which cannot
// say it more exactly. Where its box ends at the border of what it sees the thing
// may go on.
func checkRegion(t *testing.T, what string, m *measure, box backend.Box, model *backend.Info) {
	t.Helper()
	if box.X == 0 || box.Y == 0 || box.X+box.Width == model.ImageWidth || box.Y+box.Height == model.ImageHeight {
		return
	}
	got := m.regions[0].Rect
	perPixel := func(rect, model int) float64 { return 1 + float64(rect)/float64(model) }
	w, h := box.Width, box.Height
	slackX := max(perPixel(got.W, w), perPixel(got.W, h))
	slackY := max(perPixel(got.H, h), perPixel(got.H, w))
	for _, e := range []struct {
		name      string
		got, want int
		slack     float64
	}{
		{"left", got.X, m.box.X, slackX}, {"right", got.X + got.W, m.box.X + m.box.W, slackX},
		{"top", got.Y, m.box.Y, slackY}, {"bottom", got.Y + got.H, m.box.Y + m.box.H, slackY},
	} {
		if math.Abs(float64(e.got-e.want)) > e.slack {
			t.Errorf("%s: %s edge at %d, seen at %d (%v and %v)", what, e.name, e.got, e.want, got, m.box)
		}
	}
}
