package frames

import (
	"fmt"
	"math"
	"math/bits"
	"time"
)

// Fraction is a rational number such as a frame rate. Denominators are positive.
type Fraction struct{ Num, Den int }

// String is "num/den".
func (f Fraction) String() string { return fmt.Sprintf("%d/%d", f.Num, f.Den) }

// Float is the value; 0 if the denominator is 0.
func (f Fraction) Float() float64 {
	if f.Den == 0 {
		return 0
	}
	return float64(f.Num) / float64(f.Den)
}

// Cmp compares by value: -1, 0 or +1.
func (f Fraction) Cmp(g Fraction) int {
	a, b := int64(f.Num)*int64(g.Den), int64(g.Num)*int64(f.Den)
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Reduce divides both parts by their greatest common divisor.
func (f Fraction) Reduce() Fraction {
	a, b := f.Num, f.Den
	if a < 0 {
		a = -a
	}
	for b != 0 {
		a, b = b, a%b
	}
	if a == 0 {
		return f
	}
	return Fraction{f.Num / a, f.Den / a}
}

// Time is the moment of event n (0-based) at this rate per second, truncated to
// nanoseconds as GStreamer does; 0 for a rate of 0.
func (f Fraction) Time(n int64) time.Duration {
	if f.Num <= 0 || f.Den <= 0 || n <= 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(n), uint64(f.Den)*uint64(time.Second))
	q, _ := bits.Div64(hi%uint64(f.Num), lo, uint64(f.Num))
	return time.Duration(q)
}

// Count is the number of the event (0-based) that a time falls into: the last one
// whose Time is not after t; 0 for a rate of 0 and before the first.
func (f Fraction) Count(t time.Duration) int64 {
	if f.Num <= 0 || f.Den <= 0 || t <= 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(t), uint64(f.Num))
	per := uint64(f.Den) * uint64(time.Second)
	if hi >= per/2 {
		return math.MaxInt64 // more than can be counted
	}
	q, _ := bits.Div64(hi, lo, per)
	n := int64(q)
	if f.Time(n+1) <= t { // Time is truncated
		n++
	}
	return n
}
