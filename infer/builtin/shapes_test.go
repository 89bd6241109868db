package builtin

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/builtin/internal/resize"
)

func open(t testing.TB) backend.Model {
	t.Helper()
	m, err := Open("shapes")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

// show puts frame n of a scene into the model.
func show(m backend.Model, s *scene.Scene, n int, filter resize.Filter) {
	width, height := s.Size()
	rgb := make([]byte, 3*width*height)
	s.Draw(n, rgb, 3*width)
	info := m.Info()
	small := make([]byte, 3*info.InputFeatures)
	filter(small, info.ImageWidth, info.ImageHeight, rgb, width, height)
	backend.PackRGB(m.Input(), small)
}

func TestInfo(t *testing.T) {
	info := open(t).Info()
	if info.Type != backend.FOMO || info.Sensor != backend.SensorCamera || info.Resize != backend.ResizeSquash {
		t.Errorf("%+v", info)
	}
	if info.InputFeatures != 128*128 || info.ImageWidth != 128 || info.ImageHeight != 128 || info.ImageChannels != 3 {
		t.Errorf("%+v", info)
	}
	if !slices.Equal(info.Labels, scene.Labels()) {
		t.Errorf("labels %v, the scene has %v", info.Labels, scene.Labels())
	}
	if v := info.Thresholds[0].Values["min_score"]; v != 0.5 || info.Thresholds[0].Type != "object_detection" {
		t.Errorf("threshold %+v", info.Thresholds)
	}
}

func TestUnknownName(t *testing.T) {
	_, err := Open("shape")
	if err == nil || !strings.Contains(err.Error(), `"shape"`) || !strings.Contains(err.Error(), "there is faults, shapes, shapes-class, sounds") {
		t.Fatalf("the error does not name what there is: %v", err)
	}
}

func TestSamePictureSameAnswer(t *testing.T) {
	a, b := open(t), open(t)
	s := scene.New(77, 640, 480, scene.Options{Count: 4})
	show(a, s, 0, resize.Area)
	show(b, s, 0, resize.Area)
	var answers []*backend.Result
	for _, m := range []backend.Model{a, b, a} {
		r, err := m.Classify(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		answers = append(answers, r)
	}
	if len(answers[0].Boxes) == 0 {
		t.Fatal("nothing found")
	}
	for _, r := range answers[1:] {
		if !reflect.DeepEqual(answers[0].Boxes, r.Boxes) {
			t.Fatalf("%v, then %v", answers[0].Boxes, r.Boxes)
		}
	}
}

func TestEmptyPictureHasNoShapes(t *testing.T) {
	m := open(t)
	for _, gray := range []uint8{0, 90, 255} {
		for i := range m.Input() {
			m.Input()[i] = backend.PackPixel(gray, gray, gray)
		}
		r, err := m.Classify(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if r.Boxes == nil || len(r.Boxes) != 0 {
			t.Errorf("gray %d: boxes %#v, want an empty list", gray, r.Boxes)
		}
	}
}

func TestThreshold(t *testing.T) {
	m, ctx := open(t), context.Background()
	s := scene.New(77, 640, 480, scene.Options{Count: 4})
	show(m, s, 0, resize.Area)
	if err := m.SetThreshold(ctx, 1, map[string]float64{"min_score": 1}); err != nil {
		t.Fatal(err)
	}
	r, err := m.Classify(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range r.Boxes {
		if b.Value < 1 {
			t.Errorf("%v is below the threshold", b)
		}
	}
	if v := m.Info().Thresholds[0].Values["min_score"]; v != 1 {
		t.Errorf("info still says %v", v)
	}
	for _, bad := range []error{
		m.SetThreshold(ctx, 2, map[string]float64{"min_score": 0.5}),
		m.SetThreshold(ctx, 1, map[string]float64{"min_anomaly_score": 0.5}),
		m.SetThreshold(ctx, 1, map[string]float64{"min_score": 1.5}),
	} {
		if bad == nil {
			t.Error("a bad threshold was taken")
		}
	}
}

func TestClosedAndCancelled(t *testing.T) {
	m := open(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := m.Classify(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := m.Classify(context.Background()); err != nil {
		t.Errorf("after a cancelled request: %v", err)
	}
	if _, err := m.ClassifyContinuous(context.Background()); err == nil {
		t.Error("a picture model takes a continuous signal")
	}
	if err := m.Close(); err != nil {
		t.Error(err)
	}
	if _, err := m.Classify(context.Background()); !errors.Is(err, backend.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
	if err := m.SetThreshold(context.Background(), 1, nil); !errors.Is(err, backend.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}

// Only the result is allocated: itself and its boxes.
func TestClassifyAllocatesOnlyTheResult(t *testing.T) {
	m := open(t)
	show(m, scene.New(77, 640, 480, scene.Options{Count: 4}), 0, resize.Area)
	ctx := context.Background()
	got := testing.AllocsPerRun(10, func() {
		if _, err := m.Classify(ctx); err != nil {
			t.Fatal(err)
		}
	})
	if got > 2 {
		t.Fatalf("%v allocations a request", got)
	}
}

func BenchmarkClassify(b *testing.B) {
	m := open(b)
	show(m, scene.New(77, 640, 480, scene.Options{Count: 4}), 0, resize.Area)
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Classify(ctx); err != nil {
			b.Fatal(err)
		}
	}
}
