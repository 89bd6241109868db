package eiengine

// QueueWatcher is a Queuer that is told when its queue runs full or empty.
type QueueWatcher interface {
	// QueueFull is called when a frame finds the queue full, in the goroutine
	// that brings it, before it waits or leaks.
	QueueFull(c *Ctx)
	// QueueEmpty is called when the queue has nothing to give, or less than its
	// minimum, in the goroutine that it feeds; QueueRunning when it has again.
	QueueEmpty(c *Ctx)
	QueueRunning(c *Ctx)
}

// QueueLevelWatcher is a Queuer that follows the level of its queue.
type QueueLevelWatcher interface {
	// QueueLevelChanged is called after a frame or an event came, in the
	// goroutine that brought it, and after one was taken, in the other one: it
	// may be called twice at once. in is how many bytes came.
	QueueLevelChanged(c *Ctx, in int)
}

// queueWatch is who watches a queue; nil is nobody.
type queueWatch struct {
	ctx    *Ctx
	supply QueueWatcher      // may be nil
	level  QueueLevelWatcher // may be nil
}

func newQueueWatch(n *node) *queueWatch {
	w := &queueWatch{ctx: n.ctx}
	w.supply, _ = n.elem.(QueueWatcher)
	w.level, _ = n.elem.(QueueLevelWatcher)
	if w.supply == nil && w.level == nil {
		return nil
	}
	return w
}

func (w *queueWatch) full() {
	if w.supply != nil {
		w.supply.QueueFull(w.ctx)
	}
}

func (w *queueWatch) changed(in int) {
	if w != nil && w.level != nil {
		w.level.QueueLevelChanged(w.ctx, in)
	}
}

// tellSupply tells that the queue has nothing to give, or that it has again. It is
// false if there is nothing to tell; otherwise things may have changed meanwhile.
// q.mu is held, but not while it tells.
func (q *ring) tellSupply() bool {
	if q.watch == nil || q.watch.supply == nil || q.ready() != q.starving {
		return false
	}
	q.starving = !q.starving
	tell := q.watch.supply.QueueRunning
	if q.starving {
		tell = q.watch.supply.QueueEmpty
	}
	q.mu.Unlock()
	tell(q.watch.ctx)
	q.mu.Lock()
	return true
}

// size is how many bytes an item has.
func (it item) size() int {
	if it.frame == nil {
		return 0
	}
	return it.frame.Size()
}
