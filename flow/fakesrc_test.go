package flow

import (
	"bytes"
	"runtime"
	"testing"
	"time"

	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestFakesrcSizesAndPatterns(t *testing.T) {
	p := graphtest.Run(t, "fakesrc num-buffers=3 sizetype=fixed sizemax=100 filltype=pattern-span datarate=50 ! testcollect name=s")
	got := p.Element("s").(*collector).frames()
	if len(got) != 3 {
		t.Fatalf("%d frames, want 3", len(got))
	}
	for i, g := range got {
		if len(g.data) != 100 || g.data[0] != byte(100*i) || g.frame.PTS != time.Duration(2*i)*time.Second || g.frame.Duration != 2*time.Second {
			t.Errorf("frame %d: %d bytes from %d on, at %v for %v", i, len(g.data), g.data[0], g.frame.PTS, g.frame.Duration)
		}
	}

	p = graphtest.Run(t, "fakesrc num-buffers=200 sizetype=random sizemin=10 sizemax=12 filltype=random ! testcollect name=s")
	sizes := map[int]bool{}
	for _, g := range p.Element("s").(*collector).frames() {
		sizes[len(g.data)] = true
	}
	if len(sizes) != 3 || !sizes[10] || !sizes[12] {
		t.Errorf("sizes %v, want 10 to 12", sizes)
	}

	p = graphtest.Run(t, "fakesrc num-buffers=1 sizetype=fixed sizemax=9 filltype=zero ! testcollect name=s")
	if got := p.Element("s").(*collector).frames(); !bytes.Equal(got[0].data, make([]byte, 9)) {
		t.Errorf("filltype=zero gave % x", got[0].data)
	}
	if p = graphtest.Run(t, "fakesrc num-buffers=4 ! fakesink name=s"); stats(t, p, "s").In != 4 {
		t.Errorf("%d empty frames arrived, want 4", stats(t, p, "s").In)
	}
}

func TestFakesrcSizesThatCannotBe(t *testing.T) {
	p := graphtest.Launch(t, "fakesrc sizetype=random sizemin=10 sizemax=9 ! fakesink")
	if err := p.Play(graphtest.Context(t)); err == nil {
		t.Error("sizemin above sizemax was accepted")
	}
}

func TestFakesrcLiveStampsRunningTime(t *testing.T) {
	p := graphtest.Run(t, "fakesrc num-buffers=3 is-live=true do-timestamp=true ! testcollect name=s")
	last := time.Duration(0)
	for i, g := range p.Element("s").(*collector).frames() {
		if g.frame.PTS < last || g.frame.PTS > 10*time.Second {
			t.Errorf("frame %d is at %v after %v", i, g.frame.PTS, last)
		}
		last = g.frame.PTS
	}
	if p.IsLive() != true {
		t.Error("the pipeline is not live")
	}
}

// TestNoAllocationPerFrame compares a short and a long run of the same line.
func TestNoAllocationPerFrame(t *testing.T) {
	if raceEnabled {
		t.Skip("headers are not recycled under the race detector")
	}
	mallocs := func(n string) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		graphtest.Run(t, "fakesrc num-buffers="+n+" sizetype=fixed sizemax=1000 filltype=random ! capsfilter ! identity ! tee name=t "+
			"t. ! queue ! fakesink  t. ! fakesink")
		runtime.ReadMemStats(&after)
		return after.Mallocs - before.Mallocs
	}
	mallocs("100")
	short, long := mallocs("1000"), mallocs("21000")
	if perFrame := (float64(long) - float64(short)) / 20000; perFrame > 0.02 {
		t.Errorf("%.3f allocations per frame, want none", perFrame)
	}
}

func TestFakesrcKeepsToItsRate(t *testing.T) {
	start := time.Now()
	p := graphtest.Run(t, "fakesrc num-buffers=6 sizetype=fixed sizemax=10 datarate=1000 sync=true ! fakesink name=s")
	if took := time.Since(start); took < 50*time.Millisecond || stats(t, p, "s").In != 6 {
		t.Errorf("%d frames in %v, want the sixth after 50 ms", stats(t, p, "s").In, took)
	}
}
