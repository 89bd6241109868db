package eiengine_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
)

// careful leaves out what would come too late, and remembers what it is told.
type careful struct {
	eiengine.Settings[eiengine.NoProps]
	mu   sync.Mutex
	told []eiengine.QoSEvent
}

func (*careful) SkipsLate() bool                                { return true }
func (*careful) Process(c *eiengine.Ctx, f *frames.Frame) error { return c.Push(0, f) }

func (e *careful) HandleEvent(_ *eiengine.Ctx, event eiengine.Event) (bool, error) {
	if q, ok := event.(eiengine.QoSEvent); ok {
		e.mu.Lock()
		e.told = append(e.told, q)
		e.mu.Unlock()
	}
	return false, nil
}

// playAt plays "counter … ! careful ! slow ! collect" in one chain, where slow takes
// 100 ms of the fake clock for each frame up to a number.
func playAt(t *testing.T, slow int, line string) (*eiengine.Pipeline, *careful, []*bus.QoS) {
	t.Helper()
	clock := eiengine.NewFakeClock()
	e := newEngine(t, eiengine.Options{Clock: clock})
	element := new(careful)
	addElement(t, e, "careful", func() eiengine.Element { return element })
	n := 0
	addStub(t, e, "slow", &stub{process: func(c *eiengine.Ctx, f *frames.Frame) error {
		if n++; n > 1 && n <= slow { // the first one prerolls
			clock.Advance(100 * time.Millisecond)
		}
		return c.Push(0, f)
	}})
	p := paused(t, launch(t, e, line))
	sub := p.Bus().Subscribe(1000, bus.TypeQoS)
	if err := p.Play(soon(t)); err != nil {
		t.Fatal(err)
	}
	tick(t, p, clock)
	stop(t, p)
	sub.Close()
	var messages []*bus.QoS
	for _, q := range bus.Payloads[*bus.QoS](soon(t), sub) {
		messages = append(messages, q)
	}
	return p, element, messages
}

// tick advances the clock by a millisecond whenever somebody waits for it, until
// the stream has ended.
func tick(t *testing.T, p *eiengine.Pipeline, clock *eiengine.FakeClock) {
	t.Helper()
	playing, stop := context.WithCancel(soon(t))
	defer stop()
	ended := make(chan error, 1)
	go func() {
		ended <- p.Wait(playing)
		stop()
	}()
	for clock.BlockUntil(playing, 1) == nil {
		clock.Advance(time.Millisecond)
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

func TestElementsLeaveOutWhatComesTooLate(t *testing.T) {
	p, element, messages := playAt(t, 8, "counter num-buffers=60 ! careful name=c ! slow ! collect name=s sync=true qos=true")
	got := sink(p, "s").numbers()
	if len(got) == 60 || got[len(got)-1] != 59 || !slices.IsSorted(got) {
		t.Errorf("the sink got the frames %v, want some left out and the last one there", got)
	}
	if len(messages) != 60-len(got) {
		t.Errorf("%d frames are missing, but the bus was told of %d", 60-len(got), len(messages))
	}
	for _, s := range p.Stats() {
		if s.Name == "c" && s.Dropped != uint64(len(messages)) {
			t.Errorf("careful counts %d dropped frames, want %d", s.Dropped, len(messages))
		}
	}
	if len(element.told) == 0 || element.told[len(element.told)-1].Jitter > 0 {
		t.Errorf("the events are %+v, want the last one to say that frames are in time again", element.told)
	}
	for i, q := range element.told {
		if q.Proportion <= 0 || q.Jitter <= 0 && (i == 0 || element.told[i-1].Jitter <= 0) {
			t.Errorf("event %d of %+v tells nothing new", i, element.told)
		}
	}
}

func TestNothingIsLeftOutInTime(t *testing.T) {
	_, element, messages := playAt(t, 0, "counter num-buffers=10 ! careful ! slow ! collect name=s sync=true qos=true ts-offset=100000000")
	if len(messages) > 0 || len(element.told) > 0 {
		t.Errorf("%d messages and %d events tell of late frames, want none", len(messages), len(element.told))
	}
}
