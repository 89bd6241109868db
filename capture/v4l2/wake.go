package v4l2

import (
	"context"

	"golang.org/x/sys/unix"
)

// watched is the context that ends the waiting. It is watched from one call of Next to
// another, since most come with the same one.
type watched struct {
	ctx  context.Context
	stop func() bool
}

// watch has the waiting end with ctx; d.waiting is held.
func (d *Camera) watch(ctx context.Context) error {
	if ctx != d.watched.ctx {
		d.watched.end()
		d.watched = watched{ctx, context.AfterFunc(ctx, d.wakeUp)}
	}
	return ctx.Err()
}

func (w *watched) end() {
	if w.stop != nil {
		w.stop()
	}
	*w = watched{}
}

// wakeUp is called when a context ended, perhaps long after its Next has returned.
func (d *Camera) wakeUp() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.interrupt()
}

var one = []byte{1, 0, 0, 0, 0, 0, 0, 0}

// interrupt ends the waiting; d.mu is held.
func (d *Camera) interrupt() {
	if d.fd >= 0 {
		_, _ = unix.Write(d.wake, one) // full only if it is to wake already
	}
}
