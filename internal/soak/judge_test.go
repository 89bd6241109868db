package soak

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// halfAnHour makes samples, one every twenty seconds.
func halfAnHour(change func(i int, v *Vitals)) []Sample {
	var samples []Sample
	for i := range 90 {
		v := Vitals{RSS: 36 << 20, Heap: 6 << 20, Descriptors: 19, Goroutines: 25, Threads: 10, Children: 2}
		change(i, &v)
		samples = append(samples, Sample{time.Duration(i) * 20 * time.Second, v})
	}
	return samples
}

func TestGrown(t *testing.T) {
	for _, c := range []struct {
		want   string
		change func(i int, v *Vitals)
	}{
		{"[]", func(int, *Vitals) {}},
		{"[]", func(i int, v *Vitals) { v.RSS += int64(i%7) << 20 }},                     // luck
		{"[]", func(i int, v *Vitals) { v.RSS += int64(min(i, 30)) << 18 }},              // warms up
		{"[]", func(i int, v *Vitals) { v.Descriptors, v.Threads = 19+i%89%3, 10+i/30 }}, // as at the start
		{"19 descriptors after 1m0s, 20 at the end", func(i int, v *Vitals) { v.Descriptors += i / 89 }},
		{"25 goroutines", func(i int, v *Vitals) { v.Goroutines += i / 30 }},
		{"2 children", func(i int, v *Vitals) { v.Children += i / 89 }},
		{"0 pieces of shared memory", func(i int, v *Vitals) { v.Shared += i / 89 }},
		{"10 threads", func(i int, v *Vitals) { v.Threads += i / 10 }},
		{"[]", func(i int, v *Vitals) { v.RSS, v.Heap, v.Pool = v.RSS+int64(i)<<18, v.Heap+int64(i)<<18, int64(i)<<18 }},
		{"memory grows", func(i int, v *Vitals) { v.RSS += int64(i) * 40 << 10 }},
		{"Go's heap grows", func(i int, v *Vitals) { v.Heap += int64(i) * 10 << 10 }},
	} {
		if got := fmt.Sprint(Grown(30*time.Minute, halfAnHour(c.change))); !strings.Contains(got, c.want) {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
	if got := Grown(time.Hour, halfAnHour(func(int, *Vitals) {})[:4]); len(got) != 1 || !strings.Contains(got[0], "too few") {
		t.Errorf("of four samples: %s", got)
	}
}
