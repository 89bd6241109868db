package onnx

import (
	"reflect"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/infer/backend"
)

func decodeOne(t *testing.T, description string, out tensor) (*backend.Result, error) {
	t.Helper()
	d, err := ParseDescription([]byte(description))
	if err != nil {
		t.Fatal(err)
	}
	dec, err := newDecoder(d, 100, 50)
	if err != nil {
		t.Fatal(err)
	}
	return dec.decode([]tensor{out}, 0.5)
}

func TestDecoders(t *testing.T) {
	box := func(label string, value float64, x, y, w, h int) backend.Box {
		return backend.Box{Label: label, Value: value, X: x, Y: y, Width: w, Height: h}
	}
	for _, c := range []struct {
		name, description string
		out               tensor
		want              backend.Result
	}{
		{
			"classification", `{"labels": ["a", "b"]}`, tensor{[]int64{2}, []float32{0.25, 0.75}},
			backend.Result{Classification: []backend.Score{{Label: "a", Value: 0.25}, {Label: "b", Value: 0.75}}},
		}, {
			"logits", `{"labels": ["a", "b"], "output": {"softmax": true}}`, tensor{[]int64{2}, []float32{3, 3}},
			backend.Result{Classification: []backend.Score{{Label: "a", Value: 0.5}, {Label: "b", Value: 0.5}}},
		}, {
			"freeform", `{}`, tensor{[]int64{1, 2}, []float32{7, -7}}, backend.Result{Freeform: [][]float32{{7, -7}}},
		}, {
			"a row has the highest objectness times score", `{"labels": ["a", "b"], "output": {"decoder": "yolov5"}}`,
			tensor{[]int64{3, 7}, []float32{
				50, 25, 20, 10, 1, 0.25, 0.75,
				51, 25, 20, 10, 0.9, 0, 0.75, // the same thing
				20, 20, 10, 10, 0.5, 0.9, 0, // too uncertain
			}},
			backend.Result{Boxes: []backend.Box{box("b", 0.75, 40, 20, 20, 10)}},
		}, {
			"columns, from 0 to 1, cut at the edge", `{"labels": ["a"], "output": {"decoder": "yolov8", "normalized": true}}`,
			tensor{[]int64{5, 2}, []float32{
				0, 0.5,
				0, 0.5,
				0.2, 0.1,
				0.4, 0.2,
				0.75, 0.5,
			}},
			backend.Result{Boxes: []backend.Box{box("a", 0.75, 0, 0, 10, 10), box("a", 0.5, 45, 20, 10, 10)}},
		}, {
			"neighbouring cells are one thing", `{"labels": ["a"], "output": {"decoder": "fomo"}}`,
			tensor{[]int64{3, 5, 2}, []float32{ // [H, W, classes], cells of 20x16 pixels or so
				1, 0, 1, 0, 0.25, 0.75, 0.5, 0.5, 1, 0,
				1, 0, 1, 0, 1, 0, 1, 0, 1, 0,
				1, 0, 1, 0, 1, 0, 1, 0, 1, 0,
			}},
			backend.Result{Boxes: []backend.Box{box("a", 0.75, 40, 0, 40, 16)}},
		}, {
			"planes", `{"labels": ["a", "b"], "output": {"decoder": "fomo"}}`,
			tensor{[]int64{3, 1, 2}, []float32{1, 0, 0, 0, 0, 1}},
			backend.Result{Boxes: []backend.Box{box("b", 1, 50, 0, 50, 50)}},
		},
	} {
		got, err := decodeOne(t, c.description, c.out)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if !reflect.DeepEqual(*got, c.want) {
			t.Errorf("%s: got %+v, want %+v", c.name, *got, c.want)
		}
	}
}

func TestDecodersRefuseOtherShapes(t *testing.T) {
	for _, c := range []struct{ description, want string }{
		{`{"labels": ["a"]}`, "1 labels"},
		{`{"labels": ["a"], "output": {"decoder": "yolov5"}}`, "[candidates, 6]"},
		{`{"labels": ["a"], "output": {"decoder": "yolov8"}}`, "[5, candidates]"},
		{`{"labels": ["a"], "output": {"decoder": "fomo"}}`, "grid of 2 classes"},
	} {
		_, err := decodeOne(t, c.description, tensor{[]int64{3, 3, 3}, make([]float32, 27)})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, which lacks %q", c.description, err, c.want)
		}
	}
}

func FuzzDecoders(f *testing.F) {
	f.Add(uint8(0), uint8(4), uint8(2), uint8(3), []byte{1, 2, 250})
	f.Fuzz(func(t *testing.T, which, a, b, c uint8, data []byte) {
		shape := []int64{int64(a%6) + 1, int64(b%9) + 1, int64(c%9) + 1}[:2+int(which)%2]
		n := 1
		for _, s := range shape {
			n *= int(s)
		}
		values := make([]float32, n)
		for i := range values {
			if len(data) > 0 {
				values[i] = (float32(data[i%len(data)]) - 128) / 16
			}
		}
		names := decoderNames()
		d := &Description{Labels: []string{"a", "b"}, Output: Output{Decoder: names[int(which)%len(names)], Softmax: which > 128, Normalized: which%3 == 0}}
		dec, err := newDecoder(d, 100, 50)
		if err != nil {
			t.Fatal(err)
		}
		r, err := dec.decode([]tensor{{shape, values}}, 0.1)
		if err != nil {
			return
		}
		for _, box := range r.Boxes {
			if box.X < 0 || box.Y < 0 || box.Width <= 0 || box.Height <= 0 || box.X+box.Width > 100 || box.Y+box.Height > 50 {
				t.Errorf("box outside of the picture: %+v", box)
			}
		}
	})
}
