package flow

import (
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestIdentityErrorAfter(t *testing.T) {
	p := graphtest.Launch(t, "fakesrc num-buffers=9 ! identity name=i error-after=3 ! fakesink name=s")
	err := p.Run(graphtest.Context(t))
	if err == nil || !strings.Contains(err.Error(), "i: failed after") {
		t.Errorf("err = %v, want one of i", err)
	}
	if got := stats(t, p, "s").In; got != 2 {
		t.Errorf("%d frames passed, want 2", got)
	}
}

func TestIdentityEOSAfter(t *testing.T) {
	p := graphtest.Run(t, "fakesrc ! identity eos-after=3 ! fakesink name=s")
	if got := stats(t, p, "s").In; got != 2 {
		t.Errorf("%d frames passed, want 2 as with GStreamer", got)
	}
	// Counting begins anew with each start.
	if err := p.Run(graphtest.Context(t)); err != nil || stats(t, p, "s").In != 2 {
		t.Errorf("second run: %d frames passed, err %v", stats(t, p, "s").In, err)
	}
}

func TestIdentityEOSAfterSetWhilePlaying(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "fakesrc ! identity name=i ! fakesink")
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.Set("i", "eos-after", "10"); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(ctx); err != nil {
		t.Fatal(err)
	}
}

func TestIdentityDrops(t *testing.T) {
	p := graphtest.Run(t, "fakesrc num-buffers=50 ! identity name=i drop-probability=1 ! fakesink name=s")
	if s := stats(t, p, "s"); s.In != 0 || stats(t, p, "i").Dropped != 50 {
		t.Errorf("%d frames passed, %d were counted as dropped; want 0 and 50", s.In, stats(t, p, "i").Dropped)
	}
}

func TestIdentitySleepsAndSyncs(t *testing.T) {
	for _, settings := range []string{"sleep-time=5000", "sync=true", "sync=true ts-offset=1000000"} {
		start := time.Now()
		graphtest.Run(t, "fakesrc num-buffers=6 sizetype=fixed sizemax=5 datarate=1000 ! identity "+settings+" ! fakesink")
		if took := time.Since(start); took < 25*time.Millisecond {
			t.Errorf("%s: six frames 5 ms apart took only %v", settings, took)
		}
	}
}

func TestLastMessages(t *testing.T) {
	p := graphtest.Launch(t, "fakesrc name=src silent=false num-buffers=2 sizetype=fixed sizemax=20 datarate=10 ! identity name=i silent=false ! "+
		"tee name=t silent=false ! fakesink name=s silent=false")
	sub := p.Bus().Subscribe(0, bus.TypePropertyNotify)
	defer sub.Close()
	if err := p.Run(graphtest.Context(t)); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"src": "create   ******* (src:src) (20 bytes, dts: none, pts: 0:00:02.000000000, duration: 0:00:02.000000000, offset: 1,",
		"i":   "chain   ******* (i:sink) (20 bytes,",
		"t":   "chain        ******* (t:sink)t (20 bytes, 0:00:02.000000000)",
		"s":   "chain   ******* (s:sink) (20 bytes,",
	}
	for name, text := range want {
		if got, err := p.Get(name, "last-message"); err != nil || !strings.HasPrefix(got, text) {
			t.Errorf("last-message of %s is %q, %v; want %q…", name, got, err, text)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	told := map[string]int{}
	for _, n := range bus.Payloads[*bus.PropertyNotify](graphtest.Context(t), sub) {
		if n.Property == "last-message" {
			told[n.Element+" "+n.Kind]++
		}
	}
	for _, who := range []string{"src fakesrc", "i identity", "t tee", "s fakesink"} {
		if told[who] != 2 {
			t.Errorf("%s told %d messages, want 2 (of %v)", who, told[who], told)
		}
	}
}

func TestIdentityTellsOfStreamsWithHoles(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "concat name=c adjust-base=false ! identity name=i check-imperfect-timestamp=true check-imperfect-offset=true ! fakesink  "+
		"fakesrc num-buffers=4 sizetype=fixed sizemax=100 datarate=1000 ! c.  fakesrc num-buffers=2 sizetype=fixed sizemax=100 datarate=1000 ! c.")
	sub := p.Bus().Subscribe(0, bus.TypeElement)
	if err := p.Run(ctx); err != nil {
		t.Fatal(err)
	}
	sub.Close()
	var times, numbers int
	for m := range sub.All(ctx) {
		switch said := m.Payload.(type) {
		case *ImperfectTimestamp:
			times++
			if said.PrevTimestamp != 300*time.Millisecond || said.PrevDuration != 100*time.Millisecond || said.CurTimestamp != 0 {
				t.Errorf("said %+v", said)
			}
		case *ImperfectOffset:
			numbers++
			if said.PrevOffset != 3 || said.CurOffset != 0 {
				t.Errorf("said %+v", said)
			}
		}
	}
	if times != 1 || numbers != 1 {
		t.Errorf("told of %d times and %d numbers, want one of each where the streams meet", times, numbers)
	}
}

func TestIdentityGivesNewTimes(t *testing.T) {
	p := graphtest.Run(t, "fakesrc num-buffers=3 sizetype=fixed sizemax=100 ! identity name=i datarate=1000 drop-buffer-flags=discont+gap ! testcollect name=s")
	got := p.Element("s").(*collector).frames()
	if len(got) != 3 {
		t.Fatalf("%d frames passed, want those without the flags", len(got))
	}
	for n, g := range got {
		if want := time.Duration(n) * 100 * time.Millisecond; g.frame.PTS != want || g.frame.Duration != 100*time.Millisecond {
			t.Errorf("frame %d is at %v for %v, want %v", n, g.frame.PTS, g.frame.Duration, want)
		}
	}
	if v, err := p.Get("i", "stats"); err != nil || v != "application/x-identity-stats, num-bytes=(guint64)300, num-buffers=(guint64)3;" {
		t.Errorf("stats = %s, %v", v, err)
	}
}

func TestIdentityKnowsTheFlagsOfFrames(t *testing.T) {
	discontOrGap := bufferFlags(0x40 | 0x800)
	for flags, want := range map[frames.Flags]bool{
		0: false, frames.Discont: true, frames.Gap | frames.Header: true, frames.Header | frames.DeltaUnit: false,
	} {
		if got := discontOrGap.has(flags); got != want {
			t.Errorf("flags %b: %v, want %v", flags, got, want)
		}
	}
}
