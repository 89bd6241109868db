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
func TestPhotographs(t *testing.T) { byBoth(t, testPhotographs) }

func testPhotographs(t *testing.T) {
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
		got := decode(t, data, frames.RGB)
		want := byStandardLibrary(t, data)
		if db := psnr(t, &want, &got); db < 50 {
			t.Errorf("%s: %.1f dB beside image/jpeg, want 50", file, db)
		}
		again := decode(t, encode(t, &got, 90), frames.RGB)
		if db := psnr(t, &got, &again); db < 30 {
			t.Errorf("%s: %.1f dB after encoding again, want 30", file, db)
		}
	}
}

// decode gives the picture in that format, and in its colours where that is the
// picture's own.
func decode(t testing.TB, data []byte, f frames.PixelFormat) frames.Picture {
	t.Helper()
	info, err := jpeg.Config(data)
	if err != nil {
		t.Fatal(err)
	}
	p := frames.NewPicture(f, info.Width, info.Height)
	if f == info.Format {
		p.Color = info.Color
	}
	if err := jpeg.DecodeInto(&p, data); err != nil {
		t.Fatal(err)
	}
	return p
}

// byStandardLibrary decodes to RGB by image/jpeg.
func byStandardLibrary(t testing.TB, data []byte) frames.Picture {
	t.Helper()
	img, err := stdjpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	p := frames.NewPicture(frames.RGB, img.Bounds().Dx(), img.Bounds().Dy())
	for y := range p.Height {
		row := p.Row(0, y)
		for x := range p.Width {
			r, g, b, _ := img.At(x, y).RGBA()
			row[3*x], row[3*x+1], row[3*x+2] = byte(r>>8), byte(g>>8), byte(b>>8)
		}
	}
	return p
}
