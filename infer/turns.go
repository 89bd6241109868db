package infer

import (
	"runtime"
	"runtime/debug"
	"slices"
	"time"
)

// submit queues a job behind those of its stream, or in their place, and returns at
// once.
func (m *model) submit(j *job) {
	if j.rules.policy == policyLatest {
		m.supersede(j.client)
	}
	m.mu.Lock()
	if w := m.freeFor(j); w != nil {
		m.mu.Unlock()
		m.startNow(w, j)
		return
	}
	j.client.queue.push(*j)
	j.client.unasked++
	idle := len(m.idle) > 0
	m.mu.Unlock()
	m.wake.Signal()
	if idle {
		runtime.Gosched() // the lane goes first, whatever the caller has yet to do
	}
}

// shortFill bounds the time that the making of inputs takes from the goroutine that
// brings the frames: longer than waking another, and it is done in another.
const shortFill = 250 * time.Microsecond

// freeFor gives a worker that the goroutine that brings the frame can ask itself, nil
// if the frame has to take its turn; m.mu is held.
func (m *model) freeFor(j *job) *worker {
	cl := j.client
	if len(m.idle) == 0 || cl.serial || m.filling > shortFill || m.queued() || j.ctx.Err() != nil || j.late(m.typical) {
		return nil
	}
	w := m.takeIdle()
	if w == nil {
		return nil
	}
	if w.wanted = cl.wanted.Load(); !w.startable(w.wanted) {
		m.idle = slices.Insert(m.idle, 0, w)
		return nil
	}
	cl.taken++
	m.turn = (slices.Index(m.streams, cl) + 1) % len(m.streams)
	return w
}

// startNow asks a worker about the frame and leaves the answer to a lane.
func (m *model) startNow(w *worker, j *job) {
	w.own = *j
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // as in lanes
	w.start(&w.own)
	m.mu.Lock()
	m.handed = append(m.handed, w)
	m.mu.Unlock()
	m.wake.Signal()
}

// takeHanded gives the lane a frame that was started when it came; m.mu is held.
func (m *model) takeHanded(l *lane) *worker {
	w := m.handed[0]
	m.handed = slices.Delete(m.handed, 0, 1)
	l.batch, l.wanted = append(l.batch, w.own), w.wanted
	w.own = job{}
	m.passOn()
	return w
}

// supersede answers the oldest frames of the stream that no lane has taken, but for
// those that idle workers are going to judge at once.
func (m *model) supersede(cl *client) {
	for {
		m.mu.Lock()
		if cl.queue.count < max(1, len(m.idle)) {
			m.mu.Unlock()
			return
		}
		old := cl.queue.pop()
		cl.unasked--
		m.mu.Unlock()
		old.superseded()
	}
}

// next waits for frames that the lane may take, puts them into its batch, and gives a
// worker for them: nil if all are busy, in which case the lane has taken one frame
// and its place among those that wait for a worker. ok is false when the lane has to
// end.
func (m *model) next(l *lane) (w *worker, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for {
		if m.closed || m.running > lanesPerWorker*len(m.workers) {
			m.running--
			return nil, false
		}
		if len(m.handed) > 0 {
			return m.takeHanded(l), true
		}
		if w := m.takeIdle(); w != nil {
			if m.take(l, m.share()) {
				return w, true
			}
			m.idle = slices.Insert(m.idle, 0, w)
		} else if m.pick(l, &l.batch, true) {
			l.prepared = false
			m.waiting = append(m.waiting, l)
			m.passOn()
			return nil, true
		}
		m.wake.Wait()
	}
}

// share is how many frames a lane takes for a worker, when the one that it has is no
// longer among the idle: as many as one run answers, but some for the other idle
// workers too. m.mu is held.
func (m *model) share() int {
	queued := 0
	for _, cl := range m.streams {
		queued += cl.queue.count
	}
	workers := len(m.idle) + 1
	return min(m.batch, (queued+workers-1)/workers)
}

// take adds frames to the batch of a lane that has a worker, up to n in all; m.mu is
// held. It reports whether there is one.
func (m *model) take(l *lane, n int) bool {
	for len(l.batch) < n && m.pick(l, &l.batch, false) {
		l.batch[len(l.batch)-1].client.unasked--
	}
	if len(l.batch) > 0 {
		m.passOn()
	}
	return len(l.batch) > 0
}

// takeMore sets aside for a lane that gets a worker what else waits. That is done
// before the answers of the last run are given: or the streams that are quickest to
// bring another frame would have one in each run, and the others in every second.
// m.mu is held.
func (m *model) takeMore(l *lane) {
	for len(l.batch)+len(l.more) < m.batch && m.pick(l, &l.more, false) {
		l.more[len(l.more)-1].client.unasked--
	}
	m.passOn()
}

// takeAhead adds a frame to the batch of a lane that waits for a worker, if a run can
// answer one more.
func (m *model) takeAhead(l *lane) {
	m.mu.Lock()
	defer m.mu.Unlock()
	waiting := slices.Contains(m.waiting, l)
	more := waiting && len(l.batch) < m.batch && m.pick(l, &l.batch, true)
	l.prepared = waiting && !more
}

// claim is for a lane that waits: it gives its worker, if there is one by now, and
// what was set aside for it is in the batch then. What was withdrawn is no longer in it.
func (m *model) claim(l *lane) (w *worker, withdrawn []job) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l.batch = slices.DeleteFunc(l.batch, func(j job) bool {
		if j.withdrawn {
			withdrawn = append(withdrawn, j)
		}
		return j.withdrawn
	})
	w, l.worker = l.worker, nil
	l.batch = append(l.batch, l.more...)
	clear(l.more)
	l.more = l.more[:0]
	return w, withdrawn
}

// pick adds to a batch of the lane the oldest frame of the stream whose turn it is, of
// those that have one that can be taken; m.mu is held. ahead: there is no worker for
// it yet.
func (m *model) pick(l *lane, to *[]job, ahead bool) bool {
	for i := range m.streams {
		at := (m.turn + i) % len(m.streams)
		cl := m.streams[at]
		if cl.queue.count == 0 || ahead && !cl.allowsAhead() || cl.serial && cl.taken > 0 || !l.joins(cl) {
			continue
		}
		if len(l.batch) == 0 {
			l.wanted = cl.wanted.Load()
		}
		*to = append(*to, cl.queue.pop())
		cl.taken++
		m.turn = (at + 1) % len(m.streams)
		return true
	}
	return false
}

// joins reports whether frames of the stream can be judged in one run with those that
// the lane has: that run has one set of thresholds.
func (l *lane) joins(cl *client) bool {
	if len(l.batch) == 0 {
		return true
	}
	return !cl.serial && !l.batch[0].client.serial && sameSettings(l.wanted, cl.wanted.Load())
}

// passOn wakes another lane if there are frames left: whoever was woken for them may
// have been this one.
func (m *model) passOn() {
	if len(m.handed) > 0 || m.queued() {
		m.wake.Signal()
	}
}

// queued reports whether there are frames that no lane has taken; m.mu is held.
func (m *model) queued() bool {
	return slices.ContainsFunc(m.streams, func(cl *client) bool { return cl.queue.count > 0 })
}

// finished notes that the job was answered.
func (m *model) finished(j *job) {
	m.mu.Lock()
	j.client.taken--
	if j.resize > 0 {
		m.filling += (j.resize - m.filling) / 8
	}
	m.mu.Unlock()
	j.client.pending.Done()
}

// withdraw answers the frames of the stream for which no worker was asked yet.
func (m *model) withdraw(cl *client) {
	m.mu.Lock()
	var queued []job
	for cl.queue.count > 0 {
		queued = append(queued, cl.queue.pop())
		cl.unasked--
	}
	m.waiting = slices.DeleteFunc(m.waiting, func(l *lane) bool { return l.withdraw(cl) })
	m.mu.Unlock()
	for i := range queued {
		queued[i].unwanted()
		cl.pending.Done()
	}
}

// withdraw takes the stream's frames from the batch of a lane that waits, and reports
// whether none are left; model.mu is held.
func (l *lane) withdraw(cl *client) (empty bool) {
	empty = true
	for i := range l.batch {
		j := &l.batch[i]
		if j.client == cl && !j.withdrawn {
			j.withdrawn = true
			cl.unasked--
			l.poke()
		}
		empty = empty && j.withdrawn
	}
	return empty
}

// poke has a lane that waits look what has changed.
func (l *lane) poke() {
	select {
	case l.poked <- struct{}{}:
	default: // it has yet to look
	}
}

// backlog is how many frames of the stream wait for a worker, and how many are under
// way in all.
func (m *model) backlog(cl *client) (unasked, all int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return cl.unasked, cl.queue.count + cl.taken
}

// expected is how long a worker takes for a frame.
func (m *model) expected() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.typical
}

// missed lowers the expectation a little with each frame that was left out, so that
// one slow answer does not keep all that follow from being asked for.
func (m *model) missed() {
	m.mu.Lock()
	m.typical -= m.typical / 16
	m.mu.Unlock()
}

// jobs is a queue that keeps its memory. Its zero value is empty.
type jobs struct {
	ring        []job
	head, count int
}

func (q *jobs) push(j job) {
	if q.count == len(q.ring) {
		bigger := make([]job, max(4, 2*len(q.ring)))
		for i := range q.count {
			bigger[i] = q.ring[(q.head+i)%len(q.ring)]
		}
		q.ring, q.head = bigger, 0
	}
	q.ring[(q.head+q.count)%len(q.ring)] = j
	q.count++
}

func (q *jobs) pop() job {
	j := q.ring[q.head]
	q.ring[q.head] = job{}
	q.head = (q.head + 1) % len(q.ring)
	q.count--
	return j
}
