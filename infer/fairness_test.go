package infer_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
	"github.com/eiengine/eiengine/infer/backend"
)

// Eight streams that give as fast as they can share two processes: all are judged
// equally often, in their order, and none loses a frame.
func TestStreamsShareAModelFairly(t *testing.T) {
	const streams, n, workers = 8, 120, 2
	spec := viewer(backend.ResizeSquash)
	spec.Uneven = 2 * time.Millisecond
	g, dir := newGate(t)
	spec.Gate = dir
	path := program(t, roleProbe, probeEnv(spec))
	var lines []string
	var more []eiengine.Factory
	var full sync.WaitGroup
	outs := make([]*collector, streams)
	for i := range streams {
		src := numbered(t, n)
		fill := src.fill
		full.Add(1)
		src.fill = func(k int, f *frames.Frame) error {
			if k == 2*workers { // as many as its window holds are waiting
				full.Done()
			}
			return fill(k, f)
		}
		outs[i] = &collector{}
		more = append(more, source(fmt.Sprintf("feed%d", i), src), eiengine.Factory{
			Name: fmt.Sprintf("sink%d", i), Pads: []eiengine.PadTemplate{eiengine.SinkPad(frames.AnyCaps())},
			New: func() eiengine.Element { return outs[i] },
		})
		line := fmt.Sprintf("feed%d ! edgeimpulsevideoinfer name=net%d workers=%d model-path=%s", i, i, workers, path)
		if i < streams-1 {
			line += fmt.Sprintf(" ! sink%d", i)
		}
		lines = append(lines, line)
	}
	r := newRigOf(t, strings.Join(lines, " "), more...)
	outs[streams-1] = r.out
	r.p.SetState(eiengine.Playing)
	full.Wait()
	g.open(t, streams*n)
	if err := r.p.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.settle()

	judged := map[string]int{}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.msgs {
		if _, ok := m.Payload.(*bus.Inference); !ok {
			continue
		}
		judged[m.Src]++
		if judged[m.Src] < n*3/4 {
			continue
		}
		for i := range streams {
			if k := judged[fmt.Sprintf("net%d", i)]; 6*judged[m.Src] > 6*k+k {
				t.Fatalf("%s was judged %d times, net%d %d times: more than 1.17 times as often", m.Src, judged[m.Src], i, k)
			}
		}
		break
	}
	for i, out := range outs {
		if got := out.count(); got != n {
			t.Errorf("stream %d: %d frames of %d came out", i, got, n)
		}
		for k, f := range out.frames {
			if f.seq != uint64(k) || f.result == nil {
				t.Fatalf("stream %d: frame %d has number %d, judged %v", i, k, f.seq, f.result != nil)
			}
		}
	}
}
