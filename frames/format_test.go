package frames

import (
	"strings"
	"testing"
	"time"
)

// The sizes are GStreamer's: rows rounded up to four bytes, even rows of chroma.
func TestLayoutsAreGStreamers(t *testing.T) {
	for _, c := range []struct {
		format        string
		width, height int
		size          int
	}{
		{"RGB", 321, 3, 2892}, {"I420", 321, 3, 1952}, {"NV12", 321, 3, 1944}, {"YUY2", 321, 3, 1932},
		{"GRAY8", 321, 3, 972}, {"BGRx", 321, 3, 3852}, {"RGB", 33, 2, 200}, {"I420", 640, 480, 460800},
	} {
		f, err := ParsePixelFormat(c.format)
		if err != nil {
			t.Fatal(err)
		}
		l := VideoInfo{Format: f, Width: c.width, Height: c.height}.DefaultLayout()
		if l.Size != c.size {
			t.Errorf("%s %dx%d: %d bytes, not %d", c.format, c.width, c.height, l.Size, c.size)
		}
	}
}

func TestFormatsReadWhatCapsSay(t *testing.T) {
	f, err := NewFormat(MustCaps("video/x-raw, format=NV12, width=1280, height=720, framerate=30/1, colorimetry=bt709"))
	if err != nil {
		t.Fatal(err)
	}
	want := VideoInfo{Format: NV12, Width: 1280, Height: 720, FPS: Fraction{30, 1}, Color: Colorimetry{BT709, LimitedRange}}
	if f.Video != want || f.FrameSize() != 1280*720*3/2 {
		t.Errorf("got %+v of %d bytes", f.Video, f.FrameSize())
	}
	a, err := NewFormat(MustCaps("audio/x-raw, format=S16LE, rate=16000, channels=2, layout=interleaved"))
	if err != nil {
		t.Fatal(err)
	}
	if a.Audio != (AudioInfo{S16LE, 16000, 2}) || a.Audio.FrameBytes() != 4 || a.Audio.Duration(8000) != time.Second/2 {
		t.Errorf("got %+v", a.Audio)
	}
	v, err := VideoFormat(want)
	if err != nil || !v.Equal(f) {
		t.Errorf("%v, %v is not %v", err, v, f)
	}
}

func TestFormatsThatSayTooLittleOrTooMuch(t *testing.T) {
	for text, want := range map[string]string{
		"video/x-raw, width=3, height=3":                   "no format",
		"video/x-raw, format=RGB, height=3":                "no width",
		"video/x-raw, format=RGB, width=0, height=3":       "width is 0",
		"video/x-raw, format=RGB, width=1000000, height=3": "width is 1000000",
		"video/x-raw, format=XYZ, width=3, height=3":       `unknown pixel format "XYZ"`,
		"audio/x-raw, format=S16LE, rate=8000":             "no channels",
		"video/x-raw, format={RGB,BGR}, width=3, height=3": "several formats",
	} {
		if _, err := NewFormat(MustCaps(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestPictureViewsStayInside(t *testing.T) {
	for _, f := range PixelFormats() {
		for _, size := range [][2]int{{1, 1}, {3, 5}, {17, 2}} {
			p := NewPicture(f, size[0], size[1])
			for plane := range f.Planes() {
				n, rows := f.PlaneSize(plane, size[0], size[1])
				for y := range rows {
					if got := len(p.Row(plane, y)); got != n {
						t.Errorf("%v %v: row of %d bytes, not %d", f, size, got, n)
					}
				}
			}
		}
	}
}

func TestFramesOfARate(t *testing.T) {
	for _, c := range []struct {
		rate Fraction
		n    int64
		want time.Duration
	}{
		{Fraction{30, 1}, 1, 33333333}, {Fraction{30, 1}, 30, time.Second}, {Fraction{30000, 1001}, 30000, 1001 * time.Second},
		{Fraction{25, 1}, 1 << 30, (1 << 30) * 40 * time.Millisecond}, {Fraction{0, 1}, 5, 0},
	} {
		if got := c.rate.Time(c.n); got != c.want {
			t.Errorf("frame %d at %v: %v, not %v", c.n, c.rate, got, c.want)
		}
	}
}
