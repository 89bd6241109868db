package flow

import (
	"strings"
	"testing"

	"github.com/eiengine/eiengine/internal/graphtest"
)

func TestTeeCopiesOnlyForWriters(t *testing.T) {
	p := graphtest.Run(t, "fakesrc num-buffers=10 sizetype=fixed sizemax=64 filltype=pattern ! tee name=t "+
		"t. ! testwrite name=w ! testcollect name=written  t. ! testcollect name=plain  t. ! fakesink async=false")
	var copies int64
	for _, s := range p.Stats() {
		copies += s.Copies
	}
	if copies != 10 || stats(t, p, "w").Copies != 10 {
		t.Errorf("%d copies were made, %d of them by the writer; want one for each of 10 frames", copies, stats(t, p, "w").Copies)
	}
	written, plain := p.Element("written").(*collector).frames(), p.Element("plain").(*collector).frames()
	if len(written) != 10 || len(plain) != 10 {
		t.Fatalf("%d and %d frames arrived, want 10", len(written), len(plain))
	}
	for i := range plain {
		if plain[i].data[3] != 3 || written[i].data[3] != ^byte(3) {
			t.Fatalf("frame %d: byte 3 is %#x, of the branch that writes %#x", i, plain[i].data[3], written[i].data[3])
		}
	}
}

func TestTeeWithoutBranches(t *testing.T) {
	p := graphtest.Launch(t, "fakesrc num-buffers=3 ! tee name=t")
	err := p.Run(graphtest.Context(t))
	if err == nil || !strings.Contains(err.Error(), "link every source pad") {
		t.Errorf("err = %v, want one that says what to do", err)
	}
	p = graphtest.Run(t, "fakesrc num-buffers=3 ! tee name=idle allow-not-linked=true  fakesrc num-buffers=1 ! fakesink")
	if v, err := p.Get("idle", "num-src-pads"); err != nil || v != "0" {
		t.Errorf("num-src-pads = %s, %v", v, err)
	}
}

func TestTeeCountsItsPads(t *testing.T) {
	p := graphtest.Launch(t, "fakesrc num-buffers=1 ! tee name=t ! queue ! fakesink  t. ! queue ! fakesink  t. ! fakesink")
	if v, err := p.Get("t", "num-src-pads"); err != nil || v != "3" {
		t.Errorf("num-src-pads = %s, %v; want 3", v, err)
	}
}

func TestTeeGoesOnWhenOneBranchEnds(t *testing.T) {
	for _, line := range []string{
		"fakesrc num-buffers=500 ! tee name=t  t. ! identity eos-after=3 ! fakesink async=false  t. ! fakesink async=false name=s",
		"fakesrc num-buffers=500 ! tee name=t  t. ! queue ! identity eos-after=3 ! fakesink async=false  t. ! fakesink async=false name=s",
		"fakesrc num-buffers=500 ! tee name=t  t. ! fakesink async=false num-buffers=2  t. ! queue ! fakesink async=false num-buffers=2  t. ! fakesink async=false name=s",
		"fakesrc num-buffers=500 ! tee name=t  t. ! funnel ! identity eos-after=3 ! fakesink async=false  t. ! fakesink async=false name=s",
	} {
		p := graphtest.Run(t, line)
		if got := stats(t, p, "s").In; got != 500 {
			t.Errorf("%s\n%d frames arrived at the branch that goes on, want 500", line, got)
		}
	}
}
