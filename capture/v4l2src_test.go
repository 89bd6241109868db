package capture

import (
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine/frames"
)

func TestV4L2WithoutACamera(t *testing.T) {
	failing(t, "v4l2src device=/dev/video-nowhere", "no camera at /dev/video-nowhere")
	failing(t, "v4l2src device=/dev/null", "/dev/null", "captures no pictures")
	failing(t, "v4l2src device=usb:0000:0000:none", "usb:0000:0000:none", "eiengine devices")
	failing(t, "v4l2src io-mode=userptr", "io-mode=userptr is not offered")
}

// TestV4L2Chooses holds the choices that GStreamer 1.22 was seen to make with these
// cameras.
func TestV4L2Chooses(t *testing.T) {
	const vivid = "video/x-raw,format=YUY2,width=3840,height=2160,framerate={1/1,2/1};" +
		"video/x-raw,format=YUY2,width=640,height=480,framerate={10/1,25/1};" +
		"video/x-raw,format=YUY2,width=640,height=360,framerate={30/1,40/1};" +
		"video/x-raw,format=YUY2,width=320,height=180,framerate={30/1,60/1};" +
		"video/x-raw,format=RGB,width=3840,height=2160,framerate={1/1,2/1};" +
		"video/x-raw,format=RGB,width=640,height=480,framerate={10/1,15/1,25/1}"
	const webcam = "video/x-raw,format=YUY2,width=320,height=240,framerate={15/1,30/1};" +
		"image/jpeg,width=640,height=480,framerate={15/1,30/1};image/jpeg,width=320,height=240,framerate={15/1,30/1}"
	for _, c := range []struct{ camera, suggested, want string }{
		{vivid, "ANY", "video/x-raw,format=YUY2,width=3840,height=2160,framerate=2/1"},
		{vivid, "video/x-raw,width=640", "video/x-raw,format=YUY2,width=640,height=480,framerate=25/1"},
		{vivid, "video/x-raw,width=500,height=300;video/x-raw,width=[1,32768],height=[1,32768]", "video/x-raw,format=YUY2,width=640,height=360,framerate=40/1"},
		{vivid, "video/x-raw,format={RGB,YUY2,NV12},width=[100,700]", "video/x-raw,format=YUY2,width=640,height=480,framerate=25/1"},
		{vivid, "video/x-raw,format=RGB;video/x-raw", "video/x-raw,format=RGB,width=3840,height=2160,framerate=2/1"},
		{vivid, "video/x-raw,format=RGB,width=640,framerate=15/1", "video/x-raw,format=RGB,width=640,height=480,framerate=15/1"},
		{webcam, "ANY", "video/x-raw,format=YUY2,width=320,height=240,framerate=30/1"},
		{webcam, "image/jpeg", "image/jpeg,width=640,height=480,framerate=30/1"},
		{webcam, "image/jpeg,width=320", "image/jpeg,width=320,height=240,framerate=30/1"},
		{webcam, "image/jpeg;video/x-raw", "image/jpeg,width=640,height=480,framerate=30/1"},
	} {
		camera, suggested, want := caps(t, c.camera), caps(t, c.suggested), caps(t, c.want)
		got := new(v4l2Src).FixateFor(suggested, camera.Intersect(suggested))
		if !got.Equal(want) {
			t.Errorf("for %s\n got %s\nwant %s", c.suggested, got, want)
		}
	}
}

func caps(t *testing.T, text string) frames.Caps {
	t.Helper()
	c, err := frames.ParseCaps(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestClockOffsetKeepsDistances: what the reading of a clock trembles is not in the times
// of pictures, but a pause is.
func TestClockOffsetKeepsDistances(t *testing.T) {
	var o clockOffset
	const ms = time.Millisecond
	for _, c := range []struct{ driver, clock, took, want time.Duration }{
		{1000 * ms, 100 * ms, 0, -900 * ms},
		{1033 * ms, 134 * ms, 0, -900 * ms}, // a millisecond late
		{1066 * ms, 166 * ms, 0, -900 * ms},
		{1100 * ms, 260 * ms, 61 * ms, -900 * ms}, // other programs ran in between
		{1133 * ms, 233 * ms, 0, -900 * ms},
		{2133 * ms, 234 * ms, 0, -1899 * ms}, // stood still for a second
	} {
		if got := o.from(c.driver, c.clock, c.took); got != c.want {
			t.Errorf("at %v the clock of %v is ahead by %v, want %v", c.driver, c.clock, got, c.want)
		}
	}
}

func TestV4L2TemplateHasWhatItPasses(t *testing.T) {
	text := v4l2Template().String()
	for _, c := range v4l2Compressed {
		media, _, _ := strings.Cut(c.caps, ",")
		if !strings.Contains(text, media) {
			t.Errorf("%s is not in the template", media)
		}
	}
}
