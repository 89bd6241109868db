package infer

import (
	"runtime"
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
	j.client.queue.push(*j)
	j.client.unasked++
	idle := len(m.idle) > 0
	m.mu.Unlock()
	m.wake.Signal()
	if idle {
		runtime.Gosched() // the lane goes first, whatever the caller has yet to do
	}
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

// next waits for a frame that the lane may take, puts it into lane.job, and gives a
// worker for it: nil if all are busy, in which case the lane has taken its place
// among those that wait for one. ok is false when the lane has to end.
func (m *model) next(l *lane) (w *worker, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for {
		if m.closed || m.running > lanesPerWorker*len(m.workers) {
			m.running--
			return nil, false
		}
		if w := m.takeIdle(); w != nil {
			if m.pick(l, false) {
				l.job.client.unasked--
				return w, true
			}
			m.idle = slices.Insert(m.idle, 0, w)
		} else if m.pick(l, true) {
			m.waiting = append(m.waiting, l)
			return nil, true
		}
		m.wake.Wait()
	}
}

// pick takes the oldest frame of the stream whose turn it is, of those that have
// one that can be taken; m.mu is held. ahead: there is no worker for it yet.
func (m *model) pick(l *lane, ahead bool) bool {
	for i := range m.streams {
		at := (m.turn + i) % len(m.streams)
		cl := m.streams[at]
		if cl.queue.count == 0 || ahead && !cl.allowsAhead() || cl.serial && cl.taken > 0 {
			continue
		}
		l.job = cl.queue.pop()
		cl.taken++
		m.turn = (at + 1) % len(m.streams)
		m.passOn()
		return true
	}
	return false
}

// passOn wakes another lane if there are frames left: whoever was woken for them may
// have been this one.
func (m *model) passOn() {
	if slices.ContainsFunc(m.streams, func(cl *client) bool { return cl.queue.count > 0 }) {
		m.wake.Signal()
	}
}

// finished notes that the job was answered.
func (m *model) finished(j *job) {
	m.mu.Lock()
	j.client.taken--
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
	m.waiting = slices.DeleteFunc(m.waiting, func(l *lane) bool {
		if l.job.client != cl {
			return false
		}
		cl.unasked--
		l.given <- nil
		return true
	})
	m.mu.Unlock()
	for i := range queued {
		queued[i].unwanted()
		cl.pending.Done()
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
