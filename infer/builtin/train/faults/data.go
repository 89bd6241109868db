package main

import (
	"math/rand/v2"

	"github.com/eiengine/eiengine/capture/fabric"
	"github.com/eiengine/eiengine/infer/builtin/internal/resize"
	"github.com/eiengine/eiengine/infer/builtin/internal/texture"
)

// side is the width and height of the input in pixels.
const side = 160

// camera looks at fabrics as a model does: at the square in the middle of the
// picture, shrunk to the input.
type camera struct {
	frame, square []byte
	small         [3 * side * side]byte
}

// look puts frame n of a fabric into the extractor.
func (c *camera) look(e *texture.Extractor, f *fabric.Fabric, n int, filter resize.Filter) {
	width, height := f.Size()
	edge := min(width, height)
	c.frame = grown(c.frame, 3*width*height)
	c.square = grown(c.square, 3*edge*edge)
	f.Draw(n, c.frame, 3*width)
	left, top := (width-edge)/2, (height-edge)/2
	for y := range edge {
		copy(c.square[3*y*edge:3*(y+1)*edge], c.frame[3*((top+y)*width+left):])
	}
	filter(c.small[:], side, side, c.square, edge, edge)
	for i := range side * side {
		for colour := range 3 {
			e.Colour(colour)[i] = float32(c.small[3*i+colour])
		}
	}
}

func grown(b []byte, n int) []byte {
	if len(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}

const (
	framesPerFabric = 4
	// cellsKept is every how many cells one is learnt from: neighbours are
	// alike.
	cellsKept = 3
)

// goodCells draws the features of cells of that many pictures of good cloth, of
// several sizes.
func goodCells(seed uint64, pictures int) ([]float64, error) {
	r := rand.New(rand.NewPCG(seed, 2))
	e, err := texture.NewExtractor(side, side)
	if err != nil {
		return nil, err
	}
	var c camera
	var cells []float64
	for len(cells) == 0 || pictures > 0 {
		height := 160 + r.IntN(160)
		if r.IntN(5) == 0 {
			height = 480
		}
		width := int(float64(height) * (0.75 + 1.1*r.Float64()))
		// The highest bit is set for training and never for measuring.
		f := fabric.New(r.Uint64()|1<<63, width, height, fabric.Options{Flawless: true})
		for range framesPerFabric {
			filter := resize.Area
			if r.IntN(2) == 0 {
				filter = resize.Bilinear
			}
			c.look(e, f, r.IntN(1<<16), filter)
			all := e.Describe()
			for i := r.IntN(cellsKept); i < len(all)/texture.Features; i += cellsKept {
				cells = append(cells, all[i*texture.Features:(i+1)*texture.Features]...)
			}
			pictures--
		}
	}
	return cells, nil
}
