package onnx

import (
	"fmt"

	"github.com/eiengine/eiengine/infer/backend"
)

// yolo reads candidates of boxes from the first output: x and y of the middle,
// width, height, then scores.
type yolo struct {
	labels []string
	// objectness: the fifth number says whether there is anything, and the score
	// of a label is the product with it (YOLOv5).
	objectness bool
	// columns: the tensor is [numbers, candidates] (YOLOv8), not the reverse.
	columns        bool
	scaleX, scaleY float32
	width, height  int
	overlap        float32
}

func newYOLOv5(d *Description, width, height int) decoder {
	y := newYOLO(d, width, height)
	y.objectness = true
	return y
}

func newYOLOv8(d *Description, width, height int) decoder {
	y := newYOLO(d, width, height)
	y.columns = true
	return y
}

func newYOLO(d *Description, width, height int) *yolo {
	y := &yolo{
		labels: d.Labels, scaleX: 1, scaleY: 1, width: width, height: height,
		overlap: float32(valueOr(d.Overlap, defaultOverlap)),
	}
	if d.Output.Normalized {
		y.scaleX, y.scaleY = float32(width), float32(height)
	}
	return y
}

func (y *yolo) decode(out []tensor, threshold float32) (*backend.Result, error) {
	t := &out[0]
	first := 4
	if y.objectness {
		first = 5
	}
	numbers := first + len(y.labels)
	if len(t.shape) != 2 || (y.columns && t.shape[0] != int64(numbers)) || (!y.columns && t.shape[1] != int64(numbers)) {
		want := fmt.Sprintf("[candidates, %d]", numbers)
		if y.columns {
			want = fmt.Sprintf("[%d, candidates]", numbers)
		}
		return nil, fmt.Errorf("the model gives %v, %s is needed for %d labels", t.shape, want, len(y.labels))
	}
	candidates, step, next := int(t.shape[0]), numbers, 1
	if y.columns {
		candidates, step, next = int(t.shape[1]), 1, int(t.shape[1])
	}
	var found []candidate
	for i := range candidates {
		v := func(j int) float32 { return t.values[i*step+j*next] }
		objectness := float32(1)
		if y.objectness {
			objectness = v(4)
		}
		class, score := 0, float32(0)
		for c := range y.labels {
			if s := v(first+c) * objectness; s > score {
				class, score = c, s
			}
		}
		if score >= threshold && score > 0 {
			found = append(found, candidate{class, score, v(0) * y.scaleX, v(1) * y.scaleY, v(2) * y.scaleX, v(3) * y.scaleY})
		}
	}
	return y.result(suppress(found, y.overlap)), nil
}

func (y *yolo) result(found []candidate) *backend.Result {
	r := &backend.Result{Boxes: make([]backend.Box, 0, len(found))}
	for _, c := range found {
		x0, y0 := clip(c.x-c.w/2, y.width), clip(c.y-c.h/2, y.height)
		x1, y1 := clip(c.x+c.w/2, y.width), clip(c.y+c.h/2, y.height)
		if x1 <= x0 || y1 <= y0 {
			continue
		}
		r.Boxes = append(r.Boxes, backend.Box{Label: y.labels[c.class], Value: float64(c.score), X: x0, Y: y0, Width: x1 - x0, Height: y1 - y0})
	}
	return r
}

// clip rounds v and keeps it inside of a picture.
func clip(v float32, size int) int {
	switch {
	case !(v > 0): // a NaN as well
		return 0
	case v >= float32(size):
		return size
	}
	return int(v + 0.5)
}
