package infer

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
)

// A run takes what waits when the one before it ends, and nothing that is brought
// once its answers are given: streams that are quick to do that get no more than
// others.
func TestARunTakesWhatWaitsWhenTheLastOneEnds(t *testing.T) {
	for _, prepared := range []bool{true, false} {
		t.Run(fmt.Sprint("prepared=", prepared), func(t *testing.T) {
			m := &model{batch: 4}
			m.wake = sync.NewCond(&m.mu)
			w, l := &worker{model: m}, newLane(m)
			m.workers = []*worker{w}
			slow, quick := newClient(1), newClient(1)
			defer slow.cancel()
			defer quick.cancel()
			m.streams = []*client{slow, quick}
			bring := func(cl *client) {
				cl.queue.push(job{client: cl, ctx: context.Background()})
				cl.unasked++
			}
			bring(slow)
			if w, ok := m.next(l); w != nil || !ok {
				t.Fatal("there is a worker for the lane")
			}
			if prepared {
				m.takeAhead(l)
			}
			bring(slow)
			bring(quick)
			m.release(w, 0, nil)
			bring(quick)
			if got, withdrawn := m.claim(l); got != w || len(withdrawn) > 0 {
				t.Fatal("the lane did not get the worker")
			}
			var of []*client
			for _, j := range l.batch {
				of = append(of, j.client)
			}
			if !slices.Equal(of, []*client{slow, quick, slow}) {
				t.Errorf("the run has %d frames, of them the quick stream's are %v", len(of), slices.Contains(of, quick))
			}
			if quick.queue.count != 1 || quick.unasked != 1 || slow.unasked != 0 {
				t.Errorf("%d frames of the quick stream wait (%d unasked), %d of the slow one", quick.queue.count, quick.unasked, slow.unasked)
			}
		})
	}
}
