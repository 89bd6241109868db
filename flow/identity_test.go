package flow

import (
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine/bus"
)

func TestIdentityErrorAfter(t *testing.T) {
	p := launch(t, "fakesrc num-buffers=9 ! identity name=i error-after=3 ! fakesink name=s")
	err := p.Run(testContext(t))
	if err == nil || !strings.Contains(err.Error(), "i: failed after") {
		t.Errorf("err = %v, want one of i", err)
	}
	if got := stats(t, p, "s").In; got != 2 {
		t.Errorf("%d frames passed, want 2", got)
	}
}

func TestIdentityEOSAfter(t *testing.T) {
	p := run(t, "fakesrc ! identity eos-after=3 ! fakesink name=s")
	if got := stats(t, p, "s").In; got != 2 {
		t.Errorf("%d frames passed, want 2 as with GStreamer", got)
	}
	// Counting begins anew with each start.
	if err := p.Run(testContext(t)); err != nil || stats(t, p, "s").In != 2 {
		t.Errorf("second run: %d frames passed, err %v", stats(t, p, "s").In, err)
	}
}

func TestIdentityEOSAfterSetWhilePlaying(t *testing.T) {
	ctx := testContext(t)
	p := launch(t, "fakesrc ! identity name=i ! fakesink")
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
	p := run(t, "fakesrc num-buffers=50 ! identity name=i drop-probability=1 ! fakesink name=s")
	if s := stats(t, p, "s"); s.In != 0 || stats(t, p, "i").Dropped != 50 {
		t.Errorf("%d frames passed, %d were counted as dropped; want 0 and 50", s.In, stats(t, p, "i").Dropped)
	}
}

func TestIdentitySleepsAndSyncs(t *testing.T) {
	for _, settings := range []string{"sleep-time=5000", "sync=true", "sync=true ts-offset=1000000"} {
		start := time.Now()
		run(t, "fakesrc num-buffers=6 sizetype=fixed sizemax=5 datarate=1000 ! identity "+settings+" ! fakesink")
		if took := time.Since(start); took < 25*time.Millisecond {
			t.Errorf("%s: six frames 5 ms apart took only %v", settings, took)
		}
	}
}

func TestLastMessages(t *testing.T) {
	p := launch(t, "fakesrc name=src silent=false num-buffers=2 sizetype=fixed sizemax=20 datarate=10 ! identity name=i silent=false ! "+
		"tee name=t silent=false ! fakesink name=s silent=false")
	sub := p.Bus().Subscribe(0, bus.TypePropertyNotify)
	defer sub.Close()
	if err := p.Run(testContext(t)); err != nil {
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
	for _, n := range bus.Payloads[*bus.PropertyNotify](testContext(t), sub) {
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
