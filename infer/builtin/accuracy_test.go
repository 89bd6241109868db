package builtin

import (
	"context"
	"testing"

	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/builtin/internal/resize"
)

// score counts detections over the frames that the accuracy is measured on:
// usual scenes of 640x480, of seeds that neither training nor its measuring
// uses.
func score(detect func(s *scene.Scene, n int) []scene.Detection) (tp, fp, fn int) {
	const firstSeed, scenes = 9_000_000, 100
	for i := range uint64(scenes) {
		s := scene.New(firstSeed+i, 640, 480, scene.Options{})
		for n := 0; n < 300; n += 150 {
			a, b, c := scene.Match(s.Truth(n), detect(s, n))
			tp, fp, fn = tp+a, fp+b, fn+c
		}
	}
	return tp, fp, fn
}

func TestFindsShapes(t *testing.T) {
	m := open(t)
	for name, filter := range map[string]resize.Filter{"area": resize.Area, "bilinear": resize.Bilinear} {
		tp, fp, fn := score(func(s *scene.Scene, n int) []scene.Detection {
			show(m, s, n, filter)
			r, err := m.Classify(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			return inPicture(r, m.Info(), s)
		})
		f1 := scene.F1(tp, fp, fn)
		t.Logf("%s: F1 %.3f: %d found, %d wrong, %d missed", name, f1, tp, fp, fn)
		if f1 < 0.95 {
			t.Errorf("%s: F1 by centre is %.3f, want at least 0.95", name, f1)
		}
	}
}

// inPicture turns boxes of a squashed input into pixels of the picture.
func inPicture(r *backend.Result, info *backend.Info, s *scene.Scene) []scene.Detection {
	width, height := s.Size()
	sx, sy := float64(width)/float64(info.ImageWidth), float64(height)/float64(info.ImageHeight)
	var found []scene.Detection
	for _, b := range r.Boxes {
		found = append(found, scene.Detection{
			Label: b.Label,
			X:     float64(b.X) * sx, Y: float64(b.Y) * sy,
			W: float64(b.Width) * sx, H: float64(b.Height) * sy,
		})
	}
	return found
}

// Colour and blobs must not be enough, or a network would prove nothing.
func TestBaselineFindsFewShapes(t *testing.T) {
	var b baseline
	tp, fp, fn := score(b.detect)
	f1 := scene.F1(tp, fp, fn)
	t.Logf("baseline: F1 %.3f: %d found, %d wrong, %d missed", f1, tp, fp, fn)
	if f1 >= 0.70 {
		t.Errorf("the baseline reaches an F1 of %.3f, want less than 0.70: the scenes are too easy", f1)
	}
	if f1 < 0.15 {
		t.Errorf("the baseline reaches an F1 of only %.3f: it is too weak to compare with", f1)
	}
}
