package main

import (
	"testing"
	"time"
)

func TestPositionReadsAsGStreamers(t *testing.T) {
	for _, c := range []struct {
		at, duration time.Duration
		known        bool
		want         string
	}{
		{3400 * time.Millisecond, 10 * time.Second, true, "0:00:03.4 / 0:00:10.0 (34.0 %)"},
		{59*time.Minute + 59*time.Second + 999*time.Millisecond, time.Hour, true, "0:59:59.9 / 1:00:00.0 (100.0 %)"},
		{11 * time.Hour, 22 * time.Hour, true, "11:00:00.0 / 22:00:00.0 (50.0 %)"},
		{400 * time.Millisecond, 0, false, "0:00:00.4 / 99:99:99."},
		{0, 0, true, "0:00:00.0 / 99:99:99."},
	} {
		if got := positionText(c.at, c.duration, c.known); got != c.want {
			t.Errorf("%v of %v: %q, want %q", c.at, c.duration, got, c.want)
		}
	}
}
