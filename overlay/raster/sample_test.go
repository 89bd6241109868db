package raster_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/eiengine/eiengine/encode/codec/png"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pixel"
	"github.com/eiengine/eiengine/overlay/raster"
)

const samplePath = "testdata/sample.png"

// sample has boxes and labels of several sizes and colours, some leaving the
// picture, on a background that is neither bright nor dark.
func sample(t *testing.T) frames.Picture {
	t.Helper()
	p := frames.NewPicture(frames.RGB, 480, 270)
	for y := range p.Height {
		row := p.Row(0, y)
		for x := range p.Width {
			row[3*x], row[3*x+1], row[3*x+2] = byte(60+x/8*2), byte(90+y/8*3), byte(140-(x+y)/8)
		}
	}
	colors := []pixel.Color{{R: 0xE6, G: 0x19, B: 0x4B, A: 255}, {R: 0x3C, G: 0xB4, B: 0x4B, A: 255}, {R: 0xFF, G: 0xE1, B: 0x19, A: 255}, {R: 0x43, G: 0x63, B: 0xD8, A: 255}}
	labels := []string{"circle 95.0%", "square (ID: 7) 88.1%", "Schlüssel 61.0%", "猫 triangle 12.5%"}
	for i, c := range colors {
		for j, px := range []int{8, 12, 20} {
			f := face(t, px, i%2 == 1)
			r := frames.Rect{X: 10 + j*160, Y: 8 + i*66, W: 150, H: 58}
			background := c
			background.A = 178
			if err := raster.Outline(&p, r, 1+j, c); err != nil {
				t.Fatal(err)
			}
			if _, err := raster.Label(&p, r.X+2, r.Y+2, labels[i], f, 3, raster.Contrast(c), background); err != nil {
				t.Fatal(err)
			}
			if err := raster.DrawText(&p, r.X+8, r.Y+r.H-f.Height()-4, labels[i], f, white); err != nil {
				t.Fatal(err)
			}
		}
	}
	return p
}

// The sample looks as it did when somebody looked at it. RASTER_UPDATE=1 writes it
// anew; look at it then.
func TestSample(t *testing.T) {
	got := sample(t)
	if os.Getenv("RASTER_UPDATE") != "" {
		var b bytes.Buffer
		if err := png.Encode(&b, &got, 9); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(samplePath, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(samplePath)
	if err != nil {
		t.Fatal(err)
	}
	want := frames.NewPicture(frames.RGB, got.Width, got.Height)
	if err := png.DecodeInto(&want, data); err != nil {
		t.Fatal(err)
	}
	for y := range got.Height {
		for i, v := range got.Row(0, y) {
			// Curves are computed in floating point, which processors round
			// differently.
			if d := int(v) - int(want.Row(0, y)[i]); d < -8 || d > 8 {
				t.Fatalf("at %d,%d channel %d is %d, want %d", i/3, y, i%3, v, want.Row(0, y)[i])
			}
		}
	}
}
