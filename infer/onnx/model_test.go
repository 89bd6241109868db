package onnx_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/builtin"
	"github.com/eiengine/eiengine/infer/onnx"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var _ backend.Batcher = (*onnx.Model)(nil)

// needLibrary skips where ONNX Runtime is not installed.
func needLibrary(t testing.TB) {
	t.Helper()
	if _, err := onnx.Probe(""); err != nil {
		t.Skipf("needs ONNX Runtime: %v", err)
	}
}

// exportShapes writes builtin:shapes as .onnx with its description.
func exportShapes(t testing.TB) string {
	t.Helper()
	model, description, err := builtin.ONNX("shapes")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "shapes.onnx")
	for name, data := range map[string][]byte{file: model, file[:len(file)-5] + ".json": description} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return file
}

func openShapes(t testing.TB) *onnx.Model {
	t.Helper()
	needLibrary(t)
	m, err := onnx.Open(exportShapes(t), onnx.Options{MaxBatch: 8})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

// show puts frame n of a scene into an input.
func show(input []float32, info *backend.Info, n int) {
	w, h := info.ImageWidth, info.ImageHeight
	rgb := make([]byte, 3*w*h)
	scene.New(77, w, h, scene.Options{Count: 4}).Draw(n, rgb, 3*w)
	backend.PackRGB(input, rgb)
}

func TestSameAnswersAsTheBuiltInModel(t *testing.T) {
	theirs := openShapes(t)
	ours, err := builtin.Open("shapes")
	if err != nil {
		t.Fatal(err)
	}
	defer ours.Close()
	found := 0
	for n := range 20 {
		show(theirs.Input(), theirs.Info(), n)
		show(ours.Input(), ours.Info(), n)
		got, err := theirs.Classify(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		want, err := ours.Classify(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if err := equalBoxes(got.Boxes, want.Boxes); err != nil {
			t.Errorf("frame %d: %v", n, err)
		}
		found += len(want.Boxes)
	}
	if found == 0 {
		t.Error("nothing was found in 20 pictures full of shapes")
	}
}

func equalBoxes(got, want []backend.Box) error {
	if len(got) != len(want) {
		return fmt.Errorf("got %v, want %v", got, want)
	}
	for i := range got {
		g, w := got[i], want[i]
		if math.Abs(g.Value-w.Value) > 1e-4 {
			return fmt.Errorf("got %v, want %v", g, w)
		}
		g.Value = w.Value
		if g != w {
			return fmt.Errorf("got %v, want %v", g, w)
		}
	}
	return nil
}

func TestBatchAnswersEachPicture(t *testing.T) {
	m := openShapes(t)
	if m.MaxBatch() != 8 {
		t.Fatalf("batches of %d", m.MaxBatch())
	}
	var want []*backend.Result
	for n := range m.MaxBatch() {
		show(m.Input(), m.Info(), 3*n)
		r, err := m.Classify(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, r)
	}
	for n := range m.MaxBatch() {
		show(m.BatchInput(n), m.Info(), 3*n)
	}
	for _, size := range []int{1, 3, m.MaxBatch()} {
		got, err := m.ClassifyBatch(context.Background(), size)
		if err != nil {
			t.Fatal(err)
		}
		for n, r := range got {
			if err := equalBoxes(r.Boxes, want[n].Boxes); err != nil {
				t.Errorf("picture %d of %d: %v", n, size, err)
			}
		}
	}
	for _, size := range []int{0, m.MaxBatch() + 1} {
		if _, err := m.ClassifyBatch(context.Background(), size); err == nil {
			t.Errorf("a batch of %d was accepted", size)
		}
	}
}

func TestThreshold(t *testing.T) {
	m := openShapes(t)
	for _, threshold := range []float64{0.1, 0.9} {
		if err := m.SetThreshold(context.Background(), 1, map[string]float64{"min_score": threshold}); err != nil {
			t.Fatal(err)
		}
		lowest := 1.
		for n := range 20 {
			show(m.Input(), m.Info(), n)
			r, err := m.Classify(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			for _, box := range r.Boxes {
				lowest = min(lowest, box.Value)
			}
		}
		if lowest < threshold || lowest >= threshold+0.8 {
			t.Errorf("threshold %v: the lowest score is %v", threshold, lowest)
		}
	}
	for _, bad := range []map[string]float64{{"min_score": 2}, {"other": 0.5}, {"min_score": math.NaN()}} {
		if err := m.SetThreshold(context.Background(), 1, bad); err == nil {
			t.Errorf("%v was accepted", bad)
		}
	}
	if err := m.SetThreshold(context.Background(), 2, nil); err == nil {
		t.Error("block 2 was accepted")
	}
}

func TestCancelledRequestsAndClosedModels(t *testing.T) {
	m := openShapes(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := m.Classify(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	for range 50 { // cut off at some place of the run; the next one is whole
		ctx, cancel := context.WithCancel(context.Background())
		go cancel()
		if _, err := m.Classify(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if _, err := m.Classify(context.Background()); err != nil {
			t.Fatalf("after a cancelled request: %v", err)
		}
	}
	go m.Close()
	for {
		_, err := m.Classify(context.Background())
		if errors.Is(err, backend.ErrClosed) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func contains(err error, part string) bool { return strings.Contains(err.Error(), part) }

func TestOpenExplainsWhatIsWrong(t *testing.T) {
	needLibrary(t)
	good := exportShapes(t)
	broken := filepath.Join(t.TempDir(), "broken.onnx")
	bare := filepath.Join(t.TempDir(), "bare.onnx")
	for name, data := range map[string]string{broken: "nonsense", broken[:len(broken)-5] + ".json": "{}", bare: "nonsense"} {
		if err := os.WriteFile(name, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	labels := filepath.Join(t.TempDir(), "labels.onnx") // one label more than the network has classes
	description := strings.TrimSuffix(labels, ".onnx") + ".json"
	network, _, err := builtin.ONNX("shapes")
	err = errors.Join(err, os.WriteFile(labels, network, 0o600),
		os.WriteFile(description, []byte(`{"labels": ["a", "b", "c", "d"], "output": {"decoder": "fomo"}}`), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, file, library, want string }{
		{"labels", labels, "", "background and 4 labels) is needed; check " + description},
		{"no description", bare, "", "write " + bare[:len(bare)-5] + ".json"},
		{"not a model", broken, "", broken},
		{"what to do about it", broken, "", "is it a whole ONNX model"},
		{"no library", good, "/nowhere/libonnxruntime.so", "EIENGINE_ONNXRUNTIME"},
	} {
		_, err := onnx.Open(c.file, onnx.Options{Library: c.library})
		if err == nil || !contains(err, c.want) {
			t.Errorf("%s: %v, which lacks %q", c.name, err, c.want)
		}
	}
}

func BenchmarkBatch(b *testing.B) {
	m := openShapes(b)
	for _, size := range []int{1, 4, 8} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			for b.Loop() {
				if _, err := m.ClassifyBatch(context.Background(), size); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*size), "µs/picture")
		})
	}
}
