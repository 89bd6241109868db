package infer

import (
	"testing"
	"time"
)

func TestIntervalShrinksAfterCalm(t *testing.T) {
	r := rules{interval: 1, maxInterval: 4}
	var p pacer
	judged := func(frames, unasked, all int) (n int) {
		for range frames {
			if p.due(&r, unasked, all) {
				n++
			}
		}
		return n
	}
	if n := judged(100, 1, 1); n != 21 || p.now != 4 {
		t.Errorf("behind all the time: %d of 100 judged, interval %d", n, p.now)
	}
	judged(5*calm, 0, 1) // busy, not behind: it stays
	if p.now != 4 {
		t.Errorf("interval %d while the model was just fast enough", p.now)
	}
	judged(5*calm, 0, 0)
	if p.now != 3 {
		t.Errorf("interval %d after %d frames without waiting", p.now, calm)
	}
	judged(1000, 0, 0)
	if p.now != r.interval {
		t.Errorf("interval %d in the end, want %d", p.now, r.interval)
	}
	r.interval = 9 // set while playing, beyond max-interval
	judged(1, 5, 5)
	if judged(20, 5, 5); p.now != 9 {
		t.Errorf("interval %d, it was set to 9", p.now)
	}
}

func TestDeadlineCountsTheAnswerIn(t *testing.T) {
	ms := time.Millisecond
	for _, c := range []struct {
		policy        queuePolicy
		age, expected time.Duration
		late          bool
	}{
		{policyEvery, 100 * ms, 50 * ms, false},
		{policyEvery, 101 * ms, 0, true},
		{policyDeadline, 50 * ms, 50 * ms, false},
		{policyDeadline, 51 * ms, 50 * ms, true},
		{policyLatest, 101 * ms, 0, true},
	} {
		r := rules{policy: c.policy, maxLatency: 100 * ms}
		if r.late(c.age, c.expected) != c.late {
			t.Errorf("%+v: late is %v", c, !c.late)
		}
	}
}

// One slow answer does not keep all frames after it from being judged.
func TestExpectationWearsOff(t *testing.T) {
	m := &model{typical: time.Second}
	r := rules{policy: policyDeadline, maxLatency: 100 * time.Millisecond}
	n := 0
	for ; r.late(0, m.expected()); n++ {
		m.missed()
	}
	if n < 5 || n > 60 {
		t.Errorf("judged again after %d frames", n)
	}
}
