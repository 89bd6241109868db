package main

import (
	"image"
	"math/rand/v2"
	"slices"

	"github.com/eiengine/eiengine/capture/scene"
	"github.com/eiengine/eiengine/infer/builtin/internal/fomo"
	"github.com/eiengine/eiengine/infer/builtin/internal/resize"
)

// sample is one picture at the network's size with its shapes, in its pixels.
type sample struct {
	pixels []byte // packed RGB, side x side
	things []fomo.Thing
}

// source draws samples. Scenes cost more to prepare than to draw, so several
// frames are taken of each.
type source struct {
	random *rand.Rand
	photos []image.Image
	scene  *scene.Scene
	left   int
	frame  []byte
}

const framesPerScene = 4

// next draws a sample into s.
func (d *source) next(s *sample) {
	if d.left == 0 {
		d.newScene()
	}
	d.left--
	width, height := d.scene.Size()
	n := d.random.IntN(3000)
	d.scene.Draw(n, d.frame, 3*width)
	filter := resize.Area
	if d.random.IntN(2) == 0 {
		filter = resize.Bilinear
	}
	if s.pixels == nil {
		s.pixels = make([]byte, 3*side*side)
	}
	filter(s.pixels, side, side, d.frame, width, height)
	s.things = s.things[:0]
	for _, t := range d.scene.Truth(n) {
		if thing, ok := thingOf(t, width, height); ok {
			s.things = append(s.things, thing)
		}
	}
}

// thingOf is a shape in the pixels of the network, ok false if too little of it
// can be seen to ask for it.
func thingOf(t scene.Shape, width, height int) (thing fomo.Thing, ok bool) {
	if t.Visible < 0.25 {
		return fomo.Thing{}, false
	}
	sx, sy := side/float64(width), side/float64(height)
	return fomo.Thing{
		Class: 1 + slices.Index(scene.Labels(), t.Label),
		X:     t.X * sx, Y: t.Y * sy, W: t.W * sx, H: t.H * sy,
		Unsure: t.Visible < scene.HalfVisible,
	}, true
}

// newScene starts a scene of a random size: cameras' sizes, and any other
// between portrait and wide.
func (d *source) newScene() {
	r := d.random
	width, height := 640, 480
	switch r.IntN(6) {
	case 0:
	case 1:
		width, height = 320, 240
	case 2:
		width, height = 480, 270
	default:
		height = 160 + r.IntN(320)
		width = int(float64(height) * (0.75 + 1.1*r.Float64()))
	}
	// More shapes than usual: each picture then teaches more.
	opts := scene.Options{Count: min(2+r.IntN(7), 6)}
	if r.IntN(2) == 0 {
		opts.Backgrounds = d.photos
	}
	// The highest bit is set for training and never for measuring.
	d.scene = scene.New(r.Uint64()|1<<63, width, height, opts)
	d.left = framesPerScene
	if n := 3 * width * height; len(d.frame) < n {
		d.frame = make([]byte, n)
	}
}
