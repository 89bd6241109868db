package eiengine_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/eiengine/eiengine"
)

// closer is a resource that is closed by a function.
type closer func() error

func (c closer) Close() error { return c() }

func TestASharedResourceThatPanicsIsAnErrorForAll(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	for range 2 {
		v, _, err := e.Share(t.Context(), "key", func() (io.Closer, error) { panic("boom") })
		if err == nil || !strings.Contains(err.Error(), "boom") {
			t.Errorf("got %v, %v", v, err)
		}
	}
}

func TestSharingWaitsForTheClosing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := eiengine.New(eiengine.Options{})
		closing := make(chan struct{})
		opens := 0
		open := func() (io.Closer, error) {
			opens++
			return closer(func() error { <-closing; return nil }), nil
		}
		_, release, err := e.Share(t.Context(), "key", open)
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		all.Go(func() { release() })
		synctest.Wait()
		all.Go(func() {
			_, release, err := e.Share(t.Context(), "key", open)
			if err != nil {
				t.Error(err)
				return
			}
			release()
		})
		ctx, cancel := context.WithCancel(t.Context())
		all.Go(func() {
			if _, _, err := e.Share(ctx, "key", open); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v from a context that ended", err)
			}
		})
		synctest.Wait()
		if opens != 1 {
			t.Error("opened while it is being closed")
		}
		cancel()
		synctest.Wait()
		close(closing)
		all.Wait()
		if opens != 2 {
			t.Errorf("opened %d times", opens)
		}
	})
}

func TestWhoGaveUpOpeningFailsNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := eiengine.New(eiengine.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() {
			_, _, err := e.Share(ctx, "key", func() (io.Closer, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
		synctest.Wait()
		all.Go(func() {
			_, release, err := e.Share(t.Context(), "key", func() (io.Closer, error) {
				return closer(func() error { return errors.New("stuck") }), nil
			})
			if err != nil {
				t.Error(err)
				return
			}
			if err := release(); err == nil || err.Error() != "stuck" {
				t.Errorf("the error of the closing is %v", err)
			}
		})
		synctest.Wait()
		cancel()
		all.Wait()
	})
}

func TestThereIsNeverMoreThanOneOfAKey(t *testing.T) {
	e := newEngine(t, eiengine.Options{})
	var open atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				_, release, err := e.Share(t.Context(), "key", func() (io.Closer, error) {
					if n := open.Add(1); n != 1 {
						t.Errorf("%d are open", n)
					}
					return closer(func() error { open.Add(-1); return nil }), nil
				})
				if err != nil {
					t.Error(err)
					return
				}
				release()
			}
		})
	}
	all.Wait()
}
