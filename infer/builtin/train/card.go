package main

import (
	"bytes"
	"fmt"
	"time"

	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
	"github.com/eiengine/eiengine/infer/builtin/internal/photos"
)

// card is the model card, in Markdown.
func card(s *settings, net *fomo.Network, size int, results []result, took time.Duration) []byte {
	var b bytes.Buffer
	products, err := net.Products()
	if err != nil {
		products = 0 // cannot be: the network has just been run
	}
	fmt.Fprintf(&b, `# builtin:shapes

Written by the training program (`+"`go run ./infer/builtin/train`"+`). Where training took
several runs, their story is added by hand.

Finds circles, squares and triangles in pictures: where their centres are, not
how large they are. A small convolutional network in the manner of FOMO: input
%dx%d RGB, squashed; output a grid of %dx%d cells of 8 pixels, each with a
distribution over nothing, circle, square and triangle.

| | |
|---|---|
| parameters | %d, as float32 |
| file | %d bytes |
| products a picture | %.1f million |
| training | %d steps of %d pictures, seed %d, %s on one processor |
`, net.Width, net.Height, side/8, side/8, net.Parameters(), size, float64(products)/1e6,
		s.steps, s.batch, s.seed, took.Round(time.Second))
	if s.resume != "" {
		fmt.Fprintf(&b, "| begun from | weights trained before (`-resume`) |\n")
	}
	b.WriteString(`
## Held-out figures

Scenes of capture/scene from seeds that neither training nor calibration draws,
three frames each, threshold 0.5, counted by capture/scene.Match: a detection
counts if its centre lies in the box of a shape of its label, one to one; shapes
less than half visible count on neither side.

| scenes | shapes | precision | recall | F1 |
|---|---|---|---|---|
`)
	for _, r := range results {
		fmt.Fprintf(&b, "| %s | %d | %.3f | %.3f | %.3f |\n", r.name, r.tp+r.fn,
			ratio(r.tp, r.fp), ratio(r.tp, r.fn), r.f1())
	}
	b.WriteString(`
## What it was trained on, and what not

Only generated pictures: procedural backgrounds, and in half of the scenes parts
of the photographs in testdata/photos (` + photos.HeldOut + ` apart), in sizes from
about 160x160 to 640x480 between portrait and wide. Shapes are 64 to 150 pixels
across at 640x480 (turned squares up to 212), turned at will, plain or textured
or an outline, up to half covered.

It has not been tried on photographs of real things. Round, square and three-
cornered things in photographs are found at times, and that is no promise.
Shapes smaller or larger than those above, seen at a slant, or closer together
than two cells are beyond it. The probabilities are not calibrated.
`)
	return b.Bytes()
}

func ratio(good, bad int) float64 {
	if good+bad == 0 {
		return 0
	}
	return float64(good) / float64(good+bad)
}
