package flow

import (
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/internal/graphtest"
)

// TestClocksyncKeepsToTheClock has frames 5 ms apart wait for a clock that only the test
// moves: none comes before its time, each at it.
func TestClocksyncKeepsToTheClock(t *testing.T) {
	const apart = 5 * time.Millisecond
	for _, c := range []struct {
		props string
		ahead time.Duration // of the first frame
	}{
		{"", 0}, {"ts-offset=7000000", 7 * time.Millisecond}, {"sync-to-first=true ts-offset=99", 0},
	} {
		clock := eiengine.NewFakeClock()
		clock.Advance(time.Hour)
		p := graphtest.LaunchOn(t, eiengine.New(eiengine.Options{Clock: clock}),
			"fakesrc num-buffers=6 sizetype=fixed sizemax=5 datarate=1000 ! clocksync "+c.props+" ! fakesink name=s")
		ctx := graphtest.Context(t)
		if err := p.Play(ctx); err != nil {
			t.Fatal(err)
		}
		if !p.IsLive() {
			t.Errorf("%q: not live", c.props)
		}
		for now := time.Duration(0); now < c.ahead+5*apart; now += time.Millisecond {
			want := uint64(0)
			if now >= c.ahead {
				want = uint64((now-c.ahead)/apart) + 1
			}
			if err := clock.BlockUntil(ctx, 1); err != nil {
				t.Fatalf("%q: nobody waits at %v: %v", c.props, now, err)
			}
			if got := stats(t, p, "s").In; got != want {
				t.Fatalf("%q: %d frames at %v, want %d", c.props, got, now, want)
			}
			clock.Advance(time.Millisecond)
		}
		if err := p.Wait(ctx); err != nil || stats(t, p, "s").In != 6 {
			t.Errorf("%q: %d frames, %v", c.props, stats(t, p, "s").In, err)
		}
	}
}

func TestClocksyncMayLetPass(t *testing.T) {
	p := graphtest.LaunchOn(t, eiengine.New(eiengine.Options{Clock: eiengine.NewFakeClock()}),
		"fakesrc num-buffers=6 sizetype=fixed sizemax=5 datarate=1 ! clocksync sync=false ! fakesink")
	if err := p.Run(graphtest.Context(t)); err != nil || p.IsLive() {
		t.Errorf("live %v, %v", p.IsLive(), err)
	}
}
