package main

import (
	"bytes"
	"fmt"
	"time"

	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
	"github.com/eiengine/eiengine/infer/builtin/internal/learn"
	"github.com/eiengine/eiengine/infer/builtin/internal/photos"
)

// result is what came of a trial.
type result struct {
	name   string
	counts learn.Confusion
}

// card is the model card, in Markdown.
func card(c *learn.Course, net *fomo.Network, size int, results []result, took time.Duration) ([]byte, error) {
	products, err := net.Products()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `# builtin:shapes-class

Written by the training program (`+"`go run ./infer/builtin/train/shapesclass`"+`).

Says what a picture shows: a circle, a square, a triangle, or none of them. Input
%dx%d RGB, squashed. A small convolutional network whose first layers began as those
of builtin:shapes; the scores of its cells are averaged.

| | |
|---|---|
| parameters | %d, as float32 |
| file | %d bytes |
| products a picture | %.1f million |
| training | %d steps of %d pictures, seed %d, %s on one processor |
`, net.Width, net.Height, net.Parameters(), size, float64(products)/1e6,
		c.Steps, c.Batch, c.Seed, took.Round(time.Second))
	if c.Resume != "" {
		fmt.Fprintf(&b, "| begun from | weights trained before (`-resume`) |\n")
	}
	b.WriteString(`
## Held-out figures

Scenes of capture/scene that show their shapes one by one, from seeds that
training does not draw, one frame of each turn. The label with the highest value
counts.

| scenes | pictures | accuracy | mean F1 |
|---|---|---|---|
`)
	for _, r := range results {
		fmt.Fprintf(&b, "| %s | %d | %.3f | %.3f |\n", r.name, r.counts.Total(), r.counts.Accuracy(), r.counts.F1())
	}
	fmt.Fprintf(&b, "\nThe first of these by label:\n\n%s", results[0].counts.Table(labels))
	fmt.Fprintf(&b, "\nThe photograph by label. It shows a cup, which is round:\n\n%s", results[len(results)-1].counts.Table(labels))
	b.WriteString(`
## What it was trained on, and what not

Only generated pictures: procedural backgrounds, and in half of the scenes parts
of the photographs in testdata/photos (` + photos.HeldOut + ` apart), of 110 to 480
rows between portrait and wide, with crosses, stars and blobs of the same sizes as
the shapes. A shape is 0.28 to 0.6 times as wide as the shorter side of the picture
(turned squares more), turned at will, plain or textured or an outline, whole but
for bars across it.

It has not been tried on photographs of real things. Several shapes at once, smaller
or larger ones, and shapes that leave the picture are beyond it. The values are not
calibrated.
`)
	return b.Bytes(), nil
}
