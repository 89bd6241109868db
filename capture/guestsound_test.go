package capture

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/eiengine/eiengine/capture/pcm"
	"github.com/eiengine/eiengine/frames"
	samples "github.com/eiengine/eiengine/frames/pcm"
	"github.com/eiengine/eiengine/internal/graphtest"
	"github.com/eiengine/eiengine/internal/guest"
	"github.com/eiengine/eiengine/internal/virtmic"
	_ "github.com/eiengine/eiengine/stream"
)

// tone is how loud 1000 and 1100 Hz are in the last second of what was recorded in one
// channel of S16LE.
func tone(t *testing.T, got []collected, rate int) (level, other float64) {
	t.Helper()
	data := join(got)
	if len(data) < 2*rate {
		t.Fatalf("%d samples are not a second", len(data)/2)
	}
	last := make([]float64, rate)
	if _, err := samples.Decode(last, data[len(data)-2*rate:], frames.S16LE); err != nil {
		t.Fatal(err)
	}
	return virtmic.Level(last, 1000, rate), virtmic.Level(last, 1100, rate)
}

// hearsTone wants a tone of 1000 Hz at half the full scale, and no other.
func hearsTone(t *testing.T, got []collected, rate int) {
	t.Helper()
	level, other := tone(t, got, rate)
	t.Logf("%d Hz: 1000 Hz has a level of %.4f, 1100 Hz of %.4f", rate, level, other)
	if level < 0.45 || level > 0.55 || other > 0.02 {
		t.Errorf("%d Hz: 1000 Hz has a level of %.3f, 1100 Hz of %.3f: want 0.5 and none", rate, level, other)
	}
}

// TestGuestAlsaTone plays a tone on the loopback card, and records it, at the usual rates.
func TestGuestAlsaTone(t *testing.T) {
	guest.Need(t)
	for _, rate := range []int{16000, 44100, 48000} {
		caps := fmt.Sprintf("audio/x-raw,format=S16LE,rate=%d,channels=1", rate)
		player := play(t, "audiotestsrc freq=1000 volume=0.5 ! "+caps+" ! alsasink name=out device=hw:CARD=Loopback,DEV=0 buffer-time=1000000")
		player.more("out", 1)
		got, _, err := run(t, "alsasrc num-buffers=30 device=hw:CARD=Loopback,DEV=1 buffer-time=1000000 latency-time=50000 ! "+caps)
		if err != nil {
			t.Fatal(err)
		}
		hearsTone(t, got, rate)
		if err := player.p.Stop(player.ctx); err != nil {
			t.Error(err)
		}
		<-player.ended
	}
}

// TestGuestAlsaOverflow takes sound too slowly: that some was lost is told, counted, and
// marked in the sound.
func TestGuestAlsaOverflow(t *testing.T) {
	guest.Need(t)
	p := graphtest.Launch(t, "alsasrc name=mic num-buffers=5 device=hw:CARD=Loopback,DEV=1 buffer-time=100000 latency-time=20000 ! audio/x-raw,format=S16LE,rate=48000,channels=2 ! identity sleep-time=400000 ! collect name=out")
	warnings, err := watch(t, p)
	if err != nil {
		t.Fatal(err)
	}
	if len(warnings) == 0 || !strings.Contains(warnings[0], "sound was lost") {
		t.Errorf("warnings: %q", warnings)
	}
	if counts := p.Element("mic").(*alsaSrc).Counts(); counts[0].N == 0 {
		t.Errorf("%+v", counts)
	}
	marked := 0
	for _, g := range p.Element("out").(*collect).got[1:] {
		if g.flags&frames.Discont != 0 {
			marked++
		}
	}
	if marked == 0 {
		t.Error("no buffer says that it does not follow the one before")
	}
}

// TestGuestAlsaUnplugged pulls out a USB microphone that records, waits, and plugs it in
// again. It is named by its id.
func TestGuestAlsaUnplugged(t *testing.T) {
	guest.Need(t)
	const id = "usb:1d6b:0102:A1"
	usb := guest.PlugIn(t, "-serial", "A1")
	awaitCard(t, id)
	if first, err := pcm.First(pcm.Capture, func(string) error { return nil }); err != nil || !strings.HasPrefix(first, "plughw:CARD=webcam") {
		t.Errorf("autoaudiosrc tries %s first, %v: want the microphone on USB", first, err)
	}
	r := play(t, "alsasrc device="+id+" buffer-time=1000000 latency-time=50000 ! audio/x-raw,format=S16LE,rate=48000,channels=1 ! collect name=out")
	r.more("out", 20)

	pulled := time.Now()
	usb.Unplug()
	lost := r.state("lost")
	t.Logf("lost %v after it was pulled", time.Since(pulled))
	if lost.Device != id || !strings.Contains(lost.Reason, "No such device") {
		t.Errorf("%+v: want an error of ALSA at once, not a stall", lost)
	}
	before, from := processorTime(t), time.Now()
	time.Sleep(3 * time.Second) // what it costs to wait is measured
	used, passed := processorTime(t)-before, time.Since(from)
	t.Logf("%v of processor time in %v while it is away", used, passed)
	if used > passed/2 {
		t.Errorf("it used %v of processor time in %v while the microphone was away", used, passed)
	}

	usb.Replug()
	if back := r.state("restored"); back.Device != id || back.Away <= 0 {
		t.Errorf("%+v", back)
	}
	r.more("out", 30)
	if err := r.p.Stop(r.ctx); err != nil {
		t.Error(err)
	}
	<-r.ended
	got := r.p.Element("out").(*collect).got
	hearsTone(t, got, 48000)
	for i, g := range got[1:] {
		if g.flags&frames.Discont != 0 && g.pts > got[i].pts+got[i].duration {
			return
		}
	}
	t.Error("no buffer says that it does not follow the one before")
}

// processorTime is what this process has used so far.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// awaitCard returns once a sound card is there.
func awaitCard(t *testing.T, id string) {
	t.Helper()
	for change, err := range pcm.Watch(guest.Context(t)) {
		if err != nil {
			t.Fatal(err)
		}
		if change.ID == id && !change.Gone {
			return
		}
	}
	t.Fatalf("no sound card %s has come", id)
}

// TestGuestAlsaNames has devices named that are not there, or in use: the error says what
// there is, or who has it.
func TestGuestAlsaNames(t *testing.T) {
	guest.Need(t)
	failing(t, "alsasrc device=hw:CARD=nosuch", "alsasrc0", `"hw:CARD=nosuch"`, "can record", "plughw:CARD=Loopback,DEV=0")
	failing(t, "alsasrc device=usb:046d:0825:X", "alsasrc0", "can record", "plughw:CARD=Loopback,DEV=0")
	usb := guest.PlugIn(t, "-serial", "A1")
	defer usb.Unplug()
	awaitCard(t, "usb:1d6b:0102:A1")
	r := play(t, "alsasrc device=hw:CARD=webcam ! fakesink name=out")
	r.more("out", 1)
	failing(t, "alsasrc device=hw:CARD=webcam", "alsasrc0", "in use by", "at S16_LE, 48000 Hz")
	if err := r.p.Stop(r.ctx); err != nil {
		t.Error(err)
	}
	<-r.ended
}
