package capture

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/frames/pcm"
	"github.com/eiengine/eiengine/internal/graphtest"
	"github.com/eiengine/eiengine/internal/virtmic"
)

// hears checks that a line records a tone of 1000 Hz for a second, without a gap, from
// a microphone that is there.
func hears(t *testing.T, line string, rate int) {
	t.Helper()
	g, _, err := run(t, line) // a machine that is busy may lose some, and warn
	if err != nil || len(g) == 0 {
		t.Fatalf("%d buffers, %v", len(g), err)
	}
	audio := g[0].format.Audio
	if audio.Format != frames.S16LE || audio.Rate != rate || audio.Channels != 1 {
		t.Fatalf("recorded as %v", g[0].format)
	}
	samples := make([]float64, len(join(g))/2)
	if _, err := pcm.Decode(samples, join(g), audio.Format); err != nil {
		t.Fatal(err)
	}
	last := samples[len(samples)/2:]
	if level := virtmic.Level(last, 1000, rate); level < 0.4 || level > 0.6 {
		t.Errorf("1000 Hz has a level of %.3f, want 0.5", level)
	}
	for i := 1; i < len(g); i++ {
		if end := g[i-1].pts + g[i-1].duration; g[i].flags&frames.Discont == 0 && g[i].pts != end {
			t.Errorf("buffer %d begins at %v, the one before ends at %v", i, g[i].pts, end)
		}
		if g[i].seq != g[i-1].seq+1 || g[i].mono <= 0 {
			t.Errorf("buffer %d: seq %d after %d, recorded at %v", i, g[i].seq, g[i-1].seq, g[i].mono)
		}
	}
}

func TestAlsaSrcRecords(t *testing.T) {
	if virtmic.Hear(t, 1000) == nil {
		return
	}
	hears(t, "alsasrc num-buffers=100 ! audio/x-raw,format=S16LE,rate=16000,channels=1", 16000)
	hears(t, "alsasrc num-buffers=50 latency-time=20000 ! audio/x-raw,format=S16LE,rate=48000,channels=1", 48000)
}

func TestAlsaSrcTellsWhatIsMissing(t *testing.T) {
	_, _, err := run(t, "alsasrc device=hw:CARD=nosuch")
	if err == nil || !strings.Contains(err.Error(), "alsasrc0") {
		t.Errorf("%v: want an error that names the element", err)
	}
}

func TestAlsaSrcComesBack(t *testing.T) {
	if mic := virtmic.Hear(t, 1000); mic != nil {
		comesBack(t, mic, "alsasrc")
	}
}

// comesBack checks that a device that vanishes is told of once and used again when it is
// back, and that the sound after the gap is marked.
func comesBack(t *testing.T, mic *virtmic.Mic, source string) {
	t.Helper()
	p := graphtest.Launch(t, source+" buffer-time=2000000 ! audio/x-raw,format=S16LE,rate=16000,channels=1 ! collect name=out")
	said := p.Bus().Subscribe(1000)
	defer said.Close()
	out := p.Element("out").(*collect)
	if err := p.Play(graphtest.Context(t)); err != nil {
		t.Fatal(err)
	}
	arrives(t, out)
	mic.Stop(t)
	if lost := await(t, said, "lost"); lost.Device != "default" || lost.Reason == "" {
		t.Errorf("%+v", lost)
	}
	mic.Start(t)
	if back := await(t, said, "restored"); back.Device != "default" || back.Away <= 0 {
		t.Errorf("%+v", back)
	}
	select {
	case <-out.arrived: // of before
	default:
	}
	arrives(t, out)
	if err := p.Stop(graphtest.Context(t)); err != nil {
		t.Fatal(err)
	}
	marked := 0
	for i, g := range out.got {
		if i > 0 && g.flags&frames.Discont != 0 && g.pts > out.got[i-1].pts+out.got[i-1].duration {
			marked++
		}
	}
	if marked == 0 {
		t.Error("no buffer says that it does not follow the one before")
	}
}

// A sound server that hangs keeps neither the end of a pipeline nor another from
// running.
func TestAlsaSrcOfAServerThatHangs(t *testing.T) {
	mic := virtmic.Hear(t, 1000)
	if mic == nil {
		return
	}
	p := graphtest.Launch(t, "alsasrc ! audio/x-raw,format=S16LE,rate=16000,channels=1 ! collect name=out")
	said := p.Bus().Subscribe(1000)
	defer said.Close()
	if err := p.Play(graphtest.Context(t)); err != nil {
		t.Fatal(err)
	}
	arrives(t, p.Element("out").(*collect))
	mic.Freeze(t)
	await(t, said, "lost")
	if err := p.Stop(graphtest.Context(t)); err != nil {
		t.Error(err)
	}
	mic.Thaw(t)
}

func TestAlsaSrcGivesUp(t *testing.T) {
	if mic := virtmic.Hear(t, 1000); mic != nil {
		givesUp(t, mic, "alsasrc")
	}
}

// givesUp checks that with reconnect=false a lost device is an error.
func givesUp(t *testing.T, mic *virtmic.Mic, source string) {
	t.Helper()
	p := graphtest.Launch(t, source+" reconnect=false ! audio/x-raw,rate=16000 ! collect name=out")
	if err := p.Play(graphtest.Context(t)); err != nil {
		t.Fatal(err)
	}
	arrives(t, p.Element("out").(*collect))
	mic.Stop(t)
	err := p.Wait(graphtest.Context(t))
	mic.Start(t)
	if err == nil || !strings.Contains(err.Error(), "reconnect=true") {
		t.Errorf("it ended with %v", err)
	}
}

func arrives(t *testing.T, out *collect) {
	t.Helper()
	select {
	case <-out.arrived:
	case <-graphtest.Context(t).Done():
		t.Fatal("no sound arrives")
	}
}

// await waits for a message of a device.
func await(t *testing.T, said *bus.Subscription, event string) *bus.Device {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	for {
		m, err := said.Next(ctx)
		if err != nil {
			t.Fatalf("the device was not said to be %s: %v", event, err)
		}
		if d, ok := m.Payload.(*bus.Device); ok {
			if d.Event != event {
				t.Fatalf("the device is %s, want %s", d.Event, event)
			}
			return d
		}
	}
}
