package eiengine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eiengine/eiengine/frames"
)

// Leak says what a full queue does.
type Leak int

// The ways to leak; the nicks are GStreamer's.
const (
	LeakNo         Leak = iota // the producer waits
	LeakUpstream               // new frames are dropped
	LeakDownstream             // old frames are dropped
)

// EnumValues implements Enum.
func (Leak) EnumValues() []EnumValue {
	return []EnumValue{
		{int(LeakNo), "no", "Not Leaky"},
		{int(LeakUpstream), "upstream", "Leaky on upstream (new buffers)"},
		{int(LeakDownstream), "downstream", "Leaky on downstream (old buffers)"},
	}
}

// QueueLimits bound a queue. It is full when any limit is reached; 0 is no limit.
type QueueLimits struct {
	Buffers int
	Bytes   int
	Time    time.Duration
	Leak    Leak
	// The queue gives nothing until all of these are reached or the stream ends.
	MinBuffers int
	MinBytes   int
	MinTime    time.Duration
	// FlushOnEOS drops the frames that are queued when the end of the stream
	// arrives.
	FlushOnEOS bool
}

// QueueLevel is how full a queue is.
type QueueLevel struct {
	Buffers int
	Bytes   int
	Time    time.Duration
	// Ended says that nothing more comes into it.
	Ended bool
}

// item is a frame or an event.
type item struct {
	frame *frames.Frame
	event Event
	// arrival numbers what arrives at the pads of an aggregator.
	arrival uint64
}

// ring is a bounded queue of items between two goroutines. Events are never
// dropped but by a flush, and do not count for the limits.
type ring struct {
	node   *node // whose it is
	limits func() QueueLimits
	// onDrop is told of each frame that leaks; it must not block.
	onDrop func()
	// onEmpty is told, if set, when the last frame has left; it must not block.
	onEmpty func()
	// watch is told more, if the element wants to know.
	watch *queueWatch
	// held is level.Buffers for those who must not take mu.
	held atomic.Int64

	mu       sync.Mutex
	items    []item // grows, then wraps
	head     int
	count    int
	level    QueueLevel
	peak     int    // of level.Buffers
	arrived  uint64 // frames
	found    uint64 // frames that were in it when others arrived, in all
	fullAt   uint64 // frames that found it full
	closed   bool
	refused  bool // what is behind it wants no more
	starving bool // who watches was told that there is nothing to give
	getWaits bool
	putWaits bool

	notEmpty chan struct{}
	notFull  chan struct{}
}

func newRing(n *node, limits func() QueueLimits, onDrop func()) *ring {
	return &ring{
		node: n, limits: limits, onDrop: onDrop, items: make([]item, 16),
		notEmpty: make(chan struct{}, 1), notFull: make(chan struct{}, 1),
	}
}

// push appends, waiting or leaking while the queue is full. It consumes the
// frame also when it fails, with ErrFlushing.
func (q *ring) push(ctx context.Context, it item) error {
	told := q.watch == nil // that it is full
	q.mu.Lock()
	wasFull := false
	for {
		if q.closed || ctx.Err() != nil {
			q.mu.Unlock()
			q.drop(it)
			return ErrFlushing
		}
		if q.refused {
			q.mu.Unlock()
			q.drop(it)
			if it.frame == nil {
				return nil
			}
			return ErrEOS
		}
		limits := q.limits()
		if it.frame == nil || !q.full(&limits) {
			break
		}
		if !wasFull {
			wasFull = true
			q.fullAt++
		}
		if !told {
			told = true
			q.mu.Unlock()
			q.watch.full()
			q.mu.Lock()
			continue // the limits may be others now
		}
		if limits.Leak == LeakUpstream {
			q.mu.Unlock()
			q.drop(it)
			return nil
		}
		if limits.Leak == LeakDownstream && q.dropOldest() {
			continue
		}
		q.putWaits = true
		q.mu.Unlock()
		began := q.node.stopwatch()
		select {
		case <-q.notFull:
		case <-ctx.Done():
		}
		if began != frames.NoTime {
			q.node.measured().blocked.Add(int64(q.node.passedSince(began)))
		}
		q.mu.Lock()
	}
	size := it.size()
	q.append(it)
	wake := q.getWaits
	q.getWaits = false
	q.mu.Unlock()
	if wake {
		signal(q.notEmpty)
	}
	q.watch.changed(size)
	return nil
}

func (q *ring) drop(it item) {
	if it.frame != nil {
		it.frame.Release()
		q.onDrop()
	}
}

func signal(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

func (q *ring) full(l *QueueLimits) bool {
	return l.Buffers > 0 && q.level.Buffers >= l.Buffers ||
		l.Bytes > 0 && q.level.Bytes >= l.Bytes ||
		l.Time > 0 && q.level.Time >= l.Time
}

// ready reports whether the minimum thresholds are reached.
func (q *ring) ready() bool {
	if q.count == 0 {
		return false
	}
	l := q.limits()
	if q.level.Ended || q.items[q.head].event != nil || q.full(&l) {
		return true
	}
	return q.level.Buffers >= l.MinBuffers && q.level.Bytes >= l.MinBytes && q.level.Time >= l.MinTime
}

func (q *ring) append(it item) {
	if q.count == len(q.items) {
		bigger := make([]item, 2*len(q.items))
		for i := range q.count {
			bigger[i] = q.items[(q.head+i)%len(q.items)]
		}
		q.items, q.head = bigger, 0
	}
	q.items[(q.head+q.count)%len(q.items)] = it
	q.count++
	if it.frame != nil {
		q.arrived++
		q.found += uint64(q.level.Buffers)
		q.level.Buffers++
		q.peak = max(q.peak, q.level.Buffers)
		q.held.Add(1)
		q.level.Bytes += it.frame.Size()
		q.updateTime()
	}
	if _, eos := it.event.(EOSEvent); eos {
		q.level.Ended = true
		if l := q.limits(); l.FlushOnEOS {
			for q.dropOldest() {
			}
		}
	}
}

// updateTime measures from the oldest to the end of the newest frame.
func (q *ring) updateTime() {
	var oldest, newest *frames.Frame
	for i := 0; i < q.count && oldest == nil; i++ {
		oldest = q.items[(q.head+i)%len(q.items)].frame
	}
	for i := q.count - 1; i >= 0 && newest == nil; i-- {
		newest = q.items[(q.head+i)%len(q.items)].frame
	}
	q.level.Time = 0
	if newest != nil && oldest.PTS >= 0 && newest.PTS >= oldest.PTS {
		q.level.Time = newest.PTS - oldest.PTS + max(newest.Duration, 0)
	}
}

// removeAt takes out item i, counted from the oldest, keeping the order.
func (q *ring) removeAt(i int) item {
	it := q.items[(q.head+i)%len(q.items)]
	for ; i > 0; i-- {
		q.items[(q.head+i)%len(q.items)] = q.items[(q.head+i-1)%len(q.items)]
	}
	q.items[q.head] = item{}
	q.head = (q.head + 1) % len(q.items)
	q.count--
	if it.frame != nil {
		q.level.Buffers--
		q.level.Bytes -= it.frame.Size()
		q.updateTime()
		if q.held.Add(-1) == 0 && q.onEmpty != nil {
			q.onEmpty()
		}
	}
	return it
}

// dropOldest leaks the oldest frame, leaving events where they are.
func (q *ring) dropOldest() bool {
	for i := range q.count {
		if q.items[(q.head+i)%len(q.items)].frame != nil {
			q.drop(q.removeAt(i))
			return true
		}
	}
	return false
}

// pop takes the oldest item. It returns ok false when wake or ctx fires first,
// or when the queue is closed.
func (q *ring) pop(ctx context.Context, wake <-chan struct{}) (it item, ok bool) {
	q.mu.Lock()
	for !q.ready() || q.starving {
		if q.closed {
			q.mu.Unlock()
			return item{}, false
		}
		if q.tellSupply() {
			continue
		}
		q.getWaits = true
		q.mu.Unlock()
		began := q.node.stopwatch()
		select {
		case <-q.notEmpty:
		case <-wake:
			return item{}, false
		case <-ctx.Done():
			return item{}, false
		}
		if began != frames.NoTime {
			q.node.measured().starving.Add(int64(q.node.passedSince(began)))
		}
		q.mu.Lock()
	}
	it = q.takeHead()
	q.mu.Unlock()
	q.watch.changed(0)
	return it, true
}

// takeHead removes the oldest item and wakes a waiting producer; q.mu is held.
func (q *ring) takeHead() item {
	it := q.removeAt(0)
	if q.putWaits {
		q.putWaits = false
		signal(q.notFull)
	}
	return it
}

// flush drops everything that is queued.
func (q *ring) flush() {
	q.mu.Lock()
	for q.count > 0 {
		q.drop(q.takeHead())
	}
	q.level.Ended = false
	q.mu.Unlock()
}

// refuse drops what is queued and lets nothing in any more: producers get ErrEOS.
func (q *ring) refuse() {
	q.mu.Lock()
	q.refused = true
	q.mu.Unlock()
	q.flush()
	signal(q.notFull)
}

// open readies the queue for another run; close ends it and drops what it holds.
func (q *ring) open() {
	q.mu.Lock()
	q.closed, q.refused, q.starving = false, false, false
	q.peak, q.arrived, q.found, q.fullAt = 0, 0, 0, 0
	q.mu.Unlock()
}

func (q *ring) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.flush()
	signal(q.notEmpty)
	signal(q.notFull)
}

func (q *ring) stats() QueueStats {
	q.mu.Lock()
	defer q.mu.Unlock()
	s := QueueStats{QueueLevel: q.level, Peak: q.peak, Full: q.fullAt}
	if q.arrived > 0 {
		s.Mean = float64(q.found) / float64(q.arrived)
	}
	return s
}

func (q *ring) readLevel() QueueLevel {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.level
}

// QueueLevelReader gives a Queuer the level of its queue; embed it for elements
// that show it in a property.
type QueueLevelReader struct{ queue *ring }

// Level is how full the queue is. QueueLimits must not call it.
func (r *QueueLevelReader) Level() QueueLevel {
	if r.queue == nil {
		return QueueLevel{}
	}
	return r.queue.readLevel()
}

// IsEmpty reports whether the queue holds no frame. It takes no lock, so
// QueueLimits of another queue may call it.
func (r *QueueLevelReader) IsEmpty() bool { return r.queue == nil || r.queue.held.Load() == 0 }

func (r *QueueLevelReader) setQueue(q *ring) { r.queue = q }

type levelled interface{ setQueue(q *ring) }
