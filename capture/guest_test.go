package capture

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
	"github.com/eiengine/eiengine/internal/guest"
)

// played is a pipeline that runs to its end beside the test.
type played struct {
	t     *testing.T
	p     *eiengine.Pipeline
	sub   *bus.Subscription
	ended chan error
	ctx   context.Context
}

// play runs a line until it ends, or the test does.
func play(t *testing.T, line string) *played {
	t.Helper()
	p := graphtest.Launch(t, line)
	r := &played{t: t, p: p, sub: p.Bus().Subscribe(1000), ended: make(chan error, 1), ctx: guest.Context(t)}
	go func() { r.ended <- p.Run(r.ctx) }()
	return r
}

// state waits until the camera is said to be in a state.
func (r *played) state(want string) *bus.Device {
	r.t.Helper()
	for m := range r.sub.All(r.ctx) {
		if s, ok := m.Payload.(*bus.Device); ok {
			r.t.Logf("%+v", *s)
			if s.Event == want {
				return s
			}
		}
	}
	r.t.Fatalf("the camera is not said to be %s", want)
	return nil
}

// stats of an element.
func (r *played) stats(name string) (s eiengine.ElementStats) {
	for _, e := range r.p.Stats() {
		if e.Name == name {
			return e
		}
	}
	r.t.Fatalf("no element %s", name)
	return s
}

// more waits until an element has taken n frames more.
func (r *played) more(name string, n uint64) {
	r.t.Helper()
	want := r.stats(name).In + n
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for r.stats(name).In < want {
		select {
		case <-tick.C:
		case <-r.ctx.Done():
			r.t.Fatalf("%s has %+v", name, r.stats(name))
		}
	}
}

func (r *played) stop() {
	r.t.Helper()
	if err := r.p.Stop(r.ctx); err != nil {
		r.t.Error(err)
	}
	<-r.ended
}

func TestGuestV4L2Formats(t *testing.T) {
	guest.Need(t)
	for n, formats := range []string{"YUY2 NV12 I420 RGB BGRx GRAY8", "NV12 I420 YUY2"} {
		for _, format := range strings.Fields(formats) {
			got := mustRun(t, "v4l2src num-buffers=10 device="+guest.Vivid(t, n)+" ! video/x-raw,width=320,height=180,framerate=30/1,format="+format)
			if len(got) != 10 {
				t.Fatalf("%s: %d frames", format, len(got))
			}
			for i, f := range got {
				if i > 0 && (f.pts <= got[i-1].pts || f.seq <= got[i-1].seq || f.mono <= got[i-1].mono) {
					t.Errorf("%s: frame %d: %v after %v, number %d after %d", format, i, f.pts, got[i-1].pts, f.seq, got[i-1].seq)
				}
				if f.pts < 0 || f.duration <= 0 || f.picture.Width != 320 || f.picture.Format.String() != format {
					t.Errorf("%s: frame %d: %+v", format, i, f)
				}
			}
		}
	}
}

// TestGuestV4L2ZeroCopy takes pictures of two cameras to sinks in the drivers' memory.
func TestGuestV4L2ZeroCopy(t *testing.T) {
	guest.Need(t)
	want := guest.Frames(2000) / 2
	line := ""
	for n := range 2 {
		line += fmt.Sprintf(" v4l2src name=camera%d device=%s num-buffers=%d ! video/x-raw,format=NV12,width=320,height=180,framerate=60/1 ! identity ! fakesink", n, guest.Vivid(t, n), want)
	}
	p := graphtest.Launch(t, line)
	if err := p.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, e := range p.Stats() {
		if e.Copies != 0 {
			t.Errorf("%s has copied %d", e.Name, e.Copies)
		}
	}
	for _, name := range []string{"camera0", "camera1"} {
		counts := counts(p, name)
		t.Logf("%s: %v", name, counts)
		if counts["lent"] < uint64(want) || counts["copied"] != 0 || counts["left out"] != 0 {
			t.Errorf("%s: %v: want %d in the driver's memory", name, counts, want)
		}
	}
	if held := p.Engine().Pool().Stats().InUse; held != 0 {
		t.Errorf("%d bytes are held", held)
	}
}

// counts of a camera.
func counts(p *eiengine.Pipeline, name string) map[string]uint64 {
	all := map[string]uint64{}
	for _, c := range p.Element(name).(*v4l2Src).Counts() {
		all[c.Name] = c.N
	}
	return all
}

// lightMeter measures how bright pictures are.
type lightMeter struct {
	eiengine.Settings[eiengine.NoProps]
	mean atomic.Int64
}

func init() {
	eiengine.Register(eiengine.Factory{
		Name: "lightmeter", LongName: "Light meter", Class: "Sink", Description: "Measures how bright pictures are, for tests",
		Pads: []eiengine.PadTemplate{eiengine.SinkPad(rawVideo())},
		New:  func() eiengine.Element { return new(lightMeter) },
	})
}

func (s *lightMeter) Process(_ *eiengine.Ctx, in *frames.Frame) error {
	defer in.Release()
	picture := in.Picture()
	sum := int64(0)
	for x := range picture.Width {
		sum += int64(picture.Row(0, picture.Height/2)[2*x])
	}
	s.mean.Store(sum / int64(picture.Width))
	return nil
}

func TestGuestV4L2Controls(t *testing.T) {
	guest.Need(t)
	// Luma of vivid's bars: 97 at brightness 128, 22 at 1, 203 at 250.
	r := play(t, "v4l2src name=camera brightness=1 extra-controls=c,osd_text_mode=2,brightness=250 ! video/x-raw,format=YUY2,width=320,height=180 ! lightmeter name=out")
	await := func(what string, is func(n int64) bool) {
		t.Helper()
		meter := r.p.Element("out").(*lightMeter)
		for !is(meter.mean.Load()) {
			r.more("out", 1)
		}
	}
	await("extra-controls at the start", func(n int64) bool { return n > 180 })
	if err := r.p.Set("camera", "brightness", "10"); err != nil {
		t.Error(err)
	}
	await("brightness while playing", func(n int64) bool { return n < 60 })
	if err := r.p.Set("camera", "extra-controls", "c,brightness=128"); err != nil {
		t.Error(err)
	}
	await("extra-controls while playing", func(n int64) bool { return n > 80 && n < 120 })
	if name, err := r.p.Get("camera", "device-name"); err != nil || name != "vivid" {
		t.Errorf("device-name=%s, %v", name, err)
	}
	if fd, err := r.p.Get("camera", "device-fd"); err != nil || fd == "-1" {
		t.Errorf("device-fd=%s, %v", fd, err)
	}
	r.stop()
	failing(t, "v4l2src extra-controls=c,no_such=1", "no_such", "brightness")
	failing(t, "v4l2src brightness=1000", "brightness", "0 to 255")
}

// TestGuestV4L2Reconnects stalls and pulls out one camera, while another goes on, and plugs it
// in again.
func TestGuestV4L2Reconnects(t *testing.T) {
	guest.Need(t)
	usb := guest.PlugIn(t)
	r := play(t, "v4l2src device="+usb.Node()+" ! image/jpeg,width=320,framerate=15/1 ! jpegdec ! fakesink name=out "+
		"v4l2src device="+guest.Vivid(t, 0)+" ! video/x-raw,width=320,height=180 ! fakesink name=other")
	r.more("out", 5)
	usb.Stall()
	r.state("stalled")
	r.more("other", 10)
	usb.Stall()
	r.state("restored")
	r.more("out", 5)

	usb.Unplug()
	lost := r.state("lost")
	r.more("other", 10)
	usb.Replug()
	if back := r.state("restored"); back.ID != lost.ID || back.Away <= 0 {
		t.Errorf("lost %+v, back %+v", lost, back)
	}
	r.more("out", 5)
	r.stop()
}

// TestGuestV4L2Faults has vivid fail in the middle of a stream: it goes on.
func TestGuestV4L2Faults(t *testing.T) {
	guest.Need(t)
	node := guest.Vivid(t, 0)
	for _, fault := range []string{"inject_fatal_streaming_error", "disconnect"} {
		r := play(t, "v4l2src name=camera device="+node+" ! video/x-raw,width=320,height=180 ! fakesink name=out")
		r.more("out", 5)
		// They are buttons, which take any value.
		if err := r.p.Set("camera", "extra-controls", "c,"+fault+"=1"); err != nil {
			t.Fatal(err)
		}
		r.state("lost")
		if err := r.p.Set("camera", "extra-controls", "c"); err != nil {
			t.Fatal(err)
		}
		r.state("restored")
		r.more("out", 5)
		r.stop()
	}
	r := play(t, "v4l2src name=camera device="+node+" ! video/x-raw,width=320,height=180 ! fakesink name=out")
	r.more("out", 5)
	if err := r.p.Set("camera", "extra-controls", "c,inject_v4l2_buf_flag_error=1"); err != nil {
		t.Fatal(err)
	}
	for counts(r.p, "camera")["damaged"] == 0 {
		r.more("out", 1)
	}
	r.stop()
	failing(t, "v4l2src device="+node+" extra-controls=c,inject_vidioc_streamon_error=1", "starting", "start again")
}

// TestGuestV4L2AsGStreamer compares the caps that both choose.
func TestGuestV4L2AsGStreamer(t *testing.T) {
	guest.Need(t)
	if _, err := exec.LookPath("gst-launch-1.0"); err != nil {
		t.Skip("there is no gst-launch-1.0")
	}
	usb := guest.PlugIn(t)
	for _, line := range []string{
		"device=/dev/video0 ! video/x-raw,width=640",
		"device=/dev/video0 ! video/x-raw,width=320,format={YVYU,NV21,YV12,RGB}",
		"device=/dev/video0 ! videoscale ! video/x-raw,width=500,height=300",
		"device=/dev/video0 ! videoconvert ! video/x-raw,format=RGB,width=640",
		"device=/dev/video1 ! video/x-raw,width=320",
		"device=" + usb.Node() + " ! image/jpeg",
	} {
		ours := caps(t, chosen(t, line, guest.Program("eiengine"), "launch"))
		theirs := caps(t, chosen(t, line, "gst-launch-1.0"))
		if !ours.IsSubsetOf(theirs) || !theirs.IsSubsetOf(ours) {
			t.Errorf("%s\n   ours %s\n theirs %s", line, ours, theirs)
		}
	}
}

var sourceCaps = regexp.MustCompile(`GstV4l2Src:v4l2src0.GstPad:src: caps = (.*)`)

// chosen are the caps that a program chooses for the camera of a line.
func chosen(t *testing.T, line string, program ...string) string {
	t.Helper()
	args := append(program[1:], "-v", "v4l2src", "num-buffers=1")
	args = append(append(args, strings.Fields(line)...), "!", "fakesink")
	cmd := exec.CommandContext(guest.Context(t), program[0], args...)
	cmd.Env = append(os.Environ(), "GST_REGISTRY_UPDATE=no") // looking at each of its plugins takes long here
	out, err := cmd.CombinedOutput()
	m := sourceCaps.FindSubmatch(out)
	if err != nil || m == nil {
		t.Fatalf("%s %s: %v\n%s", program, line, err, out)
	}
	return string(m[1])
}
