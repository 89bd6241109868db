package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/eiengine/eiengine/capture/v4l2"
	"github.com/eiengine/eiengine/internal/graphtest"
	"github.com/eiengine/eiengine/internal/guest"
	"github.com/eiengine/eiengine/internal/soak"
)

// soakLine is a USB camera and its microphone, each with a model, a camera that is broken
// too, with a model that is a process, and a camera that nobody touches.
const soakLine = `
	v4l2src name=usb device=%[1]s ! image/jpeg,width=320,framerate=15/1 ! queue max-size-buffers=1 leaky=downstream ! jpegdec ! videoconvert !
		edgeimpulsevideoinfer name=shapes model-path=builtin:shapes ! edgeimpulseoverlay ! fakesink name=pictures
	alsasrc name=mic device=hw:CARD=webcam buffer-time=500000 latency-time=50000 ! audioconvert ! audioresample !
		edgeimpulseaudioinfer name=sounds model-path=builtin:sounds ! fakesink name=sound
	v4l2src name=vivid device=%[2]s ! video/x-raw,width=320,height=180,framerate=5/1 ! queue max-size-buffers=1 leaky=downstream !
		edgeimpulsevideoinfer name=process model-path=%[4]s interval=9 ! fakesink name=broken
	v4l2src name=other device=%[3]s stall-timeout=10000 ! video/x-raw,width=320,height=180,framerate=5/1 ! fakesink name=whole`

// soaker breaks the devices of soakLine.
type soaker struct {
	*soak.Watch
	t     *testing.T
	usb   *guest.USBCamera
	vivid string // a node
	model string // a file
	// How often they must be said to be lost.
	unplugged, broken, killed int
}

// TestGuestSoak has cameras, a microphone and three models play for GUEST_SOAK, and
// unplugs, stalls, damages and kills them at random moments.
func TestGuestSoak(t *testing.T) {
	guest.Need(t)
	length := soak.Length(t, "GUEST_SOAK")
	before := sharedMemory(t)
	nothingLeft(t, func(t *testing.T) { soakGuest(t, length) })
	if after := sharedMemory(t); len(after) > len(before) {
		t.Errorf("shared memory before: %v, after: %v", before, after)
	}
}

// sharedMemory has the names of what all processes of the guest share.
func sharedMemory(t *testing.T) []os.DirEntry {
	t.Helper()
	all, err := os.ReadDir("/dev/shm")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// nothingLeft runs a soak, and looks at what it leaves behind.
func nothingLeft(t *testing.T, playing func(t *testing.T)) {
	startPoller(t)
	running := goleak.IgnoreCurrent()
	open, before := soak.Open(), soak.Settled()
	t.Run("playing", playing)
	after := soak.Settled()
	t.Logf("before %v", before)
	t.Logf("after  %v", after)
	if left := soak.Open(); len(left) != len(open) {
		t.Errorf("open before: %v, after: %v", open, left)
	}
	if after.Children != before.Children {
		t.Errorf("%d children are left", after.Children-before.Children)
	}
	if after.Shared != before.Shared {
		t.Errorf("%d pieces of shared memory are still mapped", after.Shared-before.Shared)
	}
	goleak.VerifyNone(t, running)
}

// startPoller has Go open what it waits for descriptors with.
func startPoller(t *testing.T) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	_, _ = r.Close(), w.Close() // nothing was written
}

func soakGuest(t *testing.T, length time.Duration) {
	usb := guest.PlugIn(t, "-pictures", guest.Program("scene-*.jpg"))
	s := &soaker{t: t, usb: usb, vivid: guest.Vivid(t, 1), model: filepath.Join(t.TempDir(), "shapes.eim")}
	eiengineRun(t, "model", "export", "shapes", "-o", s.model)
	p := graphtest.Launch(t, fmt.Sprintf(soakLine, usb.Node(), s.vivid, guest.Vivid(t, 0), s.model))
	s.Watch = soak.Begin(t, p, length)
	faults := []func(){s.unplug, s.unplug, s.stall, s.unplugStalled, s.damage, s.damageVivid, s.breakVivid, s.disconnectVivid, s.kill}
	for round := faults[:0:0]; ; round = round[1:] {
		if len(round) == 0 { // each of them, in a new order
			round = slices.Clone(faults)
			for i := range round {
				j := i + s.Random(len(round)-i)
				round[i], round[j] = round[j], round[i]
			}
		}
		s.Ready("pictures", "sound", "broken", "whole")
		if !s.Pause(5*time.Second, 25*time.Second) {
			break
		}
		round[0]()
	}
	s.End()
	s.Lost("usb", s.unplugged)
	s.Lost("mic", s.unplugged)
	s.Lost("vivid", s.broken)
	s.Lost("process", s.killed)
	s.Lost("other", 0)
	if n := s.Told("other", "stalled"); n != 0 {
		t.Errorf("the camera that nobody touched stalled %d times", n)
	}
	for _, model := range []string{"shapes", "sounds"} {
		if s.Found(model) == 0 {
			t.Errorf("the model %s has found nothing", model)
		}
	}
}

// unplug pulls the USB camera out and plugs it in again.
func (s *soaker) unplug() {
	s.Fault("unplug")
	s.unplugged++
	s.usb.Unplug()
	away := s.Between(0, 8*time.Second)
	if away > time.Second { // sometimes it is back before anybody has noticed
		s.Until("usb", "lost", s.unplugged)
		s.Until("mic", "lost", s.unplugged)
		s.More(5, "broken", "whole")
		s.Sleep(away)
	}
	s.usb.Replug()
	s.Fault("replug")
	s.Until("usb", "lost", s.unplugged)
	s.Until("mic", "lost", s.unplugged)
}

// stall has the USB camera give no pictures for a while.
func (s *soaker) stall() {
	s.Fault("stall")
	s.usb.Stall()
	s.Sleep(s.Between(0, 10*time.Second))
	s.More(5, "sound", "broken", "whole")
	s.usb.Stall()
}

// unplugStalled unplugs a camera that stands still.
func (s *soaker) unplugStalled() {
	s.usb.Stall()
	s.Sleep(s.Between(0, 3*time.Second))
	s.unplug()
}

// damage damages a picture of the USB camera, which its driver drops.
func (s *soaker) damage() {
	s.Fault("damage")
	s.usb.Damage()
}

func (s *soaker) damageVivid() {
	damaged := s.Counted("vivid", "damaged")
	s.inject("inject_v4l2_buf_flag_error")
	for s.Counted("vivid", "damaged") == damaged {
		s.More(1, "broken")
	}
}

func (s *soaker) breakVivid() {
	s.broken++
	s.inject("inject_fatal_streaming_error")
	s.Until("vivid", "lost", s.broken)
}

func (s *soaker) disconnectVivid() {
	s.broken++
	s.inject("disconnect")
	s.Until("vivid", "lost", s.broken)
}

// kill kills the model that is a process.
func (s *soaker) kill() {
	s.Fault("kill")
	s.killed++
	if n := soak.Kill(s.model); n != 1 {
		s.t.Errorf("the model was %d processes", n)
	}
	s.Until("process", "lost", s.killed)
}

// inject presses a button of vivid's.
func (s *soaker) inject(name string) {
	s.t.Helper()
	s.Fault(name)
	camera, err := v4l2.Open(s.vivid)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := camera.Set(name, "1"); err != nil {
		s.t.Errorf("%s: %v", name, err)
	}
	if err := camera.Close(); err != nil {
		s.t.Error(err)
	}
}
