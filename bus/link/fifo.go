package link

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/eiengine/eiengine"
	"github.com/eiengine/eiengine/frames"
)

// ErrFull says that a frame found no room and that nobody asked to wait.
var ErrFull = errors.New("queue full")

// limits bound a fifo; 0 is no limit. It is full when one is reached.
type limits struct {
	buffers, bytes uint64
	span           time.Duration
	leak           eiengine.Leak
	wait           bool // for room, instead of returning ErrFull
}

// fifo is the queue between a goroutine of the program and one of the pipeline.
// The zero value is not ready; see newFIFO.
type fifo struct {
	// drop disposes of a frame that goes nowhere.
	drop func(f *frames.Frame)
	// numbered has frames counted as they come; those that leak leave a gap.
	numbered bool

	mu    sync.Mutex
	items []*frames.Frame // a ring
	head  int
	count int
	bytes uint64
	seq   uint64          // of the next frame
	ended bool            // nothing more is put in
	err   error           // why nothing can be put in or taken out
	run   context.Context // of the pipeline's run, nil before the first

	// Tokens; who uses one passes it on if there is something for others.
	notEmpty, notFull chan struct{}
}

func newFIFO(drop func(f *frames.Frame)) *fifo {
	return &fifo{
		drop: drop, items: make([]*frames.Frame, 8),
		notEmpty: make(chan struct{}, 1), notFull: make(chan struct{}, 1),
	}
}

func signal(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// stopped is why the pipeline at the other end is of no use; q.mu is held.
func (q *fifo) stopped() error {
	if q.err != nil {
		return q.err
	}
	if q.run != nil && q.run.Err() != nil {
		return eiengine.ErrFlushing
	}
	return nil
}

func (q *fifo) full(l limits) bool {
	return l.buffers > 0 && uint64(q.count) >= l.buffers || l.bytes > 0 && q.bytes >= l.bytes ||
		l.span > 0 && q.span() >= l.span
}

// span is how much time the frames that have one stretch over; q.mu is held.
func (q *fifo) span() time.Duration {
	if q.count == 0 {
		return 0
	}
	oldest, newest := q.items[q.head], q.items[(q.head+q.count-1)%len(q.items)]
	if oldest.PTS < 0 || newest.PTS < oldest.PTS {
		return 0
	}
	return newest.PTS - oldest.PTS + max(newest.Duration, 0)
}

// isFull reports whether a frame would find no room.
func (q *fifo) isFull(l limits) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.full(l)
}

// put appends a frame and consumes it, also on error.
func (q *fifo) put(ctx context.Context, f *frames.Frame, l limits) error {
	for {
		q.mu.Lock()
		err := q.stopped()
		if err == nil && q.ended {
			err = eiengine.ErrEOS
		}
		if err == nil && !q.full(l) {
			q.append(f)
			room := !q.full(l)
			q.mu.Unlock()
			signal(q.notEmpty)
			if room {
				signal(q.notFull)
			}
			return nil
		}
		if err == nil && l.leak == eiengine.LeakDownstream && q.count > 0 {
			oldest := q.take()
			q.mu.Unlock()
			q.drop(oldest)
			continue
		}
		if err == nil && l.leak == eiengine.LeakNo && !l.wait {
			err = fmt.Errorf("%w with %d frames of %d bytes", ErrFull, q.count, q.bytes)
		}
		leak := err == nil && l.leak == eiengine.LeakUpstream
		if leak {
			q.seq++
		}
		run := q.run
		q.mu.Unlock()
		if err == nil && !leak {
			if err = wait(ctx, run, q.notFull); err == nil {
				continue
			}
		}
		q.drop(f)
		signal(q.notFull) // for others who wait in vain too
		return err
	}
}

// get takes the oldest frame; the caller becomes its owner. io.EOF says that
// there will be none.
func (q *fifo) get(ctx context.Context) (*frames.Frame, error) {
	for {
		q.mu.Lock()
		if q.count > 0 {
			f := q.take()
			more := q.count > 0 || q.ended
			q.mu.Unlock()
			signal(q.notFull)
			if more {
				signal(q.notEmpty)
			}
			return f, nil
		}
		err := q.stopped()
		if q.ended {
			err = io.EOF
		}
		run := q.run
		q.mu.Unlock()
		if err == nil {
			if err = wait(ctx, run, q.notEmpty); err == nil {
				continue
			}
		}
		signal(q.notEmpty)
		return nil, err
	}
}

// wait returns nil when it is worth looking again.
func wait(ctx, run context.Context, token chan struct{}) error {
	var gone <-chan struct{}
	if run != nil {
		gone = run.Done()
	}
	select {
	case <-token:
	case <-gone:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// untilEmpty returns when everything was taken, or with ctx's error.
func (q *fifo) untilEmpty(ctx context.Context) error {
	for {
		q.mu.Lock()
		empty := q.count == 0
		q.mu.Unlock()
		if empty {
			return nil
		}
		if err := wait(ctx, nil, q.notFull); err != nil {
			return err
		}
	}
}

func (q *fifo) append(f *frames.Frame) {
	if q.count == len(q.items) {
		bigger := make([]*frames.Frame, 2*len(q.items))
		for i := range q.count {
			bigger[i] = q.items[(q.head+i)%len(q.items)]
		}
		q.items, q.head = bigger, 0
	}
	if q.numbered {
		f.Seq = q.seq
		q.seq++
	}
	q.items[(q.head+q.count)%len(q.items)] = f
	q.count++
	q.bytes += uint64(f.Size())
}

func (q *fifo) take() *frames.Frame {
	f := q.items[q.head]
	q.items[q.head] = nil
	q.head = (q.head + 1) % len(q.items)
	q.count--
	q.bytes -= uint64(f.Size())
	return f
}

// change changes the state of the queue and has everybody who waits look again.
func (q *fifo) change(f func()) {
	q.mu.Lock()
	f()
	q.mu.Unlock()
	signal(q.notEmpty)
	signal(q.notFull)
}

// start begins a run of the pipeline.
func (q *fifo) start(run context.Context) {
	q.change(func() { q.run, q.err = run, nil })
}

// end says that nothing more is put in.
func (q *fifo) end() { q.change(func() { q.ended = true }) }

// refuse turns frames away from now on.
func (q *fifo) refuse(err error) { q.change(func() { q.err = err }) }

// flush drops what is queued.
func (q *fifo) flush() {
	q.mu.Lock()
	for q.count > 0 {
		q.drop(q.take())
	}
	q.mu.Unlock()
	signal(q.notFull)
}

func (q *fifo) level() (count int, bytes uint64, span time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.count, q.bytes, q.span()
}
