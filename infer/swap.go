package infer

import (
	"fmt"
	"slices"
)

// swap loads another model while the old one goes on, puts it in its place
// between two frames, and closes the old one after its last.
func (b *binding) swap(serial uint64, ch choice, s settings) {
	defer b.loaded()
	var cl *client
	if ch.path != "" {
		var err error
		if cl, err = b.load(ch); err != nil {
			b.keepOld(serial, s, err)
			return
		}
	}
	b.mu.Lock()
	old := b.current
	if b.serial != serial || b.ctx.Err() != nil {
		old = cl // another change came in between: this one is not wanted
	} else {
		b.adopt(cl)
	}
	if old != nil {
		b.leaving = append(b.leaving, old)
	}
	b.mu.Unlock()
	if cl != nil && old != cl {
		b.told(cl)
		b.fit()
	}
	if old != nil {
		b.part(old)
	}
}

// part waits until the old client's frames are answered, and ends it.
func (b *binding) part(old *client) {
	old.pending.Wait() // a stop settles it
	b.mu.Lock()
	b.leaving = slices.DeleteFunc(b.leaving, func(cl *client) bool { return cl == old })
	b.mu.Unlock()
	if err := old.leave(); err != nil {
		b.c.Warn(err)
	}
}

// workersChanged starts or ends workers while frames flow.
func (b *binding) workersChanged(n int) {
	b.mu.Lock()
	b.workers = n
	b.loads++
	b.mu.Unlock()
	go func() {
		defer b.loaded()
		b.fit()
		if m := b.running.Load(); m != nil {
			b.c.Inform(fmt.Sprintf("model %s runs with workers=%d", m.path, m.size.Load()))
		}
	}()
}

// fit has the model in use have as many workers as the properties say by now.
func (b *binding) fit() {
	b.mu.Lock()
	cl, n := b.current, b.workers
	b.mu.Unlock()
	if cl == nil {
		return
	}
	if err := cl.model.want(b.ctx, cl, n); err != nil && b.ctx.Err() == nil {
		b.c.Warn(fmt.Errorf("%w; %d workers go on", err, cl.model.size.Load()))
	}
}

// keepOld says that a model could not be loaded, and sets the properties back.
func (b *binding) keepOld(serial uint64, s settings, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.serial != serial || b.ctx.Err() != nil {
		return
	}
	b.chosen.path, b.chosen.debug = "", false
	if b.current != nil {
		b.chosen.path, b.chosen.debug = b.current.model.path, b.current.model.debug
	}
	b.c.Warn(fmt.Errorf("%w; %s", err, b.staysWith()))
	s.setProperties(func(p *modelProps) {
		p.ModelPath, p.ModelPathDebug = b.chosen.path, ""
		if b.chosen.debug && !p.Debug {
			p.ModelPath, p.ModelPathDebug = "", b.chosen.path
		}
	})
}

func (b *binding) staysWith() string {
	if b.current == nil {
		return "frames go on without a model"
	}
	return "the stream stays with " + b.current.model.path
}

func (b *binding) loaded() {
	b.mu.Lock()
	b.loads--
	b.mu.Unlock()
	b.loading.Broadcast()
}

// waitLoaded returns when no change of model is under way.
func (b *binding) waitLoaded() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.loads > 0 {
		b.loading.Wait()
	}
}
