package flow

import (
	"testing"
	"time"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/internal/graphtest"
)

const threeStreams = "fakesrc num-buffers=2 sizetype=fixed sizemax=1 datarate=100 ! c.  fakesrc num-buffers=3 sizetype=fixed sizemax=2 datarate=200 ! c.  " +
	"fakesrc num-buffers=1 sizetype=fixed sizemax=3 datarate=300 ! c."

func TestConcatPlaysOneStreamAfterTheOther(t *testing.T) {
	for property, want := range map[string][]int{
		"":                  {0, 10, 20, 30, 40, 50},
		"adjust-base=false": {0, 10, 0, 10, 20, 0},
	} {
		p := graphtest.Run(t, "concat name=c "+property+" ! testcollect name=s  "+threeStreams)
		got := p.Element("s").(*collector).frames()
		if len(got) != 6 {
			t.Fatalf("%s: %d frames arrived, want 6", property, len(got))
		}
		for i, size := range []int{1, 1, 2, 2, 2, 3} {
			if pts := time.Duration(want[i]) * time.Millisecond; len(got[i].data) != size || got[i].frame.PTS != pts {
				t.Errorf("%s: frame %d has %d bytes and the time %v, want %d and %v", property, i, len(got[i].data), got[i].frame.PTS, size, pts)
			}
		}
	}
}

func TestConcatTellsWhichPadPasses(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "concat name=c ! fakesink  "+threeStreams)
	if v, err := p.Get("c", "active-pad"); err != nil || v != "sink_0" {
		t.Errorf("active-pad = %s, %v; want sink_0", v, err)
	}
	sub := p.Bus().Subscribe(0)
	if err := p.Run(ctx); err != nil {
		t.Fatal(err)
	}
	sub.Close()
	var told []string
	for m := range sub.All(ctx) {
		if n, ok := m.Payload.(*bus.PropertyNotify); ok && n.Property == "active-pad" {
			told = append(told, n.Value)
		}
	}
	if len(told) != 2 || told[0] != "sink_1" || told[1] != "sink_2" {
		t.Errorf("it told of %v, want sink_1 and sink_2", told)
	}
}

func TestConcatShiftsGaps(t *testing.T) {
	start := time.Now()
	graphtest.Run(t, "concat name=c ! queue ! fakesink sync=true  fakesrc num-buffers=3 sizetype=fixed sizemax=1 datarate=100 ! c.  "+
		"fakesrc num-buffers=3 sizetype=fixed sizemax=1 datarate=100 ! valve drop=true drop-mode=transform-to-gap ! c.  "+
		"fakesrc num-buffers=1 sizetype=fixed sizemax=1 datarate=100 ! c.")
	if took := time.Since(start); took < 70*time.Millisecond {
		t.Errorf("took %v, want 70 ms of frames and gaps one after the other", took)
	}
}
