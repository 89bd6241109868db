package capture

import (
	"testing"

	"github.com/eiengine/eiengine/capture/v4l2"
	"github.com/eiengine/eiengine/internal/guest"
)

func TestAVFVideoSrcWithoutACamera(t *testing.T) {
	if all, _ := v4l2.Cameras(); len(all) > 0 {
		t.Skip("this machine has a camera")
	}
	failing(t, "avfvideosrc", "avfvideosrc0", "no camera can be used", "videotestsrc")
	failing(t, "avfvideosrc device-index=3", "device-index=3", "0 cameras", "eiengine devices")
}

// TestGuestAVFVideoSrc runs lines that were written on a Mac.
func TestGuestAVFVideoSrc(t *testing.T) {
	guest.Need(t)
	for _, properties := range []string{"", "device-index=1"} {
		r := play(t, "avfvideosrc name=camera "+properties+" ! queue max-size-buffers=2 leaky=downstream ! video/x-raw,width=320,height=180 ! identity ! fakesink name=out")
		r.more("out", 3)
		if name, err := r.p.Get("camera", "device-name"); err != nil || name != "vivid" {
			t.Errorf("device-name=%s, %v", name, err)
		}
		r.stop()
	}
	failing(t, "avfvideosrc device-index=9", "device-index=9", "eiengine devices")
}
