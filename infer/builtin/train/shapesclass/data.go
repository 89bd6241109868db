package main

import (
	"image"
	"math/rand/v2"
	"slices"

	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
	"github.com/eiengine/eiengine/infer/builtin/internal/resize"
)

// source draws pictures with their labels. A scene costs more to prepare than to
// draw, so several frames are taken of each.
type source struct {
	random      *rand.Rand
	backgrounds []image.Image
	scene       *scene.Scene
	left        int
	frame       []byte
	small       [3 * side * side]byte
}

const framesPerScene = 8

func newSource(seed uint64, backgrounds []image.Image) *source {
	return &source{random: rand.New(rand.NewPCG(seed, 2)), backgrounds: backgrounds}
}

// next writes the planes of a picture and returns its class.
func (d *source) next(input []float32) (class int) {
	if d.left == 0 {
		d.newScene()
	}
	d.left--
	n := d.random.IntN(1 << 16)
	filter := resize.Area
	if d.random.IntN(2) == 0 {
		filter = resize.Bilinear
	}
	width, height := d.scene.Size()
	d.scene.Draw(n, d.frame, 3*width)
	filter(d.small[:], side, side, d.frame, width, height)
	planes(input, d.small[:])
	return slices.Index(labels, d.scene.Label(n))
}

// planes turns packed pixels into the input of the network.
func planes(dst []float32, rgb []byte) {
	const area = side * side
	for p := range area {
		for c := range 3 {
			dst[c*area+p] = fomo.Value(rgb[3*p+c])
		}
	}
}

// newScene starts a scene of a random size between portrait and wide, every
// other time in front of a photograph.
func (d *source) newScene() {
	r := d.random
	height := 110 + r.IntN(120)
	if r.IntN(6) == 0 {
		height = 480
	}
	width := int(float64(height) * (0.75 + 1.1*r.Float64()))
	opts := scene.Options{OneByOne: true}
	if r.IntN(2) == 0 {
		opts.Backgrounds = d.backgrounds
	}
	// The highest bit is set for training and never for measuring.
	d.scene = scene.New(r.Uint64()|1<<63, width, height, opts)
	d.left = framesPerScene
	if n := 3 * width * height; len(d.frame) < n {
		d.frame = make([]byte, n)
	}
}
