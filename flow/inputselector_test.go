package flow

import (
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestInputSelectorPassesTheFirstPadAndEndsWithIt(t *testing.T) {
	for property, want := range map[string]int{"": 3, "active-pad=sink_1": 6, "sync-streams=false": 3, "sync-mode=clock": 3} {
		p := graphtest.Run(t, "input-selector name=i "+property+" ! testcollect name=s  fakesrc num-buffers=3 sizetype=fixed sizemax=3 datarate=3000 ! i.  "+
			"fakesrc num-buffers=6 sizetype=fixed sizemax=6 datarate=6000 ! queue ! i.")
		got := p.Element("s").(*collector).frames()
		if len(got) != want {
			t.Errorf("%s: %d frames passed, want %d", property, len(got), want)
		}
		for _, g := range got {
			if len(g.data) != want {
				t.Errorf("%s: a frame of %d bytes passed, of the other stream", property, len(g.data))
			}
		}
		if n, err := p.Get("i", "n-pads"); err != nil || n != "2" {
			t.Errorf("n-pads = %s, %v; want 2", n, err)
		}
	}
}

func TestInputSelectorTellsOnlyTheFormatThatPasses(t *testing.T) {
	p := graphtest.Launch(t, "input-selector name=i active-pad=sink_1 ! testcollect name=s  "+
		"fakesrc num-buffers=5 sizetype=fixed sizemax=16 ! video/x-raw,format=GRAY8,width=4,height=4,framerate=5/1 ! i.  "+
		"fakesrc num-buffers=5 sizetype=fixed sizemax=48 ! "+rgb4x4+" ! i.")
	sub := p.Bus().Subscribe(0)
	ctx := graphtest.Context(t)
	if err := p.Run(ctx); err != nil {
		t.Fatal(err)
	}
	sub.Close()
	for m := range sub.All(ctx) {
		if n, ok := m.Payload.(*bus.PropertyNotify); ok && n.Element == "s" && strings.Contains(n.Value, "GRAY8") {
			t.Errorf("the sink was told of %s, whose frames do not pass", n.Value)
		}
	}
	if got := p.Element("s").(*collector).frames(); len(got) != 5 || !strings.Contains(got[0].format, "RGB") {
		t.Errorf("%d frames passed, want 5 of RGB", len(got))
	}
}

func TestInputSelectorSwitchesWithoutAGap(t *testing.T) {
	const step = time.Millisecond
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "input-selector name=i drop-backwards=true ! identity sleep-time=300 ! testcollect name=s  "+
		"fakesrc sizetype=fixed sizemax=1 datarate=1000 ! i.  fakesrc sizetype=fixed sizemax=2 datarate=2000 ! i.")
	s := p.Element("s").(*collector)
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	for size, pad := range map[int]string{2: "sink_1", 1: "sink_0"} {
		if err := p.Set("i", "active-pad", pad); err != nil {
			t.Fatal(err)
		}
		if err := s.until(ctx, func(got []taken) bool { return len(got) > 0 && len(got[len(got)-1].data) == size }); err != nil {
			t.Fatal(err)
		}
	}
	got := s.frames()
	for i := 1; i < len(got); i++ {
		before, now := got[i-1], got[i]
		if d := now.frame.PTS - before.frame.PTS; d < 0 || d > step {
			t.Errorf("frame %d is %v after the one before it, want no more than %v", i, d, step)
		}
		switched := len(before.data) != len(now.data)
		if marked := now.frame.Flags&frames.Discont != 0; marked != switched {
			t.Errorf("frame %d: switched %v, marked as a discontinuity %v", i, switched, marked)
		}
	}
}

func TestInputSelectorWithoutSuchAPad(t *testing.T) {
	p := graphtest.Launch(t, "input-selector name=i active-pad=sink_7 ! fakesink  fakesrc ! i.")
	if err := p.Run(graphtest.Context(t)); err == nil || !strings.Contains(err.Error(), "linked are sink_0") {
		t.Errorf("err = %v, want one that lists the pads", err)
	}
	ctx := graphtest.Context(t)
	p = graphtest.Launch(t, "input-selector name=i ! fakesink  fakesrc ! i.")
	sub := p.Bus().Subscribe(0, bus.TypeWarning)
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.Set("i", "active-pad", "sink_7"); err != nil {
		t.Fatal(err)
	}
	m, err := sub.Next(ctx)
	if err != nil || !strings.Contains(m.Payload.(*bus.Warning).Text, "sink_7") {
		t.Errorf("got %v, %v; want a warning", m, err)
	}
	if v, err := p.Get("i", "active-pad"); err != nil || v != "sink_0" {
		t.Errorf("active-pad = %s, %v; want the pad in use", v, err)
	}
}
