package infer_test

import (
	"strings"
	"testing"

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
