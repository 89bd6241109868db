package onnx

import (
	"fmt"

	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/internal/grid"
)

// fomo reads a grid of classes, of which the first is the background, from the
// first output.
type fomo struct {
	labels        []string
	softmax       bool
	width, height int
	merger        grid.Merger
	planes, cell  []float32
}

func newFOMO(d *Description, width, height int) decoder {
	return &fomo{
		labels: d.Labels, softmax: d.Output.Softmax, width: width, height: height,
		cell: make([]float32, len(d.Labels)+1),
	}
}

func (f *fomo) decode(out []tensor, threshold float32) (*backend.Result, error) {
	size, err := f.read(&out[0])
	if err != nil {
		return nil, err
	}
	found := f.merger.Merge(f.planes, size, threshold)
	r := &backend.Result{Boxes: make([]backend.Box, len(found))}
	for i, c := range found {
		x, y := c.X*f.width/size.Width, c.Y*f.height/size.Height
		r.Boxes[i] = backend.Box{
			Label: f.labels[c.Class-1], Value: float64(c.Probability), X: x, Y: y,
			Width:  (c.X+c.Width)*f.width/size.Width - x,
			Height: (c.Y+c.Height)*f.height/size.Height - y,
		}
	}
	surestFirst(r.Boxes)
	return r, nil
}

// read brings the grid into planes, as probabilities if it has logits.
func (f *fomo) read(t *tensor) (grid.Shape, error) {
	classes := len(f.cell)
	if len(t.shape) != 3 || (t.shape[0] != int64(classes) && t.shape[2] != int64(classes)) {
		return grid.Shape{}, fmt.Errorf("the model gives %v, a grid of %d classes (background and %d labels) is needed", t.shape, classes, len(f.labels))
	}
	planar := t.shape[0] == int64(classes)
	size := grid.Shape{Channels: classes, Height: int(t.shape[0]), Width: int(t.shape[1])}
	if planar {
		size.Height, size.Width = int(t.shape[1]), int(t.shape[2])
	}
	area := size.Area()
	if len(f.planes) != size.Len() {
		f.planes = make([]float32, size.Len())
	}
	for i := range area {
		for c := range f.cell {
			if planar {
				f.cell[c] = t.values[c*area+i]
			} else {
				f.cell[c] = t.values[i*classes+c]
			}
		}
		if f.softmax {
			softmax(f.cell)
		}
		for c, v := range f.cell {
			f.planes[c*area+i] = v
		}
	}
	return size, nil
}
