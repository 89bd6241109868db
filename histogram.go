package eiengine

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// Eight buckets to each doubling: what is read is at most a sixteenth off.
const (
	bucketBits = 3
	perOctave  = 1 << bucketBits
	octaves    = 37
	longestBit = octaves + bucketBits // 2^40 ns, 18 minutes; longer counts as that
)

// histogram counts durations. One goroutine writes, any may read.
type histogram struct {
	counts [(octaves + 1) * perOctave]atomic.Uint64
	most   atomic.Int64
}

func (h *histogram) note(d time.Duration) {
	d = max(d, 0)
	h.counts[bucketOf(d)].Add(1)
	if int64(d) > h.most.Load() {
		h.most.Store(int64(d))
	}
}

func bucketOf(d time.Duration) int {
	ns := min(uint64(d), 1<<longestBit-1)
	if ns < perOctave {
		return int(ns)
	}
	shift := bits.Len64(ns) - bucketBits - 1
	return shift*perOctave + int(ns>>shift)
}

// middleOf is the middle of a bucket.
func middleOf(bucket int) time.Duration {
	if bucket < 2*perOctave {
		return time.Duration(bucket)
	}
	shift := bucket/perOctave - 1
	return time.Duration((bucket-shift*perOctave)<<shift + 1<<shift/2)
}

// Durations sum up many durations. P50 and P99 are at most a sixteenth off.
type Durations struct {
	Count         uint64
	P50, P99, Max time.Duration
}

func (h *histogram) read() Durations {
	d := Durations{Max: time.Duration(h.most.Load())}
	var counts [len(h.counts)]uint64
	for i := range counts {
		counts[i] = h.counts[i].Load()
		d.Count += counts[i]
	}
	var below uint64
	for i, c := range counts {
		if below < (d.Count+1)/2 && below+c >= (d.Count+1)/2 {
			d.P50 = min(middleOf(i), d.Max)
		}
		if nth := d.Count - d.Count/100; below < nth && below+c >= nth {
			d.P99 = min(middleOf(i), d.Max)
		}
		below += c
	}
	return d
}
