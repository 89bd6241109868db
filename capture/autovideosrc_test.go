package capture

import (
	"strings"
	"testing"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/capture/v4l2"
	"github.com/eiengine/eiengine/internal/guest"
)

func TestAutoVideoSrcWithoutACamera(t *testing.T) {
	if all, _ := v4l2.Cameras(); len(all) > 0 {
		t.Skip("this machine has a camera")
	}
	failing(t, "autovideosrc", "autovideosrc0", "no camera can be used", "--device /dev/video0", "videotestsrc")
}

// informed waits for an information and gives its text.
func (r *played) informed() string {
	r.t.Helper()
	for m := range r.sub.All(r.ctx) {
		if info, ok := m.Payload.(*bus.Info); ok {
			return info.Text
		}
	}
	r.t.Fatal("nothing is told")
	return ""
}

// TestGuestAutoVideoSrc: the first camera, unless it is in use; that which gives what is asked
// for before others; and if none gives it, any.
func TestGuestAutoVideoSrc(t *testing.T) {
	guest.Need(t)
	first, second := guest.Vivid(t, 0), guest.Vivid(t, 1)
	for _, c := range []struct{ line, want string }{
		{"autovideosrc ! video/x-raw,width=320,height=180 ! fakesink name=out", first},
		{"autovideosrc filter-caps=image/jpeg ! video/x-raw,width=320,height=180 ! fakesink name=out", first},
	} {
		r := play(t, c.line)
		if text := r.informed(); !strings.Contains(text, c.want) {
			t.Errorf("%s: %s; want %s", c.line, text, c.want)
		}
		r.more("out", 3)
		r.stop()
	}
	user := play(t, "v4l2src device="+first+" ! video/x-raw,width=320,height=180 ! fakesink name=out")
	user.more("out", 1)
	failing(t, "v4l2src device="+first+" num-buffers=1 ! video/x-raw,width=320,height=180", first, "in use", "fuser")
	r := play(t, "autovideosrc ! video/x-raw,width=320,height=180 ! fakesink name=out")
	if text := r.informed(); !strings.Contains(text, second) {
		t.Errorf("with %s in use: %s; want %s", first, text, second)
	}
	r.more("out", 3)
	failing(t, "autovideosrc", "no camera can be used", first, second, "in use")
	r.stop()

	usb := guest.PlugIn(t)
	r = play(t, "autovideosrc filter-caps=image/jpeg ! image/jpeg,width=320 ! jpegdec ! fakesink name=out")
	if text := r.informed(); !strings.Contains(text, usb.Node()) {
		t.Errorf("%s; want %s", text, usb.Node())
	}
	r.more("out", 3)
	r.stop()
	user.stop()
}
