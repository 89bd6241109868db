package main

import (
	"fmt"
	"image"

	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
	"github.com/eiengine/eiengine/infer/builtin/internal/resize"
	"github.com/eiengine/eiengine/infer/internal/grid"
)

// trial is a set of held-out scenes, with seeds that training never draws.
type trial struct {
	name   string
	first  uint64 // seed
	scenes int
	filter resize.Filter
	photos []image.Image
	width  int
	height int
}

const framesPerTrialScene = 3

// quick is what is looked at during the training.
var quick = trial{name: "so far", first: 5_000_000, scenes: 60, filter: resize.Area, width: 640, height: 480}

// result is what came of a trial.
type result struct {
	trial
	shapes, tp, fp, fn int
}

func (r result) f1() float64 { return scene.F1(r.tp, r.fp, r.fn) }

func (r result) String() string {
	return fmt.Sprintf("%s: F1 %.3f (%d found, %d wrong, %d missed)", r.name, r.f1(), r.tp, r.fp, r.fn)
}

// measureAll runs the trials of the model card.
func measureAll(net *fomo.Network, held []image.Image) ([]result, error) {
	var results []result
	for _, t := range []trial{
		{name: "generated backgrounds, area filter", first: 6_000_000, scenes: 200, filter: resize.Area, width: 640, height: 480},
		{name: "generated backgrounds, bilinear filter", first: 6_000_000, scenes: 200, filter: resize.Bilinear, width: 640, height: 480},
		{name: "generated backgrounds, 1280x720, area filter", first: 7_000_000, scenes: 60, filter: resize.Area, width: 1280, height: 720},
		{name: "a photograph not trained on, area filter", first: 8_000_000, scenes: 100, filter: resize.Area, photos: held, width: 640, height: 480},
		{name: "a photograph not trained on, bilinear filter", first: 8_000_000, scenes: 100, filter: resize.Bilinear, photos: held, width: 640, height: 480},
	} {
		r, err := measure(net, t)
		if err != nil {
			return nil, err
		}
		fmt.Println(r)
		results = append(results, r)
	}
	return results, nil
}

// measure runs one trial at the usual threshold.
func measure(net *fomo.Network, t trial) (result, error) {
	runner, err := fomo.NewRunner(net)
	if err != nil {
		return result{}, err
	}
	var merger grid.Merger
	res := result{trial: t}
	frame := make([]byte, 3*t.width*t.height)
	small := make([]byte, 3*side*side)
	const area = side * side
	for i := range t.scenes {
		sc := scene.New(t.first+uint64(i), t.width, t.height, scene.Options{Backgrounds: t.photos})
		for k := range framesPerTrialScene {
			n := k * 97
			sc.Draw(n, frame, 3*t.width)
			t.filter(small, side, side, frame, t.width, t.height)
			for p := range area {
				for c := range 3 {
					runner.Input()[c*area+p] = fomo.Value(small[3*p+c])
				}
			}
			found := merger.Merge(runner.Probabilities(), runner.Grid(), 0.5)
			truth := sc.Truth(n)
			tp, fp, fn := scene.Match(truth, inPicture(found, runner.Grid(), t.width, t.height))
			res.tp, res.fp, res.fn = res.tp+tp, res.fp+fp, res.fn+fn
			res.shapes += len(truth)
		}
	}
	return res, nil
}

// inPicture turns cells into boxes of the picture.
func inPicture(found []grid.Cells, size grid.Shape, width, height int) []scene.Detection {
	sx, sy := float64(width)/float64(size.Width), float64(height)/float64(size.Height)
	var ds []scene.Detection
	for _, f := range found {
		ds = append(ds, scene.Detection{
			Label: scene.Labels()[f.Class-1],
			X:     float64(f.X) * sx, Y: float64(f.Y) * sy,
			W: float64(f.Width) * sx, H: float64(f.Height) * sy,
		})
	}
	return ds
}
