package capture

import (
	"bytes"
	"image"
	stdjpeg "image/jpeg"
	"testing"

	"github.com/eiengine/eiengine/frames"
)

func TestJPEGPhotograph(t *testing.T) {
	g := mustRun(t, "filesrc location="+photos+"astronaut.jpg blocksize=777 ! jpegdec")
	img, err := stdjpeg.Decode(bytes.NewReader(read(t, photos+"astronaut.jpg")))
	if err != nil {
		t.Fatal(err)
	}
	ycc := img.(*image.YCbCr)
	p := g[0].picture
	if g[0].format.Video.Format != frames.I420 || g[0].format.Video.Color.Range != frames.FullRange {
		t.Fatalf("format %s", g[0].format)
	}
	for y := range p.Height {
		if !bytes.Equal(p.Row(0, y), ycc.Y[y*ycc.YStride:][:p.Width]) {
			t.Fatalf("luma of row %d differs from image/jpeg", y)
		}
	}
}
