package flow

import (
	"slices"
	"strings"
	"testing"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestMultiqueueKeepsStreamsApart(t *testing.T) {
	p := graphtest.Run(t, "multiqueue name=m max-size-buffers=2  fakesrc num-buffers=30 sizetype=fixed sizemax=1 ! m.sink_0  fakesrc num-buffers=40 sizetype=fixed sizemax=2 ! m.sink_1  "+
		"m.src_0 ! testcollect name=a  m.src_1 ! testcollect name=b")
	for name, want := range map[string]int{"a": 30, "b": 40} {
		got := p.Element(name).(*collector).frames()
		if n := numbers(got); len(n) != want || !slices.IsSorted(n) || len(got[0].data) != want/10-2 {
			t.Errorf("%s: %d frames of %d bytes arrived, want %d", name, len(n), len(got[0].data), want)
		}
	}
	if m := stats(t, p, "m"); m.In != 70 || m.Out != 70 || slices.ContainsFunc(p.Elements(), func(e string) bool { return strings.Contains(e, ":") }) {
		t.Errorf("in %d, out %d of 70; the elements are %v", m.In, m.Out, p.Elements())
	}
	p = graphtest.Run(t, "fakesrc num-buffers=7 ! multiqueue name=m ! queue ! fakesink name=s")
	if got := stats(t, p, "s").In; got != 7 {
		t.Errorf("%d frames passed, want 7", got)
	}
}

// TestMultiqueueGrowsWhileAnotherQueueStarves has one source feed both queues, of
// which the second has to be played to its end before the first is read.
func TestMultiqueueGrowsWhileAnotherQueueStarves(t *testing.T) {
	p := graphtest.Run(t, "concat name=c ! testcollect name=s  multiqueue name=m  fakesrc num-buffers=50 ! tee name=t  "+
		"t. ! m.sink_0  t. ! m.sink_1  m.src_1 ! c.  m.src_0 ! c.")
	if got := len(p.Element("s").(*collector).frames()); got != 100 {
		t.Errorf("%d frames arrived, want 100", got)
	}
}

func TestMultiqueueWithHalfAWay(t *testing.T) {
	eng := eiengine.New(eiengine.Options{})
	t.Cleanup(func() {
		if err := eng.Close(); err != nil {
			t.Error(err)
		}
	})
	_, err := eng.Launch("multiqueue name=m  fakesrc ! m.sink_0  m.src_1 ! fakesink")
	if err == nil || !strings.Contains(err.Error(), "src_0 is not: link both") {
		t.Errorf("err = %v, want one that names the missing pad", err)
	}
}
