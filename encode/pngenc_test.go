package encode

import (
	"testing"
	"time"

	"github.com/eiengine/eiengine/encode/codec/png"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestPNGKeepsEveryPixel(t *testing.T) {
	for _, format := range []string{"RGB", "RGBA", "GRAY8"} {
		p := graphtest.Run(t, "testpictures num-buffers=3 format="+format+" ! pngenc ! testsink name=s")
		got := p.Element("s").(*collector)
		if len(got.data) != 3 {
			t.Fatalf("%s: %d pictures, want 3", format, len(got.data))
		}
		want := "image/png, width=(int)33, height=(int)17, framerate=(fraction)10/1"
		for i, data := range got.data {
			info, err := png.Config(data)
			if err != nil {
				t.Fatal(err)
			}
			if got.formats[i] != want || got.times[i] != time.Duration(i)*100*time.Millisecond || info.Format.String() != format {
				t.Errorf("%s: picture %d is %s at %v, a PNG of %v", format, i, got.formats[i], got.times[i], info.Format)
			}
			picture := frames.NewPicture(info.Format, info.Width, info.Height)
			if err := png.DecodeInto(&picture, data); err != nil {
				t.Fatal(err)
			}
			for y := range picture.Height {
				for x, b := range picture.Row(0, y) {
					if b != byte(16+20*i) {
						t.Fatalf("%s: picture %d has %d at byte %d of row %d", format, i, b, x, y)
					}
				}
			}
		}
	}
}

func TestPNGCompressionLevel(t *testing.T) {
	size := func(level string) int {
		p := graphtest.Run(t, "testpictures num-buffers=1 width=200 height=200 ! pngenc compression-level="+level+" ! testsink name=s")
		return len(p.Element("s").(*collector).data[0])
	}
	if stored, small := size("0"), size("9"); stored < 200*200*3 || small > stored/10 {
		t.Errorf("level 0 takes %d bytes, level 9 %d", stored, small)
	}
}

func TestSnapshotEndsTheStream(t *testing.T) {
	for _, enc := range []string{"pngenc", "jpegenc"} {
		p := graphtest.Run(t, "testpictures ! "+enc+" snapshot=true ! testsink name=s")
		if n := len(p.Element("s").(*collector).data); n != 1 {
			t.Errorf("%s: %d pictures, want one", enc, n)
		}
	}
}

func TestEncodersRefuseWhatTheyCannotTake(t *testing.T) {
	for _, enc := range []string{"pngenc", "jpegenc"} {
		wantFailure(t, "testbytes num-buffers=3 ! testcaps caps=ANY ! "+enc+" ! testsink", "decodebin")
	}
	_, err := graphtest.Launch(t, "testbytes ! testsink").Engine().Launch("testpictures format=I420 ! pngenc ! testsink")
	if err == nil {
		t.Error("pngenc took I420")
	}
}

func TestEncodersAskForWhatIsWanted(t *testing.T) {
	p := graphtest.Run(t, "testpictures num-buffers=1 width=40 height=30 ! pngenc ! testcaps caps=image/png,width=40 ! testsink name=s")
	if n := len(p.Element("s").(*collector).data); n != 1 {
		t.Errorf("%d pictures", n)
	}
	_, err := p.Engine().Launch("testpictures width=40 ! pngenc ! testcaps caps=image/png,width=41 ! testsink")
	if err == nil {
		t.Error("a PNG of another width was promised")
	}
}
