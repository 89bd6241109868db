package soak

import (
	"fmt"
	"slices"
	"time"
)

// Sample is what the process held at a moment at which all streams played.
type Sample struct {
	At time.Duration
	Vitals
}

// Grown says what grew over a soak of some length, in one sentence each.
//
// Descriptors, goroutines, children and shared memory are counted exactly: at the end
// there are no more than after the first minute (or quarter, of a soak shorter than four
// minutes). Threads may be a few more: Go starts one whenever all others happen to be in
// system calls, and keeps it. Memory is judged without the pool of frames, which keeps
// what the longest queue so far took, and by its trend, since each sample has some luck
// in it: the median of the last third is no more than that of the middle third and a
// slack, 1 MB of the process and 256 KB of Go's heap. In half an hour, with thirty faults
// in a third of it, that is 35 KB and 9 KB for each.
func Grown(length time.Duration, samples []Sample) (problems []string) {
	warm := slices.IndexFunc(samples, func(s Sample) bool { return s.At >= min(time.Minute, length/4) })
	if warm < 0 || len(samples)-warm < 3 {
		return []string{fmt.Sprintf("%d samples are too few to judge by", len(samples))}
	}
	first, last := samples[warm], samples[len(samples)-1]
	for _, c := range []struct {
		what               string
		first, last, slack int
	}{
		{"descriptors", first.Descriptors, last.Descriptors, 0},
		{"goroutines", first.Goroutines, last.Goroutines, 0},
		{"children", first.Children, last.Children, 0},
		{"pieces of shared memory", first.Shared, last.Shared, 0},
		{"threads", first.Threads, last.Threads, 6},
	} {
		if c.last > c.first+c.slack {
			problems = append(problems, fmt.Sprintf("%d %s after %v, %d at the end", c.first, c.what, first.At.Round(time.Second), c.last))
		}
	}
	samples = samples[warm:]
	third := len(samples) / 3
	for _, m := range []struct {
		what  string
		slack int64
		of    func(Sample) int64
	}{
		{"memory", 1 << 20, func(s Sample) int64 { return s.RSS - s.Pool }},
		{"Go's heap", 1 << 18, func(s Sample) int64 { return s.Heap - s.Pool }},
	} {
		before, after := median(samples[third:2*third], m.of), median(samples[2*third:], m.of)
		if after > before+m.slack {
			problems = append(problems, fmt.Sprintf("%s grows: %d bytes in the middle third, %d in the last", m.what, before, after))
		}
	}
	return problems
}

func median(samples []Sample, of func(Sample) int64) int64 {
	values := make([]int64, len(samples))
	for i, s := range samples {
		values[i] = of(s)
	}
	slices.Sort(values)
	return values[len(values)/2]
}
