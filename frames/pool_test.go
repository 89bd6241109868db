package frames

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync"
	"testing"
	"time"
)

func alloc(t testing.TB, a *Account, n int) *Memory {
	t.Helper()
	m, err := a.TryAlloc(n)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestPoolKeepsWhatItGrew(t *testing.T) {
	if debugging {
		t.Skip("blocks are not reused under -race and -tags eidebug")
	}
	p := NewPool(1 << 20)
	a := p.Account("a")
	first := alloc(t, a, 5000)
	address := &first.Bytes()[0]
	first.Release()
	again := alloc(t, a, 4500)
	if &again.Bytes()[0] != address {
		t.Error("the block was not reused")
	}
	if len(again.Bytes()) != 4500 {
		t.Errorf("%d bytes, not 4500", len(again.Bytes()))
	}
	again.Release()
	if got := testing.AllocsPerRun(100, func() { alloc(t, a, 5000).Release() }); got != 0 {
		t.Errorf("%v allocations for a block that was there", got)
	}
}

func TestBudgetBounds(t *testing.T) {
	p := NewPool(64 << 10)
	a := p.Account("camera0")
	held := alloc(t, a, 40<<10)
	if _, err := a.TryAlloc(40 << 10); !errors.Is(err, ErrBudget) {
		t.Errorf("beyond the budget: %v", err)
	}
	if _, err := a.TryAlloc(1 << 20); err == nil || errors.Is(err, ErrBudget) {
		t.Errorf("a block larger than the budget: %v", err)
	}
	if got := p.Report(); !strings.Contains(got, "1 frames (40960 bytes) of camera0") {
		t.Errorf("the report does not name the holder: %s", got)
	}
	held.Release()
	// Idle blocks of another size give way.
	alloc(t, a, 60<<10).Release()
	if got := p.Stats(); got.Total > 64<<10 || got.InUse != 0 {
		t.Errorf("%+v", got)
	}
}

func TestAllocWaitsForMemory(t *testing.T) {
	p := NewPool(64 << 10)
	a := p.Account("a")
	held := alloc(t, a, 60<<10)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := a.Alloc(ctx, 60<<10); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	got := make(chan error, 1)
	go func() {
		m, err := a.Alloc(context.Background(), 60<<10)
		if err == nil {
			m.Release()
		}
		got <- err
	}()
	held.Release()
	if err := <-got; err != nil {
		t.Error(err)
	}
}

func TestStarvationIsTold(t *testing.T) {
	p := NewPool(64 << 10)
	told := make(chan string, 1)
	p.OnStarved = func(report string) { told <- report }
	a := p.Account("camera0")
	held := alloc(t, a, 60<<10)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if m, err := p.Account("encoder0").Alloc(context.Background(), 60<<10); err == nil {
			m.Release()
		}
	}()
	if got := <-told; !strings.Contains(got, "encoder0 waits for 61440 bytes") || !strings.Contains(got, "of camera0") {
		t.Errorf("told: %s", got)
	}
	held.Release()
	<-done
}

func TestPoolOutlivesItsClosing(t *testing.T) {
	p := NewPool(1 << 20)
	m := alloc(t, p.Account("a"), 100)
	p.Close()
	m.Bytes()[0] = 7
	m.Release()
	if got := p.Stats(); got.Total != 0 || got.InUse != 0 {
		t.Errorf("%+v", got)
	}
}

func TestSecondReleasePanics(t *testing.T) {
	m := WrapMemory(make([]byte, 4), nil)
	m.Release()
	defer func() {
		if r := recover(); r == nil || !strings.Contains(r.(string), "released twice") {
			t.Errorf("recovered %v", r)
		}
	}()
	m.Release()
}

func TestWrappedMemoryGoesBackOnce(t *testing.T) {
	freed := 0
	f := NewFrame(Untyped, WrapMemory([]byte("abc"), func() { freed++ }))
	g := f.Share()
	f.Release()
	if freed != 0 {
		t.Error("freed while shared")
	}
	if string(g.Bytes()) != "abc" {
		t.Error("the bytes are gone")
	}
	g.Release()
	if freed != 1 {
		t.Errorf("freed %d times", freed)
	}
}

func TestSharesAreReleasedFromManyGoroutines(t *testing.T) {
	p := NewPool(1 << 20)
	a := p.Account("a")
	var all sync.WaitGroup
	for range 100 {
		f := NewFrame(Untyped, alloc(t, a, 64))
		for range 8 {
			g := f.Share()
			all.Go(func() {
				if err := g.Writable(context.Background(), a); err != nil {
					t.Error(err)
				}
				g.Bytes()[0]++
				g.Release()
			})
		}
		f.Release()
	}
	all.Wait()
	if got := p.Stats().InUse; got != 0 {
		t.Errorf("%d bytes in use", got)
	}
	if leaks := p.Leaks(); leaks != "" {
		t.Error(leaks)
	}
}

func TestWritableCopiesOnlyWhatIsShared(t *testing.T) {
	p := NewPool(1 << 20)
	a := p.Account("a")
	f := NewFrame(Untyped, alloc(t, a, 64))
	f.Bytes()[0] = 1
	if err := f.Writable(context.Background(), a); err != nil || a.Copies() != 0 {
		t.Errorf("%v, %d copies of what is exclusive", err, a.Copies())
	}
	g := f.Share()
	if err := g.Writable(context.Background(), a); err != nil || a.Copies() != 1 {
		t.Errorf("%v, %d copies", err, a.Copies())
	}
	g.Bytes()[0] = 2
	if f.Bytes()[0] != 1 {
		t.Error("the sibling sees the write")
	}
	f.Release()
	g.Release()
}

func TestWriteOffFreesTheBudget(t *testing.T) {
	p := NewPool(64 << 10)
	a, b := p.Account("a"), p.Account("b")
	lost := alloc(t, a, 60<<10)
	a.WriteOff()
	alloc(t, b, 60<<10).Release()
	lost.Release() // late, and harmless
	if got := p.Stats(); got.InUse != 0 || p.Leaks() != "" {
		t.Errorf("%+v %s", got, p.Leaks())
	}
}

func TestBlocksLargerThanAnyBudgetAreRefused(t *testing.T) {
	a := NewPool(1 << 20).Account("x")
	for _, n := range []int{-1, math.MinInt, math.MaxInt, math.MaxInt - 4000, 1<<20 + 1} {
		if m, err := a.TryAlloc(n); err == nil || errors.Is(err, ErrBudget) {
			t.Errorf("%d bytes: %v, %v", n, m, err)
		}
	}
}

func TestAnAccountThatWasWrittenOffChargesNothing(t *testing.T) {
	p := NewPool(1 << 20)
	a := p.Account("x")
	a.WriteOff()
	m, err := a.TryAlloc(4096)
	if err != nil {
		t.Fatal(err)
	}
	if s := p.Stats(); s.InUse != 0 || s.Total != 0 {
		t.Errorf("in use: %+v", s)
	}
	m.Release()
	if s := p.Stats(); s.InUse != 0 || s.Total != 0 {
		t.Errorf("after the release: %+v", s)
	}
}

func TestCancelledWaitersAreForgotten(t *testing.T) {
	p := NewPool(64)
	a := p.Account("x")
	m, err := a.TryAlloc(64)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for range 100 {
		if _, err := a.Alloc(ctx, 64); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if n := len(p.waiters); n != 0 {
		t.Errorf("%d still wait", n)
	}
	m.Release()
}
