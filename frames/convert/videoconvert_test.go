package convert_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func video(t testing.TB, caps string) *frames.Format {
	t.Helper()
	f, err := frames.NewFormat(frames.MustCaps(caps))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func near(a, b uint8, tolerance int) bool {
	d := int(a) - int(b)
	return d <= tolerance && d >= -tolerance
}

// A solid colour keeps its value through every pair of formats that hold colour.
func TestVideoConvertPairs(t *testing.T) {
	for _, from := range frames.PixelFormats() {
		for _, to := range frames.PixelFormats() {
			g := run(t, fmt.Sprintf("videotestsrc num-buffers=1 pattern=solid-color foreground-color=0xff336699 ! video/x-raw,format=%s,width=21,height=11 ! videoconvert ! video/x-raw,format=%s ! videoconvert ! video/x-raw,format=RGB", from, to))
			want := [3]uint8{0x33, 0x66, 0x99}
			if from == frames.GRAY8 || to == frames.GRAY8 {
				want = [3]uint8{93, 93, 93} // 0.299*51 + 0.587*102 + 0.114*153
			}
			px := g[0].picture.Row(0, 10)[3*20:]
			for i := range 3 {
				if !near(px[i], want[i], 3) {
					t.Errorf("%s to %s: %v, want %v", from, to, px[:3], want)
					break
				}
			}
		}
	}
}

// Of what downstream takes videoconvert chooses what loses least.
func TestVideoConvertChooses(t *testing.T) {
	for _, tt := range []struct{ in, takes, want string }{
		{"I420", "{RGB,NV12}", "NV12"}, {"I420", "{GRAY8,RGB}", "RGB"}, {"RGB", "{I420,GRAY8,BGR}", "BGR"},
		{"RGBA", "{RGB,BGRA}", "BGRA"}, {"RGBA", "{GRAY8,RGB,I420}", "RGB"}, {"YUY2", "{I420,UYVY}", "UYVY"},
		{"GRAY8", "{RGB,I420}", "RGB"}, {"RGB", "{I420,YUY2}", "YUY2"}, {"RGB", "{RGBA,RGB}", "RGB"}, {"NV12", "{BGR,RGB}", "BGR"},
		{"RGB", "{BGRx,BGRA}", "BGRx"},
	} {
		line := fmt.Sprintf("videotestsrc num-buffers=1 ! video/x-raw,format=%s,width=16,height=8,framerate=5/1 ! videoconvert ! video/x-raw,format=%s", tt.in, tt.takes)
		g := run(t, line)
		if got := g[0].format.Video; got.Format.String() != tt.want || got.Width != 16 || got.Height != 8 || got.FPS.Num != 5 {
			t.Errorf("%s\ngave %s, want %s", line, g[0].format, tt.want)
		}
	}
}

// What need not change passes without a copy.
func TestVideoPassesThrough(t *testing.T) {
	data := make([]byte, 16*8*3)
	f := video(t, "video/x-raw,format=RGB,width=16,height=8,framerate=0/1")
	p := graphtest.Launch(t, "given name=in ! videoconvert ! videoscale ! videoconvertscale ! fakesink")
	p.Element("in").(*given).format, p.Element("in").(*given).list = f, []given1{{data: data}}
	if err := play(t, p); err != nil {
		t.Fatal(err)
	}
	if total := p.Engine().Pool().Stats().Total; total != 0 {
		t.Errorf("%d bytes were allocated to change nothing", total)
	}
	g := give(t, f, "videoconvert ! videoscale ! video/x-raw,pixel-aspect-ratio=1/1", given1{data: data})
	if par := g[0].format.Video.PAR; par != (frames.Fraction{Num: 1, Den: 1}) {
		t.Errorf("only the caps change, to %s", g[0].format)
	}
}

func TestVideoConvertColorimetry(t *testing.T) {
	// Full-range YUV of a JPEG: white is 255.
	in := video(t, "video/x-raw,format=I420,width=4,height=2,framerate=0/1,colorimetry=1:4:0:0")
	data := make([]byte, in.FrameSize())
	for i := range data {
		data[i] = 255
	}
	for i := 8; i < len(data); i++ {
		data[i] = 128
	}
	g := give(t, in, "videoconvert ! video/x-raw,format=RGB", given1{data: data})
	if c := g[0].data[:3]; c[0] != 255 || c[1] != 255 || c[2] != 255 {
		t.Errorf("full-range white became %v", c)
	}
	g = give(t, in, "videoconvert ! video/x-raw,format=NV12", given1{data: data})
	if g[0].data[0] != 255 || g[0].format.Video.Color.Range != frames.FullRange {
		t.Errorf("full range was lost: %d, %s", g[0].data[0], g[0].format)
	}
	g = give(t, in, "videoconvert ! video/x-raw,format=I420,colorimetry=bt601", given1{data: data})
	if g[0].data[0] != 235 {
		t.Errorf("limited white is %d, want 235", g[0].data[0])
	}
}

func TestVideoRefusesBytes(t *testing.T) {
	p := graphtest.Launch(t, "given name=in ! videoconvert ! fakesink")
	in := p.Element("in").(*given)
	in.format, in.list = frames.Untyped, []given1{{data: []byte{1, 2, 3}}}
	err := play(t, p)
	if err == nil || !strings.Contains(err.Error(), "decodebin") || !strings.Contains(err.Error(), "videoconvert0") {
		t.Errorf("got %v", err)
	}
}

// TestColorsAreKept: what the caps say of colours goes on, as far as it is true of
// the new format; the fixtures are what gst-launch-1.0 1.22 chooses.
func TestColorsAreKept(t *testing.T) {
	for _, tt := range []struct{ in, takes, want string }{
		{"format=I420,colorimetry=bt709", "format=YUY2", "bt709"},
		{"format=I420,colorimetry=bt709", "format=RGB", "1:1:5:1"},
		{"format=I420,colorimetry=bt2020", "format=RGB", "1:1:11:7"},
		{"format=I420,colorimetry=bt709", "format=GRAY8", "1:4:5:1"},
		{"format=I420,colorimetry=bt709", "format=I420,colorimetry=bt601", "bt601"},
		{"format=RGB,colorimetry=sRGB", "format=BGR", "sRGB"},
		{"format=RGB,colorimetry=sRGB", "format=I420", "2:4:7:1"},
		{"format=RGB,colorimetry=1:1:5:1,width=16,height=720", "format=I420", "bt709"},
		{"format=RGB,colorimetry=1:1:16:4", "format=NV12", "bt601"},
	} {
		g := run(t, "videotestsrc num-buffers=1 ! video/x-raw,"+tt.in+" ! videoconvert ! video/x-raw,"+tt.takes)
		if got, _ := g[0].format.Caps().Structures()[0].Get("colorimetry"); got != frames.Value(frames.String(tt.want)) {
			t.Errorf("%s to %s: colorimetry %v, want %s", tt.in, tt.takes, got, tt.want)
		}
	}
}

// TestMatricesConvert: the same colour by the weights of each standard. Pure red is
// its weight of luma, and as far from gray as chroma goes.
func TestMatricesConvert(t *testing.T) {
	for name, kr := range map[string]float64{"bt601": 0.299, "bt709": 0.2126, "smpte240m": 0.212, "bt2020": 0.2627, "1:2:0:0": 0.30} {
		black, luma := 16.0, 219.0
		if name == "1:2:0:0" {
			black, luma = 0, 255
		}
		g := run(t, "videotestsrc num-buffers=1 pattern=red ! video/x-raw,format=RGB,width=16,height=16 ! videoconvert ! video/x-raw,format=I420,colorimetry="+name)
		if got, want := float64(g[0].data[0]), black+luma*kr; math.Abs(got-want) > 0.51 {
			t.Errorf("%s: red has luma %v, want %.1f", name, got, want)
		}
		back := run(t, "videotestsrc num-buffers=1 pattern=red ! video/x-raw,format=RGB,width=16,height=16 ! videoconvert ! video/x-raw,format=I420,colorimetry="+name+" ! videoconvert ! video/x-raw,format=RGB")
		for i, want := range []byte{255, 0, 0} {
			if got := back[0].data[i]; math.Abs(float64(got)-float64(want)) > 3 {
				t.Errorf("%s: red comes back as %v", name, back[0].data[:3])
			}
		}
	}
}
