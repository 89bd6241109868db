package frames

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// asks has somebody wait for memory and gives it back on the channel.
func asks(t *testing.T, a *Account, n int) <-chan *Memory {
	t.Helper()
	got := make(chan *Memory, 1)
	go func() {
		m, err := a.Alloc(t.Context(), n)
		if err != nil {
			t.Error(err)
		}
		got <- m
	}()
	synctest.Wait() // it waits, or has it
	return got
}

func has(got <-chan *Memory) bool {
	synctest.Wait()
	return len(got) == 1
}

func TestMemoryComesInTheOrderOfArrival(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := NewPool(64 << 10).Account("a")
		var held []*Memory
		for range 4 {
			held = append(held, alloc(t, a, 16<<10))
		}
		large := asks(t, a, 48<<10)
		small := asks(t, a, 16<<10)
		held[0].Release()
		held[1].Release()
		if has(large) || has(small) {
			t.Fatal("the small request took what the large one waits for")
		}
		late := asks(t, a, 16<<10)
		if has(late) {
			t.Fatal("who came last took what the large request waits for")
		}
		held[2].Release()
		if !has(large) || has(small) {
			t.Fatal("the large request came first")
		}
		held[3].Release()
		if !has(small) || has(late) {
			t.Fatal("the small requests are out of order")
		}
		(<-large).Release()
		(<-small).Release()
		(<-late).Release()
	})
}

// What the first one waits for may only come back when somebody behind it goes on.
func TestWaitersStepAside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := NewPool(64 << 10).Account("a")
		held := alloc(t, a, 48<<10)
		large := asks(t, a, 32<<10)
		small := asks(t, a, 16<<10)
		if has(small) {
			t.Fatal("the small request did not wait its turn")
		}
		time.Sleep(turnLasts)
		if !has(small) {
			t.Fatal("the small request waits for one that cannot be served")
		}
		(<-small).Release()
		held.Release()
		if !has(large) {
			t.Fatal("the first one was not served")
		}
		(<-large).Release()
	})
}

// While small blocks come and go all the time, a large one is still served.
func TestSmallRequestsDoNotStarveALargeOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := NewPool(64 << 10).Account("a")
		stop := make(chan struct{})
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() { // like a live source, which does not wait
				time.Sleep(time.Duration(i) * time.Millisecond)
				for {
					select {
					case <-stop:
						return
					default:
					}
					m, err := a.TryAlloc(16 << 10)
					time.Sleep(4 * time.Millisecond)
					if err == nil {
						m.Release()
					}
				}
			})
		}
		time.Sleep(10 * time.Millisecond)
		large := asks(t, a, 64<<10)
		if has(large) {
			t.Fatal("the test does not use all memory")
		}
		time.Sleep(2 * time.Second)
		if !has(large) {
			t.Error("the large request starves")
		}
		close(stop)
		all.Wait()
		(<-large).Release()
	})
}

func TestWhoGivesUpLetsOthersPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := NewPool(64 << 10).Account("a")
		held := alloc(t, a, 48<<10)
		ctx, cancel := context.WithCancel(t.Context())
		failed := make(chan error, 1)
		go func() {
			_, err := a.Alloc(ctx, 32<<10)
			failed <- err
		}()
		synctest.Wait()
		small := asks(t, a, 16<<10)
		cancel()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if !has(small) {
			t.Error("the other one still waits")
		}
		(<-small).Release()
		held.Release()
	})
}

func TestWhatCanNeverBeHadIsRefusedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := NewPool(64 << 10).Account("a")
		held := alloc(t, a, 64<<10)
		first := asks(t, a, 64<<10)
		if _, err := a.Alloc(t.Context(), 65<<10); err == nil || !strings.Contains(err.Error(), "raise the budget") {
			t.Errorf("got %v", err)
		}
		held.Release()
		(<-first).Release()
	})
}
