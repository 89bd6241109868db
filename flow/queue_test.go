package flow

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

// overfill plays twenty frames of a byte and a second each into the queue q whose
// sink holds the first one, and calls check. It gives what arrived in all.
func overfill(t *testing.T, queue string, check func(p *eiengine.Pipeline)) []int {
	t.Helper()
	ctx := graphtest.Context(t)
	// The tee feeds the queue first: what the witness has seen, the queue has.
	p := graphtest.Launch(t, "fakesrc num-buffers=20 sizetype=fixed sizemax=1 datarate=1 ! tee name=t "+
		"t. ! queue name=q "+queue+" ! testcollect name=slow  t. ! testcollect name=witness")
	slow, witness := p.Element("slow").(*collector), p.Element("witness").(*collector)
	slow.hold, witness.hold = make(chan struct{}), make(chan struct{})
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	if err := slow.until(ctx, func(got []taken) bool { return len(got) == 1 }); err != nil {
		t.Fatal(err)
	}
	close(witness.hold)
	if err := witness.until(ctx, func(got []taken) bool { return len(got) == 20 }); err != nil {
		t.Fatalf("the source stood still although the queue leaks: %v", err)
	}
	check(p)
	close(slow.hold)
	if err := p.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	return numbers(slow.frames())
}

func TestQueueLeakyDownstreamKeepsTheNewest(t *testing.T) {
	got := overfill(t, "max-size-buffers=3 max-size-time=0 leaky=downstream", func(p *eiengine.Pipeline) {
		for property, want := range map[string]string{
			"current-level-buffers": "3", "current-level-bytes": "3", "current-level-time": "3000000000",
		} {
			if v, err := p.Get("q", property); err != nil || v != want {
				t.Errorf("%s is %s, %v; want %s", property, v, err, want)
			}
		}
		if q := stats(t, p, "q"); q.Dropped != 16 || q.Queue.Buffers != 3 {
			t.Errorf("counted %d dropped, %d held", q.Dropped, q.Queue.Buffers)
		}
	})
	if !slices.Equal(got, []int{0, 17, 18, 19}) {
		t.Errorf("frames %v arrived, want what the sink held and the last three", got)
	}
}

func TestQueueLeakyUpstreamKeepsTheOldest(t *testing.T) {
	got := overfill(t, "max-size-buffers=3 max-size-time=0 leaky=upstream", func(*eiengine.Pipeline) {})
	if !slices.Equal(got, []int{0, 1, 2, 3}) {
		t.Errorf("frames %v arrived, want what the sink held and the next three", got)
	}
}

func TestQueueWaitsWhenFull(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "fakesrc num-buffers=20 ! queue name=q max-size-buffers=3 ! testcollect name=slow")
	slow := p.Element("slow").(*collector)
	slow.hold = make(chan struct{})
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	if err := slow.until(ctx, func(got []taken) bool { return len(got) == 1 }); err != nil {
		t.Fatal(err)
	}
	close(slow.hold)
	if err := p.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	if got := slow.frames(); len(got) != 20 || stats(t, p, "q").Dropped != 0 {
		t.Errorf("%d frames arrived, %d were dropped; want all 20", len(got), stats(t, p, "q").Dropped)
	}
}

func TestQueueLimitsByBytesAndTime(t *testing.T) {
	for _, limits := range []string{"max-size-bytes=2 max-size-time=0", "max-size-bytes=0 max-size-time=2000000000"} {
		overfill(t, "leaky=upstream max-size-buffers=0 "+limits, func(p *eiengine.Pipeline) {
			if level := stats(t, p, "q").Queue; level.Buffers != 2 || level.Time != 2*time.Second {
				t.Errorf("%s: the queue holds %d frames, %v", limits, level.Buffers, level.Time)
			}
		})
	}
}

func TestQueueThresholdEndsWithTheStream(t *testing.T) {
	p := graphtest.Run(t, "fakesrc num-buffers=4 ! queue min-threshold-buffers=5 ! testcollect name=s")
	if got := numbers(p.Element("s").(*collector).frames()); !slices.Equal(got, []int{0, 1, 2, 3}) {
		t.Errorf("frames %v arrived, want all four at the end of the stream", got)
	}
}

func TestQueueLimitsChangeWhilePlaying(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "fakesrc ! queue name=q max-size-buffers=2 ! testcollect name=slow")
	slow := p.Element("slow").(*collector)
	slow.hold = make(chan struct{})
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.Set("q", "leaky", "downstream"); err != nil {
		t.Fatal(err)
	}
	if v, err := p.Get("q", "leaky"); err != nil || v != "downstream" {
		t.Errorf("leaky is %s, %v", v, err)
	}
	close(slow.hold)
	if err := slow.until(ctx, func(got []taken) bool { return len(got) >= 10 }); err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(ctx); err != nil {
		t.Fatal(err)
	}
}

func TestQueueFlushesAtTheEndOfTheStream(t *testing.T) {
	for property, want := range map[string]int{"flush-on-eos=true": 1, "flush-on-eos=false": 20} {
		ctx := graphtest.Context(t)
		p := graphtest.Launch(t, "fakesrc num-buffers=20 ! tee name=t  t. ! queue name=q "+property+" ! testcollect name=slow  t. ! testcollect name=witness")
		slow, witness := p.Element("slow").(*collector), p.Element("witness").(*collector)
		slow.hold, witness.hold = make(chan struct{}), make(chan struct{})
		if err := p.Play(ctx); err != nil {
			t.Fatal(err)
		}
		if err := slow.until(ctx, func(got []taken) bool { return len(got) == 1 }); err != nil {
			t.Fatal(err)
		}
		close(witness.hold)
		select {
		case <-witness.ended: // and so has the queue seen the end
		case <-ctx.Done():
			t.Fatal("the stream did not end")
		}
		close(slow.hold)
		if err := p.Wait(ctx); err != nil {
			t.Fatal(err)
		}
		if got := len(slow.frames()); got != want {
			t.Errorf("%s: %d frames arrived, want %d", property, got, want)
		}
	}
}

func TestQueueSaysThatItIsFull(t *testing.T) {
	for props, want := range map[string]int64{"leaky=downstream": 16, "leaky=upstream": 16, "leaky=upstream silent=true": 0} {
		ctx := graphtest.Context(t)
		p := graphtest.Launch(t, "fakesrc num-buffers=20 sizetype=fixed sizemax=1 ! tee name=t "+
			"t. ! queue name=q max-size-buffers=3 "+props+" ! testcollect name=slow  t. ! testcollect name=witness")
		var full atomic.Int64
		if _, err := p.Connect("q", "overrun", func() { full.Add(1) }); err != nil {
			t.Fatal(err)
		}
		slow, witness := p.Element("slow").(*collector), p.Element("witness").(*collector)
		slow.hold, witness.hold = make(chan struct{}), make(chan struct{})
		if err := p.Play(ctx); err != nil {
			t.Fatal(err)
		}
		if err := slow.until(ctx, func(got []taken) bool { return len(got) == 1 }); err != nil {
			t.Fatal(err)
		}
		close(witness.hold)
		if err := witness.until(ctx, func(got []taken) bool { return len(got) == 20 }); err != nil {
			t.Fatal(err)
		}
		if got := full.Load(); got != want {
			t.Errorf("%s: overrun %d times, want %d", props, got, want)
		}
		close(slow.hold)
		if err := p.Wait(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

func TestQueueSaysThatItIsEmptyAndRunsAgain(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "fakesrc num-buffers=2 ! identity name=i ! queue name=q ! fakesink")
	var mu sync.Mutex
	var told []string
	empty := make(chan struct{}, 100)
	for _, name := range []string{"underrun", "running", "pushing"} {
		if _, err := p.Connect("q", name, func() {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, name)
			if name == "underrun" {
				empty <- struct{}{}
			}
		}); err != nil {
			t.Fatal(err)
		}
	}
	// Each frame comes only once the queue has nothing left.
	if _, err := p.Connect("i", "handoff", func(*frames.Frame) {
		select {
		case <-empty:
		case <-ctx.Done():
		}
	}); err != nil {
		t.Fatal(err)
	}
	if err := p.Run(ctx); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	want := []string{"underrun", "running", "pushing", "underrun", "running", "pushing"}
	if len(told) < len(want) || !slices.Equal(told[:len(want)], want) {
		t.Errorf("told %v, want %v first", told, want)
	}
}

func TestQueueMayBeEnlargedByWhoHearsThatItIsFull(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "fakesrc num-buffers=20 ! queue name=q max-size-buffers=2 ! testcollect name=slow")
	slow := p.Element("slow").(*collector)
	slow.hold = make(chan struct{})
	full := make(chan struct{}, 20)
	if _, err := p.Connect("q", "overrun", func() {
		if err := p.Set("q", "max-size-buffers", "100"); err != nil {
			t.Error(err)
		}
		full <- struct{}{}
	}); err != nil {
		t.Fatal(err)
	}
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	<-full
	close(slow.hold)
	if err := p.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	if len(full) > 0 {
		t.Errorf("full %d times more after there was room", len(full))
	}
}
