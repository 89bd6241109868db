package frames

import (
	"math"
	"testing"
	"testing/quick"
	"time"
)

func TestCountIsTheInverseOfTime(t *testing.T) {
	err := quick.Check(func(num, den, n uint16) bool {
		f := Fraction{Num: int(num%1000) + 1, Den: int(den%1000) + 1}
		at := f.Time(int64(n))
		return f.Count(at) == int64(n) && (n == 0 || f.Count(at-1) == int64(n)-1)
	}, nil)
	if err != nil {
		t.Error(err)
	}
	if got := (Fraction{}).Count(time.Hour); got != 0 {
		t.Errorf("at a rate of 0 an hour has %d events, want 0", got)
	}
	if got := (Fraction{Num: math.MaxInt32, Den: 1}).Count(math.MaxInt64); got != math.MaxInt64 {
		t.Errorf("a count that no number holds is %d", got)
	}
	if got := (AudioInfo{Rate: 44100}).Sample(time.Second - 1); got != 44099 {
		t.Errorf("the last nanosecond of a second is in sample %d, want 44099", got)
	}
}
