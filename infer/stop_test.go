package infer_test

import (
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
)

// The window is full and the model does not answer: stopping takes no longer than
// requests are given, and everything is as new afterwards.
func TestStopWithTheWindowFull(t *testing.T) {
	for _, state := range []eiengine.State{eiengine.Null, eiengine.Ready} {
		t.Run(state.String(), func(t *testing.T) {
			spec, g := gated(t)
			s := newSteps(t, nil)
			r := newRigOf(t, "feed ! edgeimpulsevideoinfer name=net workers=2 model-path="+program(t, roleProbe, probeEnv(spec)), source("feed", s.feeder))
			r.p.SetState(eiengine.Playing)
			s.begin()
			s.send(3)
			s.step <- struct{}{} // the fourth, and the source asks for a fifth
			g.next(t)
			g.next(t)
			<-s.ready
			began := time.Now()
			r.p.SetState(state)
			close(s.step)
			if err := r.p.WaitState(t.Context(), state); err != nil {
				t.Fatal(err)
			}
			t.Logf("stopped after %v", time.Since(began))
			if n := r.engine.Pool().Stats().InUse; n != 0 {
				t.Errorf("%d bytes of frames are held after the stop: %s", n, r.engine.Pool().Leaks())
			}

			s.step = make(chan struct{})
			r.p.SetState(eiengine.Playing)
			s.begin()
			g.open(t, 100)
			s.send(10)
			s.end()
			if err := r.p.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			r.settle()
			inOrder(t, r, 10)
			if got := len(payloads[*bus.Inference](r)); got != 10 {
				t.Errorf("%d results for 10 frames of the second run\n%s", got, r.texts())
			}
		})
	}
}

// One of two elements that share a model stops while its frames wait for the other's:
// the other loses nothing.
func TestStopOfOneOfTwoStreams(t *testing.T) {
	spec, g := gated(t)
	path := program(t, roleProbe, probeEnv(spec))
	a, b := newSteps(t, nil), newSteps(t, nil)
	r := newRigOf(t, "feed ! edgeimpulsevideoinfer name=net model-path="+path, source("feed", a.feeder))
	r.p.SetState(eiengine.Playing)
	a.begin()
	a.send(1)
	g.next(t) // a has the model

	if err := r.engine.Registry().Register(source("other", b.feeder)); err != nil {
		t.Fatal(err)
	}
	second, err := r.engine.Launch("other ! edgeimpulsevideoinfer name=net model-path=" + path + " ! fakesink")
	if err != nil {
		t.Fatal(err)
	}
	second.SetState(eiengine.Playing)
	b.begin()
	b.send(2)
	second.SetState(eiengine.Null)
	b.end()
	if err := second.WaitState(t.Context(), eiengine.Null); err != nil {
		t.Fatal(err)
	}
	g.open(t, 10)
	a.send(3)
	a.end()
	if err := r.p.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.settle()
	inOrder(t, r, 4)
	if got := len(payloads[*bus.Inference](r)); got != 4 {
		t.Errorf("%d results for 4 frames\n%s", got, r.texts())
	}
}
