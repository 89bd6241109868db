package flow

import "testing"

func TestFakesrcStops(t *testing.T) {
	p := run(t, "fakesrc num-buffers=5 ! tee name=t ! queue ! identity ! fakesink name=s")
	if got := stats(t, p, "s").In; got != 5 {
		t.Errorf("%d frames arrived, want 5", got)
	}
}
