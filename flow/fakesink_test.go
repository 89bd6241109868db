package flow

import (
	"testing"
	"time"
)

func TestFakesinkEndsTheStream(t *testing.T) {
	p := run(t, "fakesrc ! fakesink num-buffers=7 name=s")
	if got := stats(t, p, "s"); got.In != 8 || got.Dropped != 1 {
		t.Errorf("in %d, dropped %d; want the eighth frame refused", got.In, got.Dropped)
	}
}

func TestFakesinkSyncs(t *testing.T) {
	start := time.Now()
	run(t, "fakesrc num-buffers=5 sizetype=fixed sizemax=5 datarate=1000 ! fakesink sync=true")
	if took := time.Since(start); took < 25*time.Millisecond {
		t.Errorf("25 ms of data took %v", took)
	}
}
