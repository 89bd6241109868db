package eim

import "testing"

// What every model prints when it starts is no reason for its end.
func TestErrorsQuoteWhatIsNoGreeting(t *testing.T) {
	greeting := []string{
		"Edge Impulse Linux impulse runner - listening for JSON messages on socket 'runner.sock'",
		"Waiting for connection on runner.sock...", "Connected",
	}
	if got := lastLines(greeting); got != "" {
		t.Errorf("a greeting is quoted: %s", got)
	}
	if got, want := lastLines(append(greeting, "out of luck")), `; it printed last: "out of luck"`; got != want {
		t.Errorf("quoted %s, want %s", got, want)
	}
	if greeting[2] != "Connected" {
		t.Error("the lines themselves were changed")
	}
}
