package main

import (
	"image"
	"slices"

	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
	"github.com/eiengine/eiengine/infer/builtin/internal/learn"
	"github.com/eiengine/eiengine/infer/builtin/internal/resize"
)

// trial is a set of held-out scenes, with seeds that training never draws.
type trial struct {
	name          string
	first         uint64 // seed
	scenes        int
	filter        resize.Filter
	backgrounds   []image.Image
	width, height int
}

// quick is what is looked at during the training.
var quick = trial{name: "so far", first: 5_000_000, scenes: 60, filter: resize.Area, width: 320, height: 240}

// trials are those of the model card.
func trials(held []image.Image) []trial {
	return []trial{
		{name: "generated backgrounds, area filter", first: 6_000_000, scenes: 250, filter: resize.Area, width: 640, height: 480},
		{name: "generated backgrounds, bilinear filter", first: 6_000_000, scenes: 250, filter: resize.Bilinear, width: 640, height: 480},
		{name: "generated backgrounds, 1280x720, area filter", first: 7_000_000, scenes: 60, filter: resize.Area, width: 1280, height: 720},
		{name: "a photograph not trained on, area filter", first: 8_000_000, scenes: 150, filter: resize.Area, backgrounds: held, width: 640, height: 480},
	}
}

// measure judges one frame of each turn of each scene.
func (t *trial) measure(net *fomo.Network) (learn.Confusion, error) {
	runner, err := fomo.NewRunner(net)
	if err != nil {
		return nil, err
	}
	counts := learn.NewConfusion(len(labels))
	frame, small := make([]byte, 3*t.width*t.height), make([]byte, 3*side*side)
	for i := range uint64(t.scenes) {
		s := scene.New(t.first+i, t.width, t.height, scene.Options{OneByOne: true, Backgrounds: t.backgrounds})
		for turn := range 8 {
			n := turn*scene.TurnFrames + 11
			s.Draw(n, frame, 3*t.width)
			t.filter(small, side, side, frame, t.width, t.height)
			planes(runner.Input(), small)
			p := runner.Whole()
			counts[slices.Index(labels, s.Label(n))][slices.Index(p, slices.Max(p))]++
		}
	}
	return counts, nil
}
