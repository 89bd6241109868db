package onnx

import (
	"strings"
	"testing"
)

func TestDescriptionsAreChecked(t *testing.T) {
	for text, want := range map[string]string{
		`{"label": []}`:                  "label",
		`{"input": {"layout": "chw"}}`:   "nchw, nhwc",
		`{"input": {"colour": "yuv"}}`:   "rgb, bgr, gray",
		`{"input": {"resize": "crop"}}`:  "squash",
		`{"output": {"decoder": "ssd"}}`: "yolov8",
		`{"input": {"std": [1, 0, 1]}}`:  "input.std",
		`{"threshold": 2}`:               "from 0 to 1",
		`{"overlap": -1}`:                "from 0 to 1",
		`{} {}`:                          "more than one",
		`{"labels": "circle"}`:           "labels",
	} {
		_, err := ParseDescription([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, which lacks %q", text, err, want)
		}
	}
}

func TestPicturesFitTheInput(t *testing.T) {
	for _, c := range []struct {
		name, description string
		shape             []int64
		want              string
	}{
		{"open size", `{}`, []int64{1, 3, -1, -1}, "set input.width"},
		{"other size", `{"input": {"width": 8}}`, []int64{1, 3, 4, 4}, "width of 4"},
		{"channels", `{}`, []int64{1, 5, 4, 4}, "5 channels"},
		{"three dimensions", `{}`, []int64{3, 4, 4}, "3 dimensions"},
		{"means", `{"input": {"mean": [1, 2]}}`, []int64{1, 3, 4, 4}, "input.mean has 2"},
		{"gray asked", `{"input": {"colour": "gray"}}`, []int64{1, 3, 4, 4}, "not gray"},
		{"huge", `{}`, []int64{1, 3, 1 << 40, 4}, "too large"},
	} {
		d, err := ParseDescription([]byte(c.description))
		if err != nil {
			t.Fatal(err)
		}
		_, err = newPicture(tensorInfo{"x", elementFloat, c.shape}, &d.Input)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, which lacks %q", c.name, err, c.want)
		}
	}
}

func TestPixelsBecomeTensors(t *testing.T) {
	packed := []float32{0x0a141e, 0x28323c} // 10 20 30, 40 50 60
	for _, c := range []struct {
		name, description string
		shape             []int64
		want              []float32
	}{
		{"planes", `{"input": {"scale": 1}}`, []int64{1, 3, 1, 2}, []float32{10, 40, 20, 50, 30, 60}},
		{"interleaved", `{"input": {"scale": 1}}`, []int64{1, 1, 2, 3}, nil},
		{"interleaved, said", `{"input": {"scale": 1, "layout": "nhwc"}}`, []int64{1, 1, 2, 3}, []float32{10, 20, 30, 40, 50, 60}},
		{"blue first", `{"input": {"scale": 1, "colour": "bgr"}}`, []int64{1, 3, 1, 2}, []float32{30, 60, 20, 50, 10, 40}},
		{"mean and deviation", `{"input": {"scale": 1, "mean": [10, 20, 30], "std": [30, 10, 3]}}`, []int64{1, 3, 1, 2}, []float32{0, 1, 0, 3, 0, 10}},
		{"gray", `{"input": {"scale": 1}}`, []int64{1, 1, 1, 2}, []float32{18, 48}},
	} {
		d, err := ParseDescription([]byte(c.description))
		if err != nil {
			t.Fatal(err)
		}
		p, err := newPicture(tensorInfo{"x", elementFloat, c.shape}, &d.Input)
		if c.want == nil {
			if err == nil {
				t.Errorf("%s: shape %v was taken as planes although it is ambiguous", c.name, c.shape)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		in := newInputs(elementFloat, len(c.want))
		if err := p.fill(in, 0, packed); err != nil {
			t.Fatal(err)
		}
		got := in.floats
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: got %v, want %v", c.name, got, c.want)
				break
			}
		}
	}
}

// Bytes go in as they are, or so that they fit, unless the description says otherwise.
func TestPixelsBecomeBytes(t *testing.T) {
	packed := []float32{0x00807f, 0xff0a14} // 0 128 127, 255 10 20
	for _, c := range []struct {
		description string
		element     elementType
		want        []int
	}{
		{`{}`, elementUint8, []int{0, 128, 127, 255, 10, 20}},
		{`{}`, elementInt8, []int{-128, 0, -1, 127, -118, -108}},
		{`{"input": {"type": "int8", "scale": 2, "mean": [0, 256, 256]}}`, elementInt8, []int{0, 0, -2, 127, -128, -128}},
		{`{"input": {"scale": 0.5}}`, elementUint8, []int{0, 64, 64, 128, 5, 10}},
	} {
		d, err := ParseDescription([]byte(c.description))
		if err != nil {
			t.Fatal(err)
		}
		d.Input.Layout = "nhwc"
		p, err := newPicture(tensorInfo{"x", c.element, []int64{1, 1, 2, 3}}, &d.Input)
		if err != nil {
			t.Fatal(err)
		}
		in := newInputs(c.element, p.values())
		if err := p.fill(in, 0, packed); err != nil {
			t.Fatal(err)
		}
		for i, want := range c.want {
			got := 0
			if c.element == elementInt8 {
				got = int(in.int8s[i])
			} else {
				got = int(in.uint8s[i])
			}
			if got != want {
				t.Errorf("%s, type %d: value %d is %d, want %d", c.description, c.element, i, got, want)
			}
		}
	}
	if _, err := newPicture(tensorInfo{"x", elementInt64, []int64{1, 3, 4, 4}}, &Input{}); err == nil || !strings.Contains(err.Error(), "float32, uint8 or int8") {
		t.Errorf("an input of int64: %v", err)
	}
	if _, err := newPicture(tensorInfo{"x", elementInt8, []int64{1, 3, 4, 4}}, &Input{Type: "uint8"}); err == nil || !strings.Contains(err.Error(), "is of int8") {
		t.Errorf("another type than the model's: %v", err)
	}
}

func TestWhoSaysHowManyPicturesARunHas(t *testing.T) {
	for _, c := range []struct {
		name, description string
		tensor            int64
		options           Options
		want              int
	}{
		{"nobody", `{}`, -1, Options{}, 1},
		{"the description", `{"input": {"batch": 4}}`, -1, Options{}, 4},
		{"the caller", `{"input": {"batch": 4}}`, -1, Options{MaxBatch: 8}, 8},
		{"the model", `{"input": {"batch": 4}}`, 3, Options{MaxBatch: 8}, 3},
	} {
		d, err := ParseDescription([]byte(c.description))
		if err != nil {
			t.Fatal(err)
		}
		p, err := newPicture(tensorInfo{"x", elementFloat, []int64{c.tensor, 3, 4, 4}}, &d.Input)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := p.batchOf(c.options, &d.Input); err != nil || got != c.want {
			t.Errorf("%s: %d pictures, %v; want %d", c.name, got, err, c.want)
		}
	}
	if _, err := ParseDescription([]byte(`{"input": {"batch": -1}}`)); err == nil || !strings.Contains(err.Error(), "input.batch is -1") {
		t.Errorf("a batch of -1: %v", err)
	}
}

func FuzzParseDescription(f *testing.F) {
	f.Add([]byte(`{"labels": ["a"], "input": {"mean": [0.5]}, "output": {"decoder": "fomo"}, "threshold": 0.5}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := ParseDescription(data)
		if err != nil {
			return
		}
		p, err := newPicture(tensorInfo{"x", elementFloat, []int64{-1, 3, 4, 4}}, &d.Input)
		if err == nil && p.pixels() != 16 {
			t.Errorf("%d pixels", p.pixels())
		}
	})
}
