package encode

import (
	"testing"

	"github.com/eiengine/eiengine/encode/codec/jpeg"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestJPEGLooksAlike(t *testing.T) {
	for _, format := range []string{"RGB", "BGRx", "GRAY8"} {
		p := graphtest.Run(t, "testpictures num-buffers=3 format="+format+" ! jpegenc ! testsink name=s")
		got := p.Element("s").(*collector)
		if len(got.data) != 3 || got.formats[0] != "image/jpeg, width=(int)33, height=(int)17, framerate=(fraction)10/1" {
			t.Fatalf("%s: %d pictures of %v", format, len(got.data), got.formats)
		}
		for i, data := range got.data {
			picture := frames.NewPicture(frames.RGB, 33, 17)
			if err := jpeg.DecodeInto(&picture, data); err != nil {
				t.Fatal(err)
			}
			for x, b := range picture.Row(0, 16) {
				if d := int(b) - (16 + 20*i); d < -3 || d > 3 {
					t.Fatalf("%s: picture %d has %d at byte %d, want %d", format, i, b, x, 16+20*i)
				}
			}
		}
	}
	graphtest.Run(t, "testpictures num-buffers=1 format=I420 ! jpegenc quality=0 ! testsink")
}
