package flow

import (
	"slices"
	"testing"

	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestFunnelKeepsTheOrderOfArrival(t *testing.T) {
	// One goroutine feeds both pads: the order is known.
	p := graphtest.Run(t, "fakesrc num-buffers=50 ! tee name=t  funnel name=f ! testcollect name=s  t. ! f.  t. ! f.")
	var want []int
	for i := range 50 {
		want = append(want, i, i)
	}
	if got := numbers(p.Element("s").(*collector).frames()); !slices.Equal(got, want) {
		t.Errorf("frames arrived as %v", got)
	}
}

func TestFunnelEndsWhenAllHaveEnded(t *testing.T) {
	p := graphtest.Run(t, "funnel name=f ! queue ! fakesink name=s  fakesrc num-buffers=3 ! f.  fakesrc num-buffers=40 ! f.  fakesrc num-buffers=200 ! queue ! f.")
	if got := stats(t, p, "s").In; got != 243 {
		t.Errorf("%d frames arrived, want 243", got)
	}
}

func TestFunnelPassesFormats(t *testing.T) {
	p := graphtest.Run(t, "funnel name=f ! testcollect name=s  fakesrc num-buffers=5 sizetype=fixed sizemax=48 ! "+rgb4x4+" ! f.  "+
		"fakesrc num-buffers=5 sizetype=fixed sizemax=16 ! video/x-raw,format=GRAY8,width=4,height=4,framerate=5/1 ! f.")
	for i, g := range p.Element("s").(*collector).frames() {
		rgb := len(g.data) == 48
		if named := g.format == "video/x-raw, format=(string)RGB, width=(int)4, height=(int)4, framerate=(fraction)5/1"; named != rgb {
			t.Errorf("frame %d of %d bytes is called %s", i, len(g.data), g.format)
		}
	}
}
