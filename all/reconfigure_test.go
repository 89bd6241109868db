package all_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus/link"
	"github.com/eiengine/eiengine/frames"
)

// Changes from downstream while frames flow: upstream adapts between two frames,
// and no frame is lost or in a format that nobody asked for.

// changing is a line with the appsink out, and what is changed in it.
type changing struct {
	line, element, property string
	values                  []string // in turn
	shows                   []string // what arrives then: format, width and height
}

var changes = map[string]changing{
	"a filter behind the source": {
		"videotestsrc ! capsfilter name=f caps=video/x-raw,format=RGB,width=64,height=48 ! appsink name=out", "f", "caps",
		[]string{"video/x-raw,format=I420,width=32,height=48", "video/x-raw,format=RGB,width=64,height=48"}, []string{"I420 32x48", "RGB 64x48"}},
	"a filter in front of a queue": {
		"videotestsrc ! capsfilter name=f caps=video/x-raw,format=RGB,width=64,height=48 ! queue ! appsink name=out", "f", "caps",
		[]string{"video/x-raw,format=GRAY8,width=32,height=48", "video/x-raw,format=RGB,width=64,height=48"}, []string{"GRAY8 32x48", "RGB 64x48"}},
	"a filter behind a queue": {
		"videotestsrc ! queue ! capsfilter name=f caps=video/x-raw,format=RGB,width=64,height=48 ! appsink name=out", "f", "caps",
		[]string{"video/x-raw,format=NV12,width=32,height=48", "video/x-raw,format=RGB,width=64,height=48"}, []string{"NV12 32x48", "RGB 64x48"}},
	"a filter between two queues": {
		"videotestsrc ! queue ! capsfilter name=f caps=video/x-raw,format=RGB,width=64,height=48 ! queue ! videoconvert ! queue ! appsink name=out", "f", "caps",
		[]string{"video/x-raw,format=BGR,width=32,height=48", "video/x-raw,format=RGB,width=64,height=48"}, []string{"BGR 32x48", "RGB 64x48"}},
	"what a scaler makes": {
		"videotestsrc ! video/x-raw,format=RGB,width=64,height=48 ! videoscale ! capsfilter name=f caps=video/x-raw,width=20,height=10 ! appsink name=out", "f", "caps",
		[]string{"video/x-raw,width=64,height=48", "video/x-raw,width=100,height=20", "video/x-raw,width=20,height=10"}, []string{"RGB 64x48", "RGB 100x20", "RGB 20x10"}},
	"what a scaler makes of queued frames": {
		"videotestsrc ! video/x-raw,format=RGB,width=64,height=48 ! queue ! videoconvert ! videoscale ! queue ! capsfilter name=f caps=video/x-raw,width=20,height=10 ! appsink name=out", "f", "caps",
		[]string{"video/x-raw,format=GRAY8,width=64,height=48", "video/x-raw,format=RGB,width=20,height=10"}, []string{"GRAY8 64x48", "RGB 20x10"}},
	"the caps of appsink": {
		"videotestsrc ! video/x-raw,format=RGB,width=64,height=48 ! videoconvertscale ! queue ! appsink name=out", "out", "caps",
		[]string{"video/x-raw,format=I420,width=32,height=24", "video/x-raw,format=BGR", "ANY"}, []string{"I420 32x24", "BGR 64x48", "RGB 64x48"}},
	"the input of a selector": {
		"input-selector name=s ! videoconvert ! queue ! appsink name=out " +
			"videotestsrc ! video/x-raw,format=RGB,width=64,height=48 ! s.sink_0 videotestsrc ! video/x-raw,format=I420,width=32,height=24 ! s.sink_1", "s", "active-pad",
		[]string{"sink_1", "sink_0"}, []string{"I420 32x24", "RGB 64x48"}},
	"what is cut off": {
		"videotestsrc ! video/x-raw,format=RGB,width=64,height=48 ! queue ! videocrop name=c ! queue ! appsink name=out", "c", "left",
		[]string{"10", "40", "0"}, []string{"RGB 54x48", "RGB 24x48", "RGB 64x48"}},
	"which way a picture lies": {
		"videotestsrc ! video/x-raw,format=RGB,width=64,height=48 ! queue ! videoflip name=c ! queue ! appsink name=out", "c", "video-direction",
		[]string{"90r", "identity"}, []string{"RGB 48x64", "RGB 64x48"}},
	"the branch of a tee": {
		"videotestsrc ! video/x-raw,format=RGB,width=64,height=48 ! tee name=t t. ! queue ! videoscale ! capsfilter name=f caps=video/x-raw,width=20,height=10 ! appsink name=out " +
			"t. ! queue ! fakesink", "f", "caps",
		[]string{"video/x-raw,width=64,height=48", "video/x-raw,width=20,height=10"}, []string{"RGB 64x48", "RGB 20x10"}},
	"the sound of a converter": {
		"audiotestsrc ! audio/x-raw,format=S16LE,rate=8000 ! queue ! audioconvert ! audioresample ! capsfilter name=f caps=audio/x-raw,rate=8000 ! appsink name=out", "f", "caps",
		[]string{"audio/x-raw,rate=16000,channels=2", "audio/x-raw,format=F32LE,rate=8000,channels=1"}, []string{"S16LE 16000 2", "F32LE 8000 1"}},
}

func shown(f *frames.Format) string {
	if f.IsAudio() {
		return fmt.Sprintf("%s %d %d", f.Audio.Format, f.Audio.Rate, f.Audio.Channels)
	}
	return fmt.Sprintf("%s %dx%d", f.Video.Format, f.Video.Width, f.Video.Height)
}

// await pulls frames until one is in the format. Those before it may be of the
// formats before.
func await(ctx context.Context, t *testing.T, p *eiengine.Pipeline, out *link.AppSink, want string) {
	t.Helper()
	got := "nothing"
	for n := 0; ; n++ {
		f, err := out.Pull(ctx)
		if err != nil {
			t.Fatalf("waiting for %s: %v, after %d frames, the last in %s; the pipeline says %v", want, err, n, got, p.Wait(ctx))
		}
		got = shown(f.Format)
		f.Release()
		if got == want {
			return
		}
	}
}

func TestDownstreamChangesItsMind(t *testing.T) {
	for name, c := range changes {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
			defer cancel()
			e := eiengine.New(eiengine.Options{})
			defer e.Close()
			p, err := e.Launch(c.line)
			if err != nil {
				t.Fatal(err)
			}
			out, err := eiengine.Find[*link.AppSink](p, "out")
			if err != nil {
				t.Fatal(err)
			}
			for name, value := range map[string]string{"sync": "false", "max-buffers": "2"} {
				if err := p.Set("out", name, value); err != nil {
					t.Fatal(err)
				}
			}
			p.SetState(eiengine.Playing)
			// The first changes come before the first format has gone through.
			for round := range 5 {
				for i, value := range c.values {
					if err := p.Set(c.element, c.property, value); err != nil {
						t.Fatal(err)
					}
					if round > 0 {
						await(ctx, t, p, out, c.shows[i])
					}
				}
			}
			if err := p.Close(); err != nil {
				t.Error(err)
			}
			if leaks := e.Pool().Leaks(); leaks != "" {
				t.Errorf("frames leaked:\n%s", leaks)
			}
		})
	}
}
