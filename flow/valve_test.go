package flow

import (
	"testing"
	"time"

	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestValveOpensAndShutsWhilePlaying(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "fakesrc ! identity sleep-time=500 ! tee name=t  t. ! valve name=v ! testcollect name=s  t. ! testcollect name=witness")
	s, witness := p.Element("s").(*collector), p.Element("witness").(*collector)
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	more := func(c *collector, n int) {
		t.Helper()
		have := len(c.frames())
		if err := c.until(ctx, func(got []taken) bool { return len(got) >= have+n }); err != nil {
			t.Fatal(err)
		}
	}
	set := func(value string) {
		t.Helper()
		if err := p.Set("v", "drop", value); err != nil {
			t.Fatal(err)
		}
	}
	more(s, 2)
	set("true")
	more(witness, 2)
	passed := len(s.frames())
	more(witness, 3)
	if got := len(s.frames()); got != passed {
		t.Errorf("%d frames passed the shut valve", got-passed)
	}
	set("false")
	more(s, 2)
	got := s.frames()
	for i := 1; i < len(got); i++ {
		gap := got[i].frame.Seq != got[i-1].frame.Seq+1
		if marked := got[i].frame.Flags&frames.Discont != 0; marked != gap {
			t.Errorf("frame %d follows %d: marked as a discontinuity is %v", got[i].frame.Seq, got[i-1].frame.Seq, marked)
		}
	}
}

func TestValveDropsTheEndOfTheStreamUntilItOpens(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "fakesrc num-buffers=5 ! tee name=t  t. ! valve name=v drop=true ! fakesink async=false  t. ! fakesink async=false name=witness")
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.Set("v", "drop", "false"); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(ctx); err != nil {
		t.Errorf("the valve was opened and the stream did not end: %v", err)
	}
}

func TestValveForwardsEventsWhenToldTo(t *testing.T) {
	p := graphtest.Run(t, "fakesrc num-buffers=5 ! valve name=v drop=true drop-mode=forward-sticky-events ! fakesink name=s")
	if got := stats(t, p, "v"); stats(t, p, "s").In != 0 || got.Dropped != 5 {
		t.Errorf("%d frames arrived, %d were dropped; want 0 and 5", stats(t, p, "s").In, got.Dropped)
	}
}

func TestValveMakesGapsThatTakeTheirTime(t *testing.T) {
	start := time.Now()
	p := graphtest.Run(t, "fakesrc num-buffers=5 sizetype=fixed sizemax=10 datarate=1000 ! valve drop=true drop-mode=transform-to-gap ! queue ! fakesink name=s sync=true")
	if took := time.Since(start); took < 50*time.Millisecond {
		t.Errorf("gaps of 50 ms took %v", took)
	}
	if got := stats(t, p, "s").In; got != 0 {
		t.Errorf("%d frames arrived, want gaps only", got)
	}
}
