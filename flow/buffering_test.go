package flow

import (
	"context"
	"slices"
	"testing"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/internal/graphtest"
)

// percents plays a line and gives what its queue says, without repeats of the run
// of the sinks, which take frames as they like.
func percents(t *testing.T, p *eiengine.Pipeline, play func(ctx context.Context)) []int {
	t.Helper()
	ctx := graphtest.Context(t)
	sub := p.Bus().Subscribe(0)
	play(ctx)
	sub.Close()
	var got []int
	for m := range sub.All(ctx) {
		if b, ok := m.Payload.(*bus.Buffering); ok {
			if m.Src != "q" || m.Type != bus.TypeBuffering {
				t.Errorf("%s from %s", m.Type, m.Src)
			}
			got = append(got, b.Percent)
		}
	}
	return got
}

func TestQueue2FillsUpBeforeItSaysHundred(t *testing.T) {
	for queue, source := range map[string]string{
		"queue2 name=q max-size-buffers=10 max-size-bytes=0 max-size-time=0 use-buffering=true high-watermark=0.5":                          "sizetype=empty",
		"queue2 name=q max-size-buffers=0 max-size-bytes=100 max-size-time=0 use-buffering=true high-percent=50":                            "sizetype=fixed sizemax=10",
		"queue2 name=q max-size-buffers=0 max-size-bytes=0 max-size-time=10000000000 use-buffering=true high-watermark=0.5 low-watermark=0": "sizetype=fixed sizemax=1 datarate=1",
		"multiqueue name=q max-size-buffers=10 max-size-bytes=0 max-size-time=0 use-buffering=true high-watermark=0.5":                      "sizetype=empty",
	} {
		// Nothing takes frames out while the sink holds the first one.
		p := graphtest.Launch(t, "fakesrc num-buffers=6 "+source+" ! "+queue+" ! fakesink")
		got := percents(t, p, func(ctx context.Context) {
			p.SetState(eiengine.Paused)
			if err := p.WaitState(ctx, eiengine.Paused); err != nil {
				t.Fatal(err)
			}
			if err := p.Play(ctx); err != nil {
				t.Fatal(err)
			}
			if err := p.Wait(ctx); err != nil {
				t.Fatal(err)
			}
		})
		if len(got) < 2 || got[0] != 0 || !slices.Contains(got, 100) {
			t.Errorf("%s: it said %v, want 0 first, then up to 100", queue, got)
		}
	}
}

func TestQueue2IsFullWhenNothingMoreComes(t *testing.T) {
	p := graphtest.Launch(t, "fakesrc num-buffers=3 ! queue2 name=q use-buffering=true ! fakesink")
	got := percents(t, p, func(ctx context.Context) {
		if err := p.Run(ctx); err != nil {
			t.Fatal(err)
		}
	})
	if len(got) == 0 || got[len(got)-1] != 100 {
		t.Errorf("it said %v, want 100 at last", got)
	}
}

func TestQueue2SaysNothingUnasked(t *testing.T) {
	p := graphtest.Launch(t, "fakesrc num-buffers=30 ! queue2 name=q max-size-buffers=3 ! fakesink")
	if got := percents(t, p, func(ctx context.Context) {
		if err := p.Run(ctx); err != nil {
			t.Fatal(err)
		}
	}); len(got) > 0 {
		t.Errorf("it said %v", got)
	}
}

func TestMultiqueueSaysWhatItHolds(t *testing.T) {
	p := graphtest.Launch(t, "fakesrc num-buffers=3 ! multiqueue name=q ! fakesink")
	if got, err := p.Get("q", "stats"); err != nil || got != "application/x-gst-multi-queue-stats, queues=(structure)< queue_0, buffers=(uint)0, bytes=(uint)0, time=(guint64)0; >;" {
		t.Errorf("%q, %v", got, err)
	}
	empty := make(chan struct{}, 10)
	if _, err := p.Connect("q", "underrun", func() { empty <- struct{}{} }); err != nil {
		t.Fatal(err)
	}
	// It is empty after the end at the latest.
	if err := p.Play(graphtest.Context(t)); err != nil {
		t.Fatal(err)
	}
	select {
	case <-empty:
	case <-graphtest.Context(t).Done():
		t.Error("nobody told that it is empty")
	}
}
