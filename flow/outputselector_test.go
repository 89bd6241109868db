package flow

import (
	"slices"
	"strings"
	"testing"

	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestOutputSelectorFeedsOneBranchAndEndsAll(t *testing.T) {
	for property, want := range map[string]uint64{"": 5, "active-pad=src_1": 0, "pad-negotiation-mode=active": 5, "pad-negotiation-mode=none": 5} {
		p := graphtest.Run(t, "fakesrc num-buffers=5 ! output-selector name=o "+property+"  o. ! fakesink name=a async=false  o. ! fakesink name=b async=false")
		if a, b := stats(t, p, "a").In, stats(t, p, "b").In; a != want || b != 5-want {
			t.Errorf("%s: %d and %d frames arrived, want %d and %d", property, a, b, want, 5-want)
		}
	}
}

func TestOutputSelectorSwitchesWhilePlaying(t *testing.T) {
	ctx := graphtest.Context(t)
	p := graphtest.Launch(t, "fakesrc ! identity sleep-time=300 ! output-selector name=o resend-latest=true  o. ! testcollect name=a  o. ! testcollect name=b")
	a, b := p.Element("a").(*collector), p.Element("b").(*collector)
	if err := p.Play(ctx); err != nil {
		t.Fatal(err)
	}
	some := func(got []taken) bool { return len(got) > 2 }
	if err := a.until(ctx, some); err != nil {
		t.Fatal(err)
	}
	if err := p.Set("o", "active-pad", "src_1"); err != nil {
		t.Fatal(err)
	}
	if err := b.until(ctx, some); err != nil {
		t.Fatal(err)
	}
	first, second := numbers(a.frames()), numbers(b.frames())
	if first[len(first)-1] != second[0] {
		t.Errorf("the branches got %v and %v, want the latest frame sent again", first, second)
	}
	if all := append(first, second[1:]...); !slices.IsSorted(all) || all[len(all)-1] != len(all)-1 {
		t.Errorf("the branches got %v and %v: a frame is missing", first, second)
	}
}

func TestOutputSelectorNegotiatesWithThoseItIsToldTo(t *testing.T) {
	const line = "fakesrc num-buffers=2 sizetype=fixed sizemax=48 ! output-selector name=o "
	const branches = "  o. ! " + rgb4x4 + " ! testcollect name=s  o. ! video/x-raw,format=GRAY8,width=4,height=4,framerate=5/1 ! fakesink async=false"
	p := graphtest.Launch(t, line+branches)
	if err := p.Run(graphtest.Context(t)); err == nil {
		t.Error("two branches with no format in common ran")
	}
	p = graphtest.Run(t, line+"pad-negotiation-mode=active"+branches)
	if got := p.Element("s").(*collector).frames(); len(got) != 2 || !strings.Contains(got[0].format, "RGB") {
		t.Errorf("%v arrived, want two pictures", got)
	}
}
