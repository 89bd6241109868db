package flow

import (
	"testing"

	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestQueue2PassesEverythingOn(t *testing.T) {
	p := graphtest.Run(t, "fakesrc num-buffers=500 ! queue2 max-size-buffers=3 ! testcollect name=s")
	got := numbers(p.Element("s").(*collector).frames())
	if len(got) != 500 {
		t.Fatalf("%d frames arrived, want 500", len(got))
	}
	for i, n := range got {
		if n != i {
			t.Fatalf("frame %d arrived as number %d", n, i)
		}
	}
}

func TestQueue2TellsHowFullItIs(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "fakesrc num-buffers=4 sizetype=fixed sizemax=10 datarate=1000 ! tee name=t  t. ! queue2 name=q ! testcollect name=slow  t. ! testcollect name=witness")
	slow, witness := p.Element("slow").(*collector), p.Element("witness").(*collector)
	slow.hold, witness.hold = make(chan struct{}), make(chan struct{})
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	if err := slow.until(ctx, func(got []taken) bool { return len(got) == 1 }); err != nil {
		t.Fatal(err)
	}
	close(witness.hold)
	if err := witness.until(ctx, func(got []taken) bool { return len(got) == 4 }); err != nil {
		t.Fatal(err)
	}
	for property, want := range map[string]string{
		"current-level-buffers": "3", "current-level-bytes": "30", "current-level-time": "30000000",
	} {
		if v, err := p.Get("q", property); err != nil || v != want {
			t.Errorf("%s is %s, %v; want %s", property, v, err, want)
		}
	}
	close(slow.hold)
	if err := p.Wait(ctx); err != nil {
		t.Fatal(err)
	}
}
