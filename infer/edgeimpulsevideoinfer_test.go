package infer_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
	"github.com/eiengine/eiengine/infer/backend"
)

func TestBoxesLieOnTheShapes(t *testing.T) {
	const n = 30
	s := scene.New(77, 640, 480, scene.Options{Count: 4})
	r := newRig(t, shapesFeed(t, n, 640, 480, s), "edgeimpulsevideoinfer name=net model-path=builtin:shapes")
	r.run()
	if r.out.count() != n {
		t.Fatalf("%d frames of %d came out", r.out.count(), n)
	}
	results := payloads[*bus.Inference](r)
	if len(results) != n {
		t.Fatalf("%d messages for %d frames:\n%s", len(results), n, r.texts())
	}
	var found, hit int
	for i, f := range r.out.frames {
		if f.seq != uint64(i) || results[i].Timestamp != f.pts {
			t.Fatalf("frame %d has number %d, time %v and a message of %v", i, f.seq, f.pts, results[i].Timestamp)
		}
		truth := s.Truth(i)
		for _, g := range f.regions {
			found++
			for _, w := range truth {
				x, y := float64(g.Rect.X)+float64(g.Rect.W)/2, float64(g.Rect.Y)+float64(g.Rect.H)/2
				if g.Label == w.Label && x >= w.X && x < w.X+w.W && y >= w.Y && y < w.Y+w.H {
					hit++
					break
				}
			}
		}
		if got := strings.Join(f.metas, " "); !strings.HasSuffix(got, "inference-result") {
			t.Fatalf("metas latest first: %s; the result must be attached first", got)
		}
	}
	t.Logf("%d of %d boxes lie on a shape of their label", hit, found)
	if found < n || hit*4 < found*3 {
		t.Errorf("%d of %d boxes lie on a shape of their label", hit, found)
	}
	loaded := payloads[*bus.Model](r)
	if len(loaded) != 1 || loaded[0].Event != "loaded" || loaded[0].InputWidth != 128 {
		t.Errorf("model messages: %+v", loaded)
	}
}

// viewer is a model that finds one box of w x h at x, y in a picture of 60x40.
func viewer(mode backend.ResizeMode) probeSpec {
	return probeSpec{
		Info: backend.Info{
			Type: backend.ObjectDetection, Sensor: backend.SensorCamera, Labels: []string{"it"},
			InputFeatures: 60 * 40, ImageWidth: 60, ImageHeight: 40, ImageChannels: 3, ImageFrames: 1, Resize: mode,
			Thresholds: []backend.Threshold{{ID: 3, Type: "object_detection", Values: map[string]float64{"min_score": 0.5}}},
		},
		Result: backend.Result{Boxes: []backend.Box{{Label: "it", Value: 0.75, X: 15, Y: 10, Width: 30, Height: 20}}},
	}
}

func TestBoxesInEveryResizeMode(t *testing.T) {
	// Frames of 400x200 (2:1) for a model of 60x40 (3:2). The white square lies
	// where the model, that always says the same, sees its box.
	for _, c := range []struct {
		model backend.ResizeMode
		prop  string
		want  frames.Rect
	}{
		{backend.ResizeSquash, "", frames.Rect{X: 100, Y: 50, W: 200, H: 100}},
		{backend.ResizeNone, "", frames.Rect{X: 100, Y: 50, W: 200, H: 100}},
		{backend.ResizeFitShortest, "", frames.Rect{X: 125, Y: 50, W: 150, H: 100}}, // 300x200 from x 50
		{backend.ResizeFitLongest, "", frames.Rect{X: 100, Y: 33, W: 200, H: 134}},  // bars of 5 rows
		{backend.ResizeFitLongest, "resize-mode=squash", frames.Rect{X: 100, Y: 50, W: 200, H: 100}},
		{backend.ResizeNone, "resize-mode=fit-longest", frames.Rect{X: 100, Y: 33, W: 200, H: 134}},
		{backend.ResizeSquash, "resize-mode=fit-shortest", frames.Rect{X: 125, Y: 50, W: 150, H: 100}},
	} {
		for _, format := range []frames.PixelFormat{frames.RGB, frames.GRAY8, frames.NV12, frames.YUY2, frames.BGRx} {
			t.Run(string(c.model)+" "+c.prop+" "+format.String(), func(t *testing.T) {
				record := filepath.Join(t.TempDir(), "fed")
				spec := viewer(c.model)
				spec.Record = record
				info := frames.VideoInfo{Format: format, Width: 400, Height: 200}
				src := pictures(t, 2, info, func(_ int, p frames.Picture) {
					pixel.FillBlack(&p)
					pixel.Fill(&p, c.want, pixel.Color{R: 255, G: 255, B: 255, A: 255})
				})
				r := newRig(t, src, "edgeimpulsevideoinfer model-path="+program(t, roleProbe, probeEnv(spec))+" "+c.prop)
				r.run()
				if len(r.out.frames) != 2 {
					t.Fatalf("%d frames\n%s", len(r.out.frames), r.texts())
				}
				for _, f := range r.out.frames {
					if len(f.regions) != 1 || f.regions[0].Rect != c.want {
						t.Fatalf("regions %+v, want one at %v\n%s", f.regions, c.want, r.texts())
					}
				}
				// What the model sees inside its box is white, outside black.
				fed := fedFloats(t, record)[:60*40]
				for y := range 40 {
					for x := range 60 {
						v := uint32(fed[60*y+x]) >> 16
						in := x > 15 && x < 44 && y > 10 && y < 29
						out := x < 14 || x > 45 || y < 9 || y > 30
						if in && v < 250 || out && v > 5 {
							t.Fatalf("the model sees %d at %d,%d", v, x, y)
						}
					}
				}
			})
		}
	}
}

func TestBoxesAreClippedToTheFrame(t *testing.T) {
	spec := viewer(backend.ResizeFitLongest)
	spec.Result.Boxes = []backend.Box{
		{Label: "corner", Value: 0.9, X: 50, Y: 0, Width: 40, Height: 10},
		{Label: "in the bar", Value: 0.8, X: 0, Y: 0, Width: 10, Height: 4},
	}
	spec.Result.Tracks = []backend.Track{}
	src := pictures(t, 1, frames.VideoInfo{Format: frames.RGB, Width: 400, Height: 200}, func(int, frames.Picture) {})
	r := newRig(t, src, "edgeimpulsevideoinfer model-path="+program(t, roleProbe, probeEnv(spec)))
	r.run()
	g := r.out.frames[0].regions
	if len(g) != 1 || g[0].Label != "corner" || g[0].Rect != (frames.Rect{X: 333, Y: 0, W: 67, H: 33}) || g[0].Model.X != 50 {
		for _, one := range g {
			t.Errorf("%+v", one)
		}
	}
}

func TestMetadataOrder(t *testing.T) {
	anomaly := 0.35
	spec := viewer(backend.ResizeSquash)
	spec.Result = backend.Result{
		Boxes:          []backend.Box{{Label: "raw", Value: 0.5, Width: 10, Height: 10}},
		Tracks:         []backend.Track{{ObjectID: 7, Box: backend.Box{Label: "a", Value: 0.9, Width: 6, Height: 4}}, {ObjectID: 8, Box: backend.Box{Label: "b", Value: 0.8, Width: 6, Height: 4}}},
		Classification: []backend.Score{{Label: "cat", Value: 0.85}, {Label: "dog", Value: 0.15}},
		Anomaly:        &anomaly,
		VisualAnomaly:  &backend.VisualAnomaly{Max: 0.42, Mean: 0.21, Grid: []backend.Box{{Label: "anomaly", Value: 0.4, Width: 6, Height: 4}}},
	}
	src := pictures(t, 1, frames.VideoInfo{Format: frames.RGB, Width: 600, Height: 400}, func(int, frames.Picture) {})
	r := newRig(t, src, "edgeimpulsevideoinfer name=i model-path="+program(t, roleProbe, probeEnv(spec)))
	r.run()
	f := r.out.frames[0]
	slices.Reverse(f.metas)
	if got := strings.Join(f.metas, " "); got != "inference-result anomaly region region classification region" {
		t.Errorf("attached in the order %s", got)
	}
	if g := f.regions; len(g) != 3 || g[0].ObjectID != 7 || !g[0].Tracked || g[1].ObjectID != 8 || g[0].Rect.W != 60 ||
		!g[2].FullFrame || g[2].Label != "cat" || g[2].Rect != (frames.Rect{W: 600, H: 400}) || g[0].Element != "i" {
		t.Errorf("regions %+v", g)
	}
	if f.result.Type != bus.AnomalyDetection {
		t.Errorf("type %s", f.result.Type)
	}
}

func TestWithoutModelFramesPass(t *testing.T) {
	src := shapesFeed(t, 5, 64, 64, scene.New(1, 64, 64, scene.Options{}))
	r := newRig(t, src, "edgeimpulsevideoinfer")
	r.run()
	if r.out.count() != 5 || strings.Count(r.texts(), "info: no model-path") != 1 {
		t.Errorf("%d frames, messages:\n%s", r.out.count(), r.texts())
	}
}
