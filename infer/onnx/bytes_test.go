package onnx_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/eiengine/eiengine/infer/backend"
	"github.com/eiengine/eiengine/infer/onnx"
)

// field is field n of a message of Protocol Buffers, of bytes; number is one of a number.
func field(n int, parts ...[]byte) []byte {
	var value []byte
	for _, p := range parts {
		value = append(value, p...)
	}
	return append([]byte{byte(n<<3 | 2), byte(len(value))}, value...) // all are shorter than 128
}

func number(n, value int) []byte { return []byte{byte(n << 3), byte(value)} }

func text(n int, s string) []byte { return field(n, []byte(s)) }

// identity is a model that gives its input of 1x2 pixels back, of the type with that
// number in ONNX.
func identity(element int) []byte {
	info := func(name string) []byte {
		var shape []byte
		for _, d := range []int{1, 1, 2, 3} {
			shape = append(shape, field(1, number(1, d))...)
		}
		return append(text(1, name), field(2, field(1, number(1, element), field(2, shape)))...)
	}
	graph := field(7,
		field(1, text(1, "x"), text(2, "y"), text(4, "Identity")),
		text(2, "identity"), field(11, info("x")), field(12, info("y")))
	return append(append(number(1, 8), graph...), field(8, number(2, 13))...)
}

// A model of bytes is given bytes.
func TestModelsOfBytes(t *testing.T) {
	needLibrary(t)
	for _, c := range []struct {
		name    string
		element int
		want    []float32
	}{
		{"uint8", 2, []float32{0, 128, 127, 255, 10, 20}},
		{"int8", 3, []float32{-128, 0, -1, 127, -118, -108}},
	} {
		file := filepath.Join(t.TempDir(), c.name+".onnx")
		for name, data := range map[string][]byte{file: identity(c.element), file[:len(file)-5] + ".json": []byte(`{"input": {"layout": "nhwc", "type": "` + c.name + `"}}`)} {
			if err := os.WriteFile(name, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		m, err := onnx.Open(file, onnx.Options{})
		if err != nil {
			t.Fatal(err)
		}
		backend.PackRGB(m.Input(), []byte{0, 128, 127, 255, 10, 20})
		r, err := m.Classify(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range c.want {
			if got := r.Freeform[0][i]; got != want {
				t.Errorf("%s: value %d is %v, want %v", c.name, i, got, want)
			}
		}
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	}
}
