package frames

import (
	"context"
	"testing"
	"time"
)

func numbered(t *testing.T, a *Account, n byte) *Frame {
	t.Helper()
	f := NewFrame(Untyped, alloc(t, a, 64))
	f.Bytes()[0] = n
	f.PTS, f.Seq = time.Duration(n)*time.Second, uint64(n)
	return f
}

func TestABatchOwnsItsChildren(t *testing.T) {
	p := NewPool(1 << 20)
	a := p.Account("a")
	f := NewBatch(Untyped, []*Frame{numbered(t, a, 3), numbered(t, a, 4)})
	if !f.IsBatch() || len(f.Children()) != 2 || f.Size() != 128 || f.Bytes() != nil {
		t.Errorf("batch %v of %d, %d bytes", f.IsBatch(), len(f.Children()), f.Size())
	}
	if f.PTS != 3*time.Second || f.Seq != 3 {
		t.Errorf("PTS %v, number %d are not those of the first child", f.PTS, f.Seq)
	}
	if err := f.Writable(context.Background(), a); err == nil {
		t.Error("a batch was made writable")
	}
	g := f.Share()
	f.Release()
	if got := g.Children()[1].Bytes()[0]; got != 4 {
		t.Errorf("the second child is %d", got)
	}
	g.Release()
	if leaks := p.Leaks(); leaks != "" {
		t.Error(leaks)
	}
}

func TestTakingChildren(t *testing.T) {
	p := NewPool(1 << 20)
	a := p.Account("a")
	first := numbered(t, a, 1)
	f := NewBatch(Untyped, []*Frame{first, numbered(t, a, 2)})
	g := f.Share()
	taken := f.TakeChildren()
	if len(taken) != 2 || taken[0] == first || taken[0].Memory().Exclusive() {
		t.Error("what somebody else holds too was not shared")
	}
	if len(f.Children()) != 0 || !f.IsBatch() || f.Size() != 0 {
		t.Error("the batch still has children")
	}
	if len(g.Children()) != 2 {
		t.Error("the other header has none any more")
	}
	f.Release()
	for _, c := range taken {
		c.Release()
	}
	own := g.TakeChildren()
	g.Release()
	if own[0] != first || !own[0].Memory().Exclusive() {
		t.Error("the only holder did not get the frames themselves")
	}
	for _, c := range own {
		c.Release()
	}
	if leaks := p.Leaks(); leaks != "" {
		t.Error(leaks)
	}
	if plain := numbered(t, a, 0); plain.TakeChildren() != nil || plain.IsBatch() {
		t.Error("an ordinary frame has children")
	} else {
		plain.Release()
	}
}
