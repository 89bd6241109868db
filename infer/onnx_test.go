package infer_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/infer"
	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/builtin"
	"github.com/eiengine/eiengine/infer/onnx"
)

// shapesONNX is the path of the engine's own network as an .onnx file.
func shapesONNX(t testing.TB) string {
	t.Helper()
	if _, err := onnx.Probe(""); err != nil {
		t.Skipf("needs ONNX Runtime: %v", err)
	}
	model, description, err := builtin.ONNX("shapes")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, data := range map[string][]byte{"shapes.onnx": model, "shapes.json": description} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "shapes.onnx")
}

// The same network by another runtime gives the same messages.
func TestONNXModel(t *testing.T) {
	path := shapesONNX(t)
	boxes := func(path string) (all []string) {
		r := newRig(t, shapesFeed(t, 20, 320, 240, scene.New(3, 320, 240, scene.Options{})), "edgeimpulsevideoinfer model-path="+path)
		r.run()
		for _, i := range payloads[*bus.Inference](r) {
			for _, b := range i.Result.Boxes {
				rect, _ := i.FrameRect(b)
				all = append(all, fmt.Sprint(b.Label, rect))
			}
		}
		return all
	}
	got, want := boxes(path), boxes("builtin:shapes")
	if len(want) == 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("by ONNX Runtime %v, by the engine %v", got, want)
	}
}

// Streams that share the model find what each finds alone, though their frames are
// judged in runs of several.
func TestONNXModelOfSeveralStreams(t *testing.T) {
	path := shapesONNX(t)
	const streams, n = 8, 25
	var runs benchLog
	infer.OpenInstead(t, "test:onnx", func() (backend.Model, error) {
		m, err := onnx.Open(path, onnx.Options{MaxBatch: 8})
		return &countedRuns{Model: m, log: &runs}, err
	})
	feed := func(i int) *feeder {
		return shapesFeed(t, n, 320, 240, scene.New(uint64(i), 320, 240, scene.Options{}))
	}
	r, outs := parallelStreams(t, streams, feed, func(int) string { return "model-path=test:onnx" })
	r.run()
	found := 0
	for i, out := range outs {
		alone := newRig(t, feed(i), "edgeimpulsevideoinfer model-path="+path)
		alone.run()
		if out.count() != n {
			t.Fatalf("stream %d: %d frames of %d", i, out.count(), n)
		}
		for k, f := range out.frames {
			got, want := f.result.Result.Boxes, alone.out.frames[k].result.Result.Boxes
			if !slices.EqualFunc(got, want, nearlyEqual) {
				t.Errorf("stream %d, frame %d: %v, alone %v", i, k, got, want)
			}
			found += len(got)
		}
	}
	largest, all := runs.largest()
	t.Logf("%d boxes in %d frames of %d runs of up to %d", found, all, len(runs.runs), largest)
	if found == 0 || all != streams*n || largest < 2 {
		t.Error("want boxes, each frame judged once, and runs of more than one")
	}
}

// nearlyEqual: a run of several computes sums in another order.
func nearlyEqual(a, b backend.Box) bool {
	near := math.Abs(a.Value-b.Value) < 1e-5
	a.Value, b.Value = 0, 0
	return near && a == b
}

// countedRuns notes how many frames each run of a model has.
type countedRuns struct {
	*onnx.Model
	log *benchLog
}

func (m *countedRuns) Classify(ctx context.Context) (*backend.Result, error) {
	m.log.note(run{pictures: make([]float32, 1)})
	return m.Model.Classify(ctx)
}

func (m *countedRuns) ClassifyBatch(ctx context.Context, n int) ([]*backend.Result, error) {
	m.log.note(run{pictures: make([]float32, n)})
	return m.Model.ClassifyBatch(ctx, n)
}

// BenchmarkONNXBatches is how many frames a second eight streams get out of the
// engine's own network by ONNX Runtime.
func BenchmarkONNXBatches(b *testing.B) {
	path := shapesONNX(b)
	for _, most := range []int{1, 8} {
		b.Run(fmt.Sprint("up-to-", most), func(b *testing.B) {
			var runs benchLog
			infer.OpenInstead(b, "test:onnx", func() (backend.Model, error) {
				m, err := onnx.Open(path, onnx.Options{MaxBatch: most})
				return &countedRuns{Model: m, log: &runs}, err
			})
			streamsRate(b, 8, 96, "model-path=test:onnx")
			_, all := runs.largest()
			b.ReportMetric(float64(all)/float64(len(runs.runs)), "frames/run")
		})
	}
}
