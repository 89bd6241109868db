package frames

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// ErrBudget says that a pool is at its byte budget and that everything is in use.
var ErrBudget = errors.New("memory budget exhausted")

// Pool recycles blocks of memory under a byte budget shared by everybody who
// allocates from it. It grows on demand and keeps what it grew; when the budget
// is reached, idle blocks of other sizes are given up first, then allocations
// wait, and are served in the order in which they came. A Pool is safe for
// concurrent use.
type Pool struct {
	budget int64

	// OnStarved, if set before the first allocation, is called when somebody
	// has waited for a second, with a sentence that names who holds the memory.
	OnStarved func(report string)

	mu       sync.Mutex
	idle     map[int][]*Memory // by capacity
	total    int64             // bytes of all blocks, idle and in use
	inUse    int64
	accounts map[*Account]struct{}
	waiters  []*waiter // in the order in which they came
	ordered  bool      // nobody may overtake the first of them
	turn     time.Duration
	closed   bool
	live     map[*Memory]struct{} // debugging only
}

// Account is the part of a pool that one element uses: it names who holds what.
type Account struct {
	pool   *Pool
	name   string
	blocks atomic.Int64
	bytes  atomic.Int64
	copies atomic.Int64

	writtenOff bool // under Pool.mu
}

// PoolStats is a reading of a pool, in bytes.
type PoolStats struct {
	Budget, Total, InUse int64
	Blocks               int // in use
}

// NewPool makes a pool that never holds more than budget bytes.
func NewPool(budget int64) *Pool {
	p := &Pool{budget: budget, turn: turnLasts, idle: map[int][]*Memory{}, accounts: map[*Account]struct{}{}}
	if debugging {
		p.live = map[*Memory]struct{}{}
	}
	return p
}

// Account opens an account under a name, usually that of an element. Close it
// when the element goes; blocks still out stay valid.
func (p *Pool) Account(name string) *Account {
	a := &Account{pool: p, name: name}
	p.mu.Lock()
	p.accounts[a] = struct{}{}
	p.mu.Unlock()
	return a
}

// Close forgets the account in reports.
func (a *Account) Close() {
	a.pool.mu.Lock()
	delete(a.pool.accounts, a)
	a.pool.mu.Unlock()
}

// WriteOff closes the account and takes what is out on it off the budget: for an
// owner that failed so badly that its frames may never be released. Blocks that
// are released later all the same are left to the garbage collector, and so are
// those that it goes on to take.
func (a *Account) WriteOff() {
	p := a.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	if a.writtenOff {
		return
	}
	a.writtenOff = true
	delete(p.accounts, a)
	p.total -= a.bytes.Load()
	p.inUse -= a.bytes.Load()
	for m := range p.live {
		if m.account == a {
			delete(p.live, m)
		}
	}
	p.serve()
}

// InUse is the number of blocks and bytes taken from this account and not yet
// released by their last holder.
func (a *Account) InUse() (blocks, bytes int64) { return a.blocks.Load(), a.bytes.Load() }

// Copies counts the times that [Frame.Writable] had to copy into this account.
func (a *Account) Copies() int64 { return a.copies.Load() }

// TryAlloc takes a block of n bytes, contents undefined, or returns ErrBudget.
func (a *Account) TryAlloc(n int) (*Memory, error) {
	p := a.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ordered && p.waiters[0].turns > 0 {
		return nil, ErrBudget // what is free is kept for one that starves
	}
	return p.take(a, n)
}

// Alloc takes a block of n bytes, contents undefined. At the budget it waits
// until enough comes back or ctx ends. A block that could never fit is an error
// at once.
func (a *Account) Alloc(ctx context.Context, n int) (*Memory, error) {
	if err := a.refuses(n); err != nil {
		return nil, err
	}
	p := a.pool
	p.mu.Lock()
	if !p.ordered {
		m, err := p.take(a, n)
		if !errors.Is(err, ErrBudget) {
			p.mu.Unlock()
			return m, err
		}
	}
	w := p.enqueue(a, n)
	p.mu.Unlock()
	return w.wait(ctx)
}

// blockSize rounds up so that blocks can be shared between similar requests.
func blockSize(n int) int {
	if n > 4096 {
		return (n + 4095) &^ 4095
	}
	size := 64
	for size < n {
		size *= 2
	}
	return size
}

// refuses says why a block of n bytes can never be had, nil if it can.
func (a *Account) refuses(n int) error {
	if n < 0 {
		return fmt.Errorf("cannot allocate %d bytes", n)
	}
	if budget := a.pool.budget; int64(n) > budget || int64(blockSize(n)) > budget { // huge sizes overflow when rounded up
		return fmt.Errorf("%s needs a block of %d bytes but the memory budget is %d: raise the budget", a.name, n, budget)
	}
	return nil
}

// take finds or makes a block; p.mu is held.
func (p *Pool) take(a *Account, n int) (*Memory, error) {
	if err := a.refuses(n); err != nil {
		return nil, err
	}
	size := blockSize(n)
	if a.writtenOff {
		// Somebody was left behind and goes on: the garbage collector's affair.
		return WrapMemory(make([]byte, n), nil), nil
	}
	var m *Memory
	if list := p.idle[size]; len(list) > 0 {
		m = list[len(list)-1]
		list[len(list)-1] = nil
		p.idle[size] = list[:len(list)-1]
	} else {
		if p.total+int64(size) > p.budget {
			p.giveUpIdle(p.total + int64(size) - p.budget)
		}
		if p.total+int64(size) > p.budget {
			return nil, ErrBudget
		}
		m = &Memory{data: make([]byte, size)}
		p.total += int64(size)
	}
	m.data = m.data[:n]
	m.account = a
	m.refs.Store(1)
	p.inUse += int64(size)
	a.blocks.Add(1)
	a.bytes.Add(int64(size))
	if debugging {
		m.taken = newTrace()
		p.live[m] = struct{}{}
	}
	return m, nil
}

// giveUpIdle lets go of idle blocks worth at least want bytes, if there are so many.
func (p *Pool) giveUpIdle(want int64) {
	for size, list := range p.idle {
		for len(list) > 0 && want > 0 {
			list[len(list)-1] = nil
			list = list[:len(list)-1]
			p.total -= int64(size)
			want -= int64(size)
		}
		p.idle[size] = list
	}
}

func (p *Pool) put(m *Memory) {
	size := cap(m.data)
	poisonBytes(m.data[:size])
	p.mu.Lock()
	defer p.mu.Unlock()
	m.data = m.data[:size] // Leaks looks at it
	a := m.account
	m.account = nil
	a.blocks.Add(-1)
	a.bytes.Add(-int64(size))
	if a.writtenOff {
		return
	}
	p.inUse -= int64(size)
	if debugging {
		delete(p.live, m)
	}
	if p.closed || debugging {
		// A block under debugging is not reused, so that a late release of it
		// is always caught.
		p.total -= int64(size)
	} else {
		p.idle[size] = append(p.idle[size], m)
	}
	p.serve()
}

// Close gives up all idle blocks. Blocks still in use are freed on their last
// release.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.giveUpIdle(p.total)
}

// Stats is a reading of the pool.
func (p *Pool) Stats() PoolStats {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := PoolStats{Budget: p.budget, Total: p.total, InUse: p.inUse}
	for a := range p.accounts {
		s.Blocks += int(a.blocks.Load())
	}
	return s
}

// Report says in one line who holds the memory, largest first.
func (p *Pool) Report() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	accounts := make([]*Account, 0, len(p.accounts))
	for a := range p.accounts {
		if a.blocks.Load() > 0 {
			accounts = append(accounts, a)
		}
	}
	slices.SortFunc(accounts, func(a, b *Account) int { return int(b.bytes.Load() - a.bytes.Load()) })
	var held []string
	for _, a := range accounts {
		held = append(held, fmt.Sprintf("%d frames (%d bytes) of %s", a.blocks.Load(), a.bytes.Load(), a.name))
	}
	return fmt.Sprintf("%d of %d bytes are in use: %s", p.inUse, p.budget, strings.Join(held, ", "))
}

// Leaks describes every block in use with the stack that took it; empty if there
// is none. Without -race or -tags eidebug only the number is known.
func (p *Pool) Leaks() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !debugging {
		if p.inUse == 0 {
			return ""
		}
		return fmt.Sprintf("%d bytes in use\n%s", p.inUse, trace{})
	}
	var reports []string
	for m := range p.live {
		reports = append(reports, fmt.Sprintf("%d bytes of %s taken at\n%s", len(m.data), m.account.name, m.taken))
	}
	sort.Strings(reports)
	return strings.Join(reports, "")
}
