package eiengine_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
	"github.com/eiengine/eiengine/frames"
)

func TestMessagesEndWithTheStream(t *testing.T) {
	p := launch(t, newEngine(t, eiengine.Options{}), "counter num-buffers=10 ! pass ! collect name=s")
	for range 2 {
		said := map[bus.Type]int{}
		for m, err := range p.Messages(soon(t)) {
			if err != nil {
				t.Fatal(err)
			}
			said[m.Type]++
		}
		if said[bus.TypeEOS] != 1 || said[bus.TypeStateChanged] != 6 {
			t.Errorf("said %v", said)
		}
		if state, _ := p.State(); state != eiengine.Null {
			t.Errorf("left at %s", state)
		}
	}
}

func TestMessagesTellTheFailureLast(t *testing.T) {
	p := launch(t, newEngine(t, eiengine.Options{}), "counter ! pass panic-at=3 ! collect")
	var last error
	for _, err := range p.Messages(soon(t)) {
		last = err
	}
	if last == nil || !strings.Contains(last.Error(), "as asked") {
		t.Errorf("got %v", last)
	}
	p = launch(t, newEngine(t, eiengine.Options{}), "counter ! collect sync=true")
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	for _, err := range p.Messages(ctx) {
		last = err
	}
	if !errors.Is(last, context.DeadlineExceeded) {
		t.Errorf("got %v", last)
	}
}

func TestBreakingOutOfMessagesStops(t *testing.T) {
	p := launch(t, newEngine(t, eiengine.Options{}), "counter ! collect name=s")
	for m := range p.Messages(soon(t)) {
		if m.Type == bus.TypeNewClock {
			break
		}
	}
	if state, _ := p.State(); state != eiengine.Null {
		t.Errorf("left at %s", state)
	}
}

func TestFind(t *testing.T) {
	p := launch(t, newEngine(t, eiengine.Options{}), "counter num-buffers=1 ! collect name=s")
	if s, err := eiengine.Find[*collect](p, "s"); err != nil || s == nil {
		t.Errorf("%v, %v", s, err)
	}
	if _, err := eiengine.Find[*collect](p, "x"); err == nil || !strings.Contains(err.Error(), "counter0") {
		t.Errorf("a wrong name: %v", err)
	}
	if _, err := eiengine.Find[*pass](p, "s"); err == nil || !strings.Contains(err.Error(), "is a collect") {
		t.Errorf("a wrong type: %v", err)
	}
}

// slowToSay is an error whose text takes as long as somebody waits, within limits.
type slowToSay struct{ waited <-chan error }

func (e slowToSay) Error() string {
	select {
	case <-e.waited:
	case <-time.After(20 * time.Millisecond):
	}
	return "slow to say"
}

// Whoever learns from Wait that the pipeline has failed finds the message of it on
// the bus, however slowly that was put there: it must not be told twice.
func TestTheBusIsToldOfAFailureBeforeThoseWhoWait(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	waited := make(chan error, 1)
	addStub(t, e, "slow", &stub{process: func(c *eiengine.Ctx, f *frames.Frame) error {
		c.Drop(f)
		return eiengine.Fatal(slowToSay{waited})
	}})
	p := launch(t, e, "counter ! slow ! collect async=false")
	sub := p.Bus().Subscribe(0, bus.TypeError)
	if err := p.Play(soon(t)); err != nil {
		t.Log(err) // it may fail before it plays
	}
	err := p.Wait(soon(t))
	waited <- err // too late for the bus, if it is still being told
	atOnce, cancel := context.WithCancel(context.Background())
	cancel()
	told, none := sub.Next(atOnce)
	if none != nil {
		t.Fatalf("Wait returned %v, the bus was not told", err)
	}
	if told.Payload.(*bus.Error).Text != "slow to say" {
		t.Errorf("told %v", told.Payload)
	}
	if err := p.Stop(soon(t)); err != nil {
		t.Fatal(err)
	}
	if again, err := sub.Next(atOnce); err == nil {
		t.Errorf("told once more: %v", again.Payload)
	}
}
