package eiengine

import (
	"context"
	"errors"
	"io"
	"sync"
)

// resource is something that elements of several pipelines share.
type resource struct {
	done  chan struct{} // closed when value or err is there
	value io.Closer
	err   error
	users int           // under Engine.mu
	gone  chan struct{} // closed when the last user has closed it
}

// Share opens a resource that everybody who asks with the same key shares, and
// counts its users. release must be called once by each; the last one closes it,
// and gets the error of that. There is never more than one of a key: whoever asks
// while it is being opened or closed waits for that, or for the end of ctx. A
// failed open is told to those who wait for it and not remembered.
func (e *Engine) Share(ctx context.Context, key any, open func() (io.Closer, error)) (value io.Closer, release func() error, err error) {
	for {
		r, first, err := e.join(ctx, key)
		if err != nil {
			return nil, nil, err
		}
		if first {
			e.open(key, r, open)
		}
		select {
		case <-r.done:
		case <-ctx.Done():
			if !first {
				return nil, nil, errors.Join(ctx.Err(), e.leave(key, r))
			}
		}
		switch {
		case r.err == nil:
			return r.value, sync.OnceValue(func() error { return e.leave(key, r) }), nil
		case !first && isContextError(r.err):
			// It was another one that gave up.
		default:
			return nil, nil, r.err
		}
	}
}

// join makes the caller a user of a key's resource, the first one if there was
// none, once nobody is closing it.
func (e *Engine) join(ctx context.Context, key any) (r *resource, first bool, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for {
		r, ok := e.resources[key]
		if !ok {
			r = &resource{users: 1, done: make(chan struct{}), gone: make(chan struct{})}
			e.resources[key] = r
			return r, true, nil
		}
		if r.users > 0 {
			r.users++
			return r, false, nil
		}
		e.mu.Unlock()
		select {
		case <-r.gone:
		case <-ctx.Done():
			err = ctx.Err()
		}
		e.mu.Lock()
		if err != nil {
			return nil, false, err
		}
	}
}

// open opens a resource for all who joined it. The use of one who failed is never
// left, so that nobody closes what is not there.
func (e *Engine) open(key any, r *resource, open func() (io.Closer, error)) {
	r.err = guard(func() (err error) {
		r.value, err = open()
		return err
	})
	if r.err != nil {
		e.mu.Lock()
		delete(e.resources, key)
		e.mu.Unlock()
	}
	close(r.done)
}

// leave ends the use of a resource, and closes it after its last user. Those who come meanwhile wait for that.
func (e *Engine) leave(key any, r *resource) error {
	e.mu.Lock()
	r.users--
	last := r.users == 0
	e.mu.Unlock()
	if !last {
		return nil
	}
	defer func() {
		e.mu.Lock()
		delete(e.resources, key)
		e.mu.Unlock()
		close(r.gone)
	}()
	return guard(r.value.Close)
}

func isContextError(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
