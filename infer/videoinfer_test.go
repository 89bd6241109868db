package infer_test

import (
	"fmt"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
	"github.com/eiengine/eiengine/infer/backend"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/capture/scene"
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
		{backend.ResizeFitLongest, "", frames.Rect{X: 100, Y: 33, W: 200, H: 133}},  // bars of 5 rows
		{backend.ResizeFitLongest, "resize-mode=squash", frames.Rect{X: 100, Y: 50, W: 200, H: 100}},
		{backend.ResizeNone, "resize-mode=fit-longest", frames.Rect{X: 100, Y: 33, W: 200, H: 133}},
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
	if len(g) != 1 || g[0].Label != "corner" || g[0].Rect != (frames.Rect{X: 333, Y: 0, W: 67, H: 32}) || g[0].Model.X != 50 {
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

func TestThresholdsOnTheLaunchLineAndLive(t *testing.T) {
	s := scene.New(77, 640, 480, scene.Options{Count: 4})
	src := shapesFeed(t, 40, 640, 480, s)
	path := program(t, roleProbe, probeEnv(viewer(backend.ResizeSquash))) // finds a box of 0.75
	// threshold stands before model-path on purpose.
	r := newRig(t, src, `edgeimpulsevideoinfer name=net threshold="3.min_score=0.5,3.min_score=0.9" model-path=`+path)
	var once sync.Once
	r.out.each = func(n int) {
		if n == 10 {
			once.Do(func() {
				if err := r.p.Set("net", "threshold", "3.min_score=0.4"); err != nil {
					t.Error(err)
				}
			})
		}
	}
	r.run()
	before, after := 0, 0
	for i, f := range r.out.frames {
		switch {
		case i < 10:
			before += len(f.regions)
		case i >= 20:
			after += len(f.regions)
		}
	}
	if before != 0 || after != 20 {
		t.Errorf("%d boxes with min_score=0.9, %d of 20 after it was set to 0.4", before, after)
	}
}

func TestThresholdReadsBackAndNamesTheBlocks(t *testing.T) {
	src := shapesFeed(t, 3, 320, 240, scene.New(1, 320, 240, scene.Options{}))
	r := newRig(t, src, `edgeimpulsevideoinfer name=net threshold=7.min_score=0.5 threshold=1.nope=2 threshold=1.min_score=0.625 model-path=builtin:shapes`)
	if err := r.p.Play(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := r.p.Get("net", "threshold"); err != nil || got != "1.min_score=0.625" {
		t.Errorf("threshold reads %q, %v", got, err)
	}
	if err := r.p.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.settle()
	for _, want := range []string{"has no block 7; it has 1.min_score=0.5", "block 1 of model builtin:shapes has no nope"} {
		if !strings.Contains(r.texts(), want) {
			t.Errorf("no warning with %q:\n%s", want, r.texts())
		}
	}
}

func TestModelsThatCannotBeLoaded(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct{ props, want string }{
		{"model-path=builtin:shape", `no built-in model "shape": there is`},
		{"model-path=" + filepath.Join(dir, "none.eim"), "no such file"},
		{"model-path=" + dir, "is a directory"},
		{"model-path=" + write("plain.eim", "#!/bin/sh\n", 0o600), "chmod +x"},
		{"model-path=" + write("text.eim", "a model", 0o700), "neither a Linux program nor a script"},
		{"model-path=" + write("crash.eim", "#!/bin/sh\necho out of luck\nexit 3\n", 0o700), "exited with status 3"},
		{"model-path=" + program(t, roleProbe, probeEnv(keyword("", false))), "use edgeimpulseaudioinfer"},
		{"threshold=min_score=0.5 model-path=builtin:shapes", "id.key=value"},
		{"threshold=1.min_score=high model-path=builtin:shapes", "not a number"},
	} {
		src := shapesFeed(t, 1, 64, 64, scene.New(1, 64, 64, scene.Options{}))
		r := newRig(t, src, "edgeimpulsevideoinfer name=net "+c.props)
		err := r.p.Play(t.Context())
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v; want one line with %q", c.props, err, c.want)
		}
		if n := r.out.count(); n != 0 {
			t.Errorf("%s: %d frames came out", c.props, n)
		}
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

func TestLiveModelSwap(t *testing.T) {
	spec := viewer(backend.ResizeSquash)
	pids := filepath.Join(t.TempDir(), "pids")
	other := viewer(backend.ResizeSquash)
	other.Result.Boxes[0].Label = "other"
	first, second := program(t, roleProbe, probeEnv(spec), "PID_FILE="+pids), program(t, roleProbe, probeEnv(other))
	const n = 400
	s := scene.New(77, 320, 240, scene.Options{Count: 4})
	r := newRig(t, shapesFeed(t, n, 320, 240, s), "edgeimpulsevideoinfer name=net model-path="+first)
	r.out.each = func(i int) {
		var err error
		switch i {
		case 20:
			err = r.p.Set("net", "model-path", filepath.Join(t.TempDir(), "missing.eim"))
		case 60:
			err = r.p.Set("net", "model-path", second)
		case 61: // the change is dealt with between two frames
			r.await(func(m *bus.Message) bool {
				p, ok := m.Payload.(*bus.Model)
				return ok && p.Event == "loaded" && p.Path == second
			})
		}
		if err != nil {
			t.Error(err)
		}
	}
	r.run()
	if r.out.count() != n || len(payloads[*bus.Inference](r)) != n {
		t.Errorf("%d frames, %d results of %d\n%s", r.out.count(), len(payloads[*bus.Inference](r)), n, r.texts())
	}
	old, swapped := true, 0
	for i, f := range r.out.frames {
		if f.seq != uint64(i) {
			t.Fatalf("frame %d has number %d", i, f.seq)
		}
		isOld := len(f.regions) == 1 && f.regions[0].Label == "it"
		if isOld && !old {
			t.Fatalf("the old model judged frame %d after the new one had begun", i)
		}
		if old && !isOld {
			swapped = i
		}
		old = isOld
	}
	if swapped < 60 || swapped > 75 {
		t.Errorf("swapped at frame %d", swapped)
	}
	if !strings.Contains(r.texts(), "missing.eim: no such file") || !strings.Contains(r.texts(), "stays with "+first) {
		t.Errorf("the bad model was not told:\n%s", r.texts())
	}
	if got, err := r.p.Get("net", "model-path"); err != nil || got != second {
		t.Errorf("model-path reads %q, %v", got, err)
	}
	for _, pid := range readPIDs(t, pids) {
		if err := syscall.Kill(pid, 0); err == nil {
			t.Errorf("the process %d of the old model is still there", pid)
		}
	}
}

func readPIDs(t *testing.T, name string) (pids []int) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		pid, err := strconv.Atoi(strings.TrimSpace(line))
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	return pids
}

func TestProcessKilledMidStream(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	path := program(t, roleProbe, probeEnv(viewer(backend.ResizeSquash)), "PID_FILE="+pids)
	const n = 300
	s := scene.New(77, 320, 240, scene.Options{Count: 4})
	src := shapesFeed(t, n, 320, 240, s)
	r := newRig(t, src, "edgeimpulsevideoinfer name=net threshold=3.min_score=0.9 model-path="+path)
	var killed time.Time
	r.out.each = func(i int) {
		if i == 50 {
			killed = time.Now()
			if err := syscall.Kill(readPIDs(t, pids)[0], syscall.SIGKILL); err != nil {
				t.Error(err)
			}
		}
	}
	r.run()
	if r.out.count() != n {
		t.Fatalf("%d frames of %d came out\n%s", r.out.count(), n, r.texts())
	}
	results := payloads[*bus.Inference](r)
	unjudged := n - len(results)
	// None, if the process died between two requests.
	if unjudged > 5 {
		t.Errorf("%d frames were not judged", unjudged)
	}
	for i, f := range r.out.frames {
		if len(f.regions) != 0 {
			t.Fatalf("frame %d has %d boxes: the new process does not have the threshold", i, len(f.regions))
		}
	}
	if !strings.Contains(r.texts(), "signal 9") {
		t.Errorf("no warning of the loss:\n%s", r.texts())
	}
	var events []string
	for _, m := range payloads[*bus.Model](r) {
		events = append(events, m.Event)
	}
	if !slices.Equal(events, []string{"loaded", "lost", "restored"}) {
		t.Errorf("events %v", events)
	}
	var back time.Time
	r.mu.Lock()
	for _, m := range r.msgs {
		if _, ok := m.Payload.(*bus.Inference); ok && back.IsZero() && m.Wall.After(killed.Add(5*time.Millisecond)) {
			back = m.Wall
		}
	}
	r.mu.Unlock()
	t.Logf("%d frames not judged, results again after %v", unjudged, back.Sub(killed))
	if back.IsZero() || back.Sub(killed) > time.Second {
		t.Errorf("results again %v after the kill", back.Sub(killed))
	}
}

func TestElementsShareAModel(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	path := program(t, roleProbe, probeEnv(viewer(backend.ResizeSquash)), "PID_FILE="+pids)
	s := scene.New(77, 320, 240, scene.Options{Count: 4})
	// The second element sets its own threshold on the same process.
	r := newRig(t, shapesFeed(t, 30, 320, 240, s),
		"edgeimpulsevideoinfer name=a model-path="+path+" ! edgeimpulsevideoinfer name=b threshold=3.min_score=0.9 model-path="+path)
	r.run()
	if got := len(readPIDs(t, pids)); got != 1 {
		t.Errorf("%d processes for one model", got)
	}
	found := map[string]int{}
	for _, f := range r.out.frames {
		for _, g := range f.regions {
			found[g.Element]++
		}
	}
	if found["a"] != 30 || found["b"] != 0 {
		t.Errorf("boxes by element: %v; b asks for scores above what there is", found)
	}
}

func TestPipelineRunsTwice(t *testing.T) {
	s := scene.New(77, 320, 240, scene.Options{Count: 4})
	r := newRig(t, shapesFeed(t, 5, 320, 240, s), "edgeimpulsevideoinfer model-path="+program(t, roleShapes))
	for range 2 {
		if err := r.p.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if r.out.count() != 10 {
		t.Errorf("%d frames in two runs of 5", r.out.count())
	}
}

func TestStopWithFramesUnderWay(t *testing.T) {
	s := scene.New(77, 320, 240, scene.Options{Count: 4})
	r := newRig(t, shapesFeed(t, 1<<30, 320, 240, s), "edgeimpulsevideoinfer name=net model-path="+program(t, roleShapes))
	for range 3 {
		if err := r.p.Play(t.Context()); err != nil {
			t.Fatal(err)
		}
		r.await(func(m *bus.Message) bool {
			return m.Src == "net" && m.Payload.StructureName() == "edge-impulse-inference-result"
		})
		if err := r.p.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	r.settle()
	for _, m := range payloads[*bus.Model](r) {
		if m.Event == "lost" {
			t.Errorf("stopping cost the process: %s", m.Reason)
		}
	}
}

func TestModelThatCrashesAtEachFrame(t *testing.T) {
	spec := viewer(backend.ResizeSquash)
	spec.Crash = true
	s := scene.New(77, 320, 240, scene.Options{Count: 4})
	r := newRig(t, shapesFeed(t, 50, 320, 240, s), "edgeimpulsevideoinfer name=net model-path="+program(t, roleProbe, probeEnv(spec)))
	r.run()
	if r.out.count() != 50 || len(payloads[*bus.Inference](r)) != 0 {
		t.Errorf("%d frames of 50, %d results", r.out.count(), len(payloads[*bus.Inference](r)))
	}
	if !strings.Contains(r.texts(), "exited with status 7") || !strings.Contains(r.texts(), "the probe gives up") {
		t.Errorf("the warning does not say why:\n%s", r.texts())
	}
	for _, st := range r.p.Stats() {
		if st.Name == "net" && st.Failed != 50 {
			t.Errorf("%d frames counted as failed", st.Failed)
		}
	}
}

func TestThresholdThatCannotBeReadLive(t *testing.T) {
	spec := viewer(backend.ResizeSquash)
	r := newRig(t, shapesFeed(t, 40, 320, 240, scene.New(1, 320, 240, scene.Options{})),
		"edgeimpulsevideoinfer name=net threshold=3.min_score=0.9 model-path="+program(t, roleProbe, probeEnv(spec)))
	r.out.each = func(n int) {
		if n == 10 {
			if err := r.p.Set("net", "threshold", "high"); err != nil {
				t.Error(err)
			}
		}
	}
	r.run()
	if !strings.Contains(r.texts(), `threshold "high" is not of the form id.key=value`) {
		t.Errorf("no warning:\n%s", r.texts())
	}
	for i, f := range r.out.frames {
		if len(f.regions) != 0 {
			t.Fatalf("frame %d has boxes: the good threshold was lost", i)
		}
	}
}

// Reading and setting thresholds from anywhere does not disturb the model.
func TestThresholdsFromManyPlaces(t *testing.T) {
	s := scene.New(77, 320, 240, scene.Options{Count: 4})
	r := newRig(t, shapesFeed(t, 1<<30, 320, 240, s), "edgeimpulsevideoinfer name=net model-path=builtin:shapes")
	if err := r.p.Play(t.Context()); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for k := range 20 {
				if err := r.p.Set("net", "threshold", fmt.Sprintf("1.min_score=0.%d%d", i+1, k+10)); err != nil {
					t.Error(err)
				}
				if _, err := r.p.Get("net", "threshold"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	seen := r.out.count()
	done := make(chan struct{})
	var once sync.Once
	r.out.mu.Lock()
	r.out.each = func(n int) {
		if n >= seen+3 {
			once.Do(func() { close(done) })
		}
	}
	r.out.mu.Unlock()
	<-done
	if err := r.p.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if text := r.texts(); strings.Contains(text, "warning") {
		t.Errorf("%s", text)
	}
}
