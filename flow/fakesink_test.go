package flow

import (
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestFakesinkEndsTheStream(t *testing.T) {
	p := graphtest.Run(t, "fakesrc ! fakesink num-buffers=7 name=s")
	if got := stats(t, p, "s"); got.In != 8 || got.Dropped != 1 {
		t.Errorf("in %d, dropped %d; want the eighth frame refused", got.In, got.Dropped)
	}
}

func TestFakesinkSyncs(t *testing.T) {
	start := time.Now()
	graphtest.Run(t, "fakesrc num-buffers=5 sizetype=fixed sizemax=5 datarate=1000 ! fakesink sync=true")
	if took := time.Since(start); took < 25*time.Millisecond {
		t.Errorf("25 ms of data took %v", took)
	}
}

func TestFakesinkFailsWhereAsked(t *testing.T) {
	for change, fails := range map[string]bool{
		"null-to-ready": true, "ready-to-paused": true, "paused-to-playing": true,
		"playing-to-paused": false, "paused-to-ready": false, "ready-to-null": false, "none": false,
	} {
		p := graphtest.Launch(t, "fakesrc num-buffers=3 ! fakesink state-error="+change)
		sub := p.Bus().Subscribe(0)
		ctx := graphtest.Context(t)
		err := p.Run(ctx)
		if (err != nil) != fails || fails && !strings.Contains(err.Error(), "fakesink0: failed at the change of state") {
			t.Errorf("%s: %v, want a failure: %v", change, err, fails)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		warned := false
		sub.Close()
		for m := range sub.All(ctx) {
			warned = warned || m.Type == bus.TypeWarning
		}
		if want := !fails && change != "none"; warned != want {
			t.Errorf("%s: warned %v, want %v", change, warned, want)
		}
	}
}

func TestFakesinkShowsWhatItHoldsWhilePaused(t *testing.T) {
	for signals, want := range map[string]int{"true": 1, "false": 0} {
		ctx := graphtest.Context(t)
		p := graphtest.Launch(t, "fakesrc num-buffers=3 ! fakesink name=s signal-handoffs="+signals)
		var held, shown []uint64
		for name, list := range map[string]*[]uint64{"preroll-handoff": &held, "handoff": &shown} {
			if _, err := p.Connect("s", name, func(f *frames.Frame) { *list = append(*list, f.Seq) }); err != nil {
				t.Fatal(err)
			}
		}
		p.SetState(eiengine.Paused)
		if err := p.WaitState(ctx, eiengine.Paused); err != nil {
			t.Fatal(err)
		}
		if len(held) != want || len(shown) != 0 {
			t.Errorf("signal-handoffs=%s: paused, %d frames were held and %d shown", signals, len(held), len(shown))
		}
		if err := p.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if len(shown) != 3*want {
			t.Errorf("signal-handoffs=%s: %d frames were shown of 3", signals, len(shown))
		}
	}
}

func TestElementsThatMayNotPush(t *testing.T) {
	for _, text := range []string{"fakesrc can-activate-push=false ! fakesink", "fakesrc ! fakesink can-activate-push=false"} {
		err := graphtest.Launch(t, text).Run(graphtest.Context(t))
		if err == nil || !strings.Contains(err.Error(), "set it to true") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
