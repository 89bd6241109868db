package eiengine_test

import (
	"sync/atomic"
	"testing"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// choosy answers the first frame late and drops all others at once.
type choosy struct {
	eiengine.Settings[eiengine.NoProps]
	size      atomic.Int32
	submitted atomic.Int32
	first     func()
}

func (a *choosy) Window() int { return int(a.size.Load()) }

func (a *choosy) Submit(c *eiengine.Ctx, f *frames.Frame, done eiengine.Ticket) {
	if a.submitted.Add(1) == 1 {
		a.first = func() { done.Done(f) }
		return
	}
	c.Drop(f)
	done.Done(nil)
}

func (a *choosy) Counts() []eiengine.Count {
	return []eiengine.Count{{Name: "submitted", N: uint64(a.submitted.Load())}}
}

// The window bounds frames, not tickets: those that were answered with nothing make
// nobody wait, though they cannot leave before the first.
func TestDroppedFramesTakeNoPlaceInTheWindow(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	a := &choosy{}
	a.size.Store(2)
	addElement(t, e, "choosy", func() eiengine.Element { return a })
	p := launch(t, e, "counter num-buffers=100 ! choosy name=a ! collect name=s")
	p.SetState(eiengine.Playing)
	until(t, "all frames were submitted", func() bool { return a.submitted.Load() == 100 })
	if n := sink(p, "s").count(); n != 0 {
		t.Errorf("%d frames passed the one that is not answered", n)
	}
	a.first()
	if err := p.Wait(soon(t)); err != nil {
		t.Fatal(err)
	}
	if n := sink(p, "s").count(); n != 1 {
		t.Errorf("%d frames came out, want the one that was kept", n)
	}
	for _, s := range p.Stats() {
		if s.Name == "a" && (s.Dropped != 99 || len(s.Counts) != 1 || s.Counts[0] != (eiengine.Count{Name: "submitted", N: 100})) {
			t.Errorf("%+v", s)
		}
	}
}
