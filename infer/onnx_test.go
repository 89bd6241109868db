package infer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/infer/builtin"
	"github.com/eiengine/eiengine/infer/onnx"
)

// The same network by another runtime gives the same messages.
func TestONNXModel(t *testing.T) {
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
	got, want := boxes(filepath.Join(dir, "shapes.onnx")), boxes("builtin:shapes")
	if len(want) == 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("by ONNX Runtime %v, by the engine %v", got, want)
	}
}
