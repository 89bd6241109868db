package eiengine_test

import (
	"slices"
	"testing"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/bus"
)

// A trace tells the states of each element in their order, and the goroutines.
func TestTraceTellsStatesAndGoroutines(t *testing.T) {
	p := launch(t, newEngine(t, eiengine.Options{}), "counter num-buffers=3 ! buffer name=q ! collect name=s")
	p.Trace(true)
	states, goroutines := map[string][]string{}, map[string][]string{}
	for m, err := range p.Messages(soon(t)) {
		if err != nil {
			t.Fatal(err)
		}
		switch c := m.Payload.(type) {
		case *bus.StateChanged:
			states[m.Src] = append(states[m.Src], c.New)
		case *bus.StreamStatus:
			goroutines[m.Src] = append(goroutines[m.Src], c.What)
		}
	}
	for _, name := range []string{"counter0", "q", "s", "pipeline0"} {
		if want := []string{"ready", "paused", "playing", "paused", "ready", "null"}; !slices.Equal(states[name], want) {
			t.Errorf("%s: %v", name, states[name])
		}
	}
	for _, pad := range []string{"counter0:src", "q:src"} {
		if want := []string{"create", "enter", "leave"}; !slices.Equal(goroutines[pad], want) {
			t.Errorf("%s: %v", pad, goroutines[pad])
		}
	}
}
