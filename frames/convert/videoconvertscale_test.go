package convert_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestVideoConvertScale(t *testing.T) {
	for _, size := range []string{"width=64,height=48", "width=640,height=480", "width=33,height=77"} {
		for _, pair := range [][2]string{{"I420", "RGB"}, {"RGB", "I420"}, {"YUY2", "GRAY8"}, {"GRAY8", "BGRA"}} {
			g := run(t, fmt.Sprintf("videotestsrc num-buffers=1 pattern=red ! video/x-raw,format=%s,width=160,height=120 ! videoconvertscale ! video/x-raw,format=%s,%s ! videoconvert ! video/x-raw,format=RGB", pair[0], pair[1], size))
			want := [3]uint8{255, 0, 0}
			if pair[0] == "GRAY8" || pair[1] == "GRAY8" {
				want = [3]uint8{76, 76, 76}
			}
			px := g[0].picture.Row(0, 20)[30:]
			for i := range 3 {
				if !near(px[i], want[i], 3) {
					t.Errorf("%v %s: %v, want %v", pair, size, px[:3], want)
					break
				}
			}
		}
	}
}

// In steady state a stretch of video elements allocates nothing for a frame.
func TestVideoAllocatesNothing(t *testing.T) {
	if debugging {
		t.Skip("skipped: under -race and -tags eidebug blocks and headers are not reused")
	}
	allocatesNothing(t, "videotestsrc num-buffers=%d ! video/x-raw,format=I420 ! videoconvert ! video/x-raw,format=RGB ! videoscale ! video/x-raw,width=96,height=96 ! fakesink")
	// From every kind of format to every other, and to other colours of the same.
	kinds := []string{
		"I420", "NV12", "YUY2", "I420", "RGB", "NV21", "UYVY", "YVYU", "BGRA", "YUY2", "NV12", "ARGB", "BGR", "GRAY8",
		"I420,colorimetry=bt601", "I420,colorimetry=bt709", "YUY2,colorimetry=bt601", "NV12,colorimetry=bt709", "GRAY8", "UYVY", "GRAY8", "RGBx", "GRAY8",
	}
	line := "videotestsrc num-buffers=%d pattern=black ! video/x-raw,format=RGB,width=96,height=64"
	for _, format := range kinds {
		line += " ! videoconvert ! video/x-raw,format=" + format
	}
	allocatesNothing(t, line+" ! fakesink")
	for _, format := range []string{"I420", "NV12", "YUY2", "RGB", "BGRA", "GRAY8"} {
		allocatesNothing(t, "videotestsrc num-buffers=%d pattern=black ! video/x-raw,format="+format+
			",width=96,height=64 ! videoscale ! video/x-raw,width=64,height=64 ! fakesink")
	}
}

// allocatesNothing compares what many frames cost with what twice as many do.
func allocatesNothing(t *testing.T, line string) {
	t.Helper()
	mallocs := func(n int) uint64 {
		p := graphtest.Launch(t, fmt.Sprintf(line, n))
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		if err := play(t, p); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return after.Mallocs - before.Mallocs
	}
	mallocs(50)
	const n = 400
	once, twice := mallocs(n), mallocs(2*n)
	extra := int64(twice) - int64(once)
	t.Logf("%d frames: %d allocations, %d frames: %d", n, once, 2*n, twice)
	if extra > n/20 { // the runtime of Go makes a few of its own
		t.Errorf("%s: %d frames more cost %d allocations more", line, n, extra)
	}
}

// A filter's caps that change while playing reach back to the converter; the
// source goes on as it is.
func TestCapsChangeWhilePlaying(t *testing.T) {
	for _, converters := range []string{"videoconvertscale", "videoconvert ! videoscale", "videoscale ! queue ! videoconvert"} {
		p := graphtest.Launch(t, "videotestsrc name=s num-buffers=60 is-live=true ! video/x-raw,format=I420,width=64,height=48,framerate=100/1 ! "+
			converters+" ! capsfilter name=f caps=video/x-raw,format=RGB,width=32,height=24 ! collect name=out")
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
		defer cancel()
		sub := p.Bus().Subscribe(256, bus.TypePropertyNotify)
		if err := p.Play(ctx); err != nil {
			t.Fatal(err)
		}
		// The first format has come through when the sink has it.
		for _, n := range bus.Payloads[*bus.PropertyNotify](ctx, sub) {
			if n.Element == "out" {
				break
			}
		}
		sub.Close()
		if err := p.Set("f", "caps", "video/x-raw,format=GRAY8,width=20,height=40"); err != nil {
			t.Error(err)
		}
		if err := p.Wait(ctx); err != nil {
			t.Error(err)
		}
		got := p.Element("out").(*collect).got
		if len(got) == 0 {
			t.Fatalf("%s: nothing came", converters)
		}
		v := got[len(got)-1].format.Video
		if v.Format != frames.GRAY8 || v.Width != 20 || v.Height != 40 {
			t.Errorf("%s: at the end %s", converters, got[len(got)-1].format)
		}
	}
}
