package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"sync"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// recordTap stands before what writes a recording: it counts what goes in, and ends the
// stream when that is enough.
type recordTap struct {
	file   string
	frames uint64        // how many are wanted, 0 for all
	lasts  time.Duration // how long, 0 for ever
	full   func()        // called when the recording has all that was wanted

	mu      sync.Mutex
	tally   recordTally
	sum     hash.Hash
	next    uint64 // number that the next frame should have
	scratch []byte
	ended   bool
}

// recordTally is what was recorded.
type recordTally struct {
	format       *frames.Format // the last one
	count, lost  uint64         // frames, and those missing between them by their numbers
	bytes        int64
	first, until time.Duration // when the first frame began and the last one ended, NoTime if unknown
}

func newRecordTap(file string) *recordTap {
	return &recordTap{file: file, sum: sha256.New(), full: func() {}, tally: recordTally{first: frames.NoTime, until: frames.NoTime}}
}

// Process implements eiengine.Filter.
func (r *recordTap) Process(c *eiengine.Ctx, in *frames.Frame) error {
	if !r.take(in) {
		c.Drop(in)
		r.full()
		return eiengine.ErrEOS
	}
	return c.Push(0, in)
}

// take counts a frame, unless the recording is to hold no more.
func (r *recordTap) take(in *frames.Frame) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := &r.tally
	switch {
	case r.ended:
	case r.frames > 0 && t.count >= r.frames:
		r.ended = true
	case r.lasts > 0 && t.first >= 0 && in.PTS-t.first >= r.lasts:
		r.ended = true
	}
	if r.ended {
		return false
	}
	if t.count > 0 && in.Seq > r.next {
		t.lost += in.Seq - r.next
	}
	r.next = in.Seq + 1
	data := in.Contiguous(&r.scratch)
	r.sum.Write(data)
	t.count++
	t.bytes += int64(len(data))
	t.format = in.Format
	if t.first < 0 {
		t.first = in.PTS
	}
	if in.PTS >= 0 {
		t.until = in.PTS + max(in.Duration, 0)
	}
	if r.frames > 0 && t.count == r.frames {
		r.full() // no need to wait for one more, which may never come
	}
	return true
}

// read is what was recorded so far.
func (r *recordTap) read() recordTally {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tally
}

// overdue says whether a recording by the clock should have ended a second ago: what is
// recorded gives nothing any more.
func (r *recordTap) overdue(now time.Duration) bool {
	return r.lasts > 0 && now > max(r.read().first, 0)+r.lasts+time.Second
}

// span is how long the recording lasts.
func (t *recordTally) span() time.Duration {
	if t.first < 0 {
		return 0
	}
	return t.until - t.first
}

// progress is one line for a terminal.
func (t *recordTally) progress() string {
	text := fmt.Sprintf("%s  %d frames  %s", tenths(t.span()), t.count, byteText(t.bytes))
	if t.lost > 0 {
		text += fmt.Sprintf("  %d lost", t.lost)
	}
	return text
}

// summary tells what a file holds.
func (r *recordTap) summary() string {
	t := r.read()
	rate, lost := "", "none lost"
	if span := t.span(); span > 0 {
		rate = fmt.Sprintf(" in %.3f s, %.2f a second", span.Seconds(), float64(t.count)/span.Seconds())
	}
	if t.lost > 0 {
		lost = fmt.Sprintf("%d lost on the way to it", t.lost)
	}
	return fmt.Sprintf("%s: %d frames%s, %s, %s\n  %s\n  sha256 of the frames %s\n",
		r.file, t.count, rate, lost, byteText(t.bytes), t.format, hex.EncodeToString(r.sum.Sum(nil)))
}

// byteText is a number of bytes in the largest unit of which there is one.
func byteText(n int64) string {
	units := []string{"bytes", "kB", "MB", "GB", "TB"}
	v, unit := float64(n), 0
	for v >= 1000 && unit < len(units)-1 {
		v /= 1000
		unit++
	}
	if unit == 0 {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%.1f %s", v, units[unit])
}
