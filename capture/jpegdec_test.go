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
		for x, v := range p.Row(0, y) { // libturbojpeg may round otherwise
			if d := int(v) - int(ycc.Y[y*ycc.YStride+x]); d < -1 || d > 1 {
				t.Fatalf("luma at %d,%d is %d, image/jpeg has %d", x, y, v, ycc.Y[y*ycc.YStride+x])
			}
		}
	}
}
