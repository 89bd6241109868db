package jpeg_test

import (
	"bytes"
	stdjpeg "image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"github.com/eiengine/eiengine/encode/codec/jpeg"
	"github.com/eiengine/eiengine/frames"
)

// Photographs decode to what image/jpeg shows, and survive being encoded again.
func TestPhotographs(t *testing.T) {
	files, err := filepath.Glob("../../../testdata/photos/*.jpg")
	if err != nil || len(files) == 0 {
		t.Fatalf("no photographs: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if n, ok, err := jpeg.Frame(data); n != len(data) || !ok || err != nil {
			t.Errorf("%s: Frame says %d %v %v, the file has %d bytes", file, n, ok, err, len(data))
		}
		info, err := jpeg.Config(data)
		if err != nil {
			t.Fatal(err)
		}
		got := frames.NewPicture(frames.RGB, info.Width, info.Height)
		if err := jpeg.DecodeInto(&got, data); err != nil {
			t.Fatal(err)
		}
		want, err := stdjpeg.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		for y := range info.Height {
			row := got.Row(0, y)
			for x := range info.Width {
				r, g, b, _ := want.At(x, y).RGBA()
				for c, v := range [3]uint32{r, g, b} {
					if d := int(row[3*x+c]) - int(v>>8); d < -1 || d > 1 {
						t.Fatalf("%s: at %d,%d channel %d is %d, want %d", file, x, y, c, row[3*x+c], v>>8)
					}
				}
			}
		}
		again := frames.NewPicture(frames.RGB, info.Width, info.Height)
		if err := jpeg.DecodeInto(&again, encode(t, &got, 90)); err != nil {
			t.Fatal(err)
		}
		if db := psnr(t, &got, &again); db < 30 {
			t.Errorf("%s: %.1f dB after encoding again, want 30", file, db)
		}
	}
}
