package capture

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/capture/portaudio"
	"github.com/eiengine/eiengine/internal/guest"
)

// A USB microphone that is pulled out, which PortAudio does not notice and spins on, is
// told of, its process is gone, and it is heard again when it is back.
func TestGuestPortAudioUnplugged(t *testing.T) {
	guest.Need(t)
	needsPortAudio(t)
	usb := guest.PlugIn(t)
	awaitPortAudio(t, "webcam")
	r := play(t, "portaudiosrc device=webcam buffer-time=1000000 latency-time=50000 ! audio/x-raw,format=S16LE,rate=48000,channels=1 ! fakesink name=out")
	r.more("out", 10)
	before := portAudioProcesses(t)
	if len(before) != 1 {
		t.Fatalf("PortAudio runs in processes %v, want one", before)
	}
	began := time.Now()
	usb.Unplug()
	lost := r.state("lost")
	t.Logf("told after %v", time.Since(began))
	if left, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(before[0]), "cmdline")); err == nil && len(left) > 0 {
		t.Errorf("process %d is left, to spin", before[0])
	}
	usb.Replug()
	if back := r.state("restored"); back.Device != lost.Device || back.Away <= 0 {
		t.Errorf("lost %+v, back %+v", lost, back)
	}
	r.more("out", 10)
	if err := r.p.Stop(r.ctx); err != nil {
		t.Error(err)
	}
	<-r.ended
	if left := portAudioProcesses(t); len(left) != 0 {
		t.Errorf("processes %v are left", left)
	}
}

// Sound that nobody takes in time is lost, and that is told and counted.
func TestGuestPortAudioOverflow(t *testing.T) {
	guest.Need(t)
	needsPortAudio(t)
	r := play(t, "portaudiosrc name=mic device=\""+awaitPortAudio(t, "Loopback")+"\" buffer-time=100000 ! audio/x-raw,format=S16LE,rate=48000,channels=2 ! identity sleep-time=300000 ! fakesink")
	for m := range r.sub.All(r.ctx) {
		if w, ok := m.Payload.(*bus.Warning); ok {
			t.Log(w.Text)
			if strings.Contains(w.Text, "sound was lost") {
				break
			}
		}
	}
	if n := r.p.Element("mic").(*portAudioSrc).lost.Load(); n == 0 {
		t.Error("nothing was counted")
	}
	if err := r.p.Stop(r.ctx); err != nil {
		t.Error(err)
	}
	<-r.ended
}

// awaitPortAudio gives the name of the first device that records and has that in its
// name, once there is one.
func awaitPortAudio(t *testing.T, part string) string {
	t.Helper()
	ctx := guest.Context(t)
	for {
		all, err := portaudio.Devices(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range all {
			if d.Inputs > 0 && strings.Contains(d.Name, part) {
				return d.Name
			}
		}
	}
}

// portAudioProcesses are those of this test that run PortAudio.
func portAudioProcesses(t *testing.T) (all []int) {
	t.Helper()
	found, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range found {
		if line, _ := os.ReadFile(name); !strings.HasPrefix(string(line), "eiengine-portaudio\x00") {
			continue // or it has ended
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, pid)
	}
	return all
}
