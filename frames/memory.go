package frames

import (
	"fmt"
	"sync/atomic"
)

// Memory is a counted block of bytes under one or more frames. It is created
// with one reference, by [Account.Alloc] or [WrapMemory].
type Memory struct {
	data []byte
	refs atomic.Int32

	// Pooled blocks know the account that they are charged to; wrapped ones
	// have a function that gives the bytes back to their owner.
	account *Account
	free    func()

	taken trace
}

// WrapMemory makes counted memory of bytes that live elsewhere: a mapped file, a
// driver's buffer, an application's slice. free is called once, with the last
// release, on the goroutine that releases; it may be nil. Wrapped memory is not
// charged to any budget.
func WrapMemory(data []byte, free func()) *Memory {
	m := &Memory{data: data, free: free}
	m.refs.Store(1)
	return m
}

// Bytes is the whole block. It may be read while the caller holds a reference,
// and written only while that reference is the only one.
func (m *Memory) Bytes() []byte { return m.data }

// Len is the size of the block in bytes.
func (m *Memory) Len() int { return len(m.data) }

// Exclusive reports whether the caller's reference is the only one.
func (m *Memory) Exclusive() bool { return m.refs.Load() == 1 }

// Retain adds a reference and returns m.
func (m *Memory) Retain() *Memory {
	if m.refs.Add(1) <= 1 {
		panic("frames: memory retained after its last release")
	}
	return m
}

// Release drops a reference. The last one gives the block back to its pool, or
// calls the function that it was wrapped with. One release too many panics.
func (m *Memory) Release() {
	switch n := m.refs.Add(-1); {
	case n > 0:
		return
	case n < 0:
		panic(fmt.Sprintf("frames: memory of %d bytes released twice; taken at\n%s", len(m.data), m.taken))
	}
	if m.account != nil {
		m.account.pool.put(m)
		return
	}
	if m.free != nil {
		m.free()
	}
}

// Again lends wrapped memory once more after its last release, with one reference: for
// owners that lend the same bytes again and again, such as the buffers of a driver. Use
// what it returns. It panics if somebody still holds m.
func (m *Memory) Again() *Memory {
	if n := m.refs.Load(); n != 0 || m.account != nil {
		panic(fmt.Sprintf("frames: memory of %d bytes lent again while %d references are left", len(m.data), n))
	}
	if debugging {
		return WrapMemory(m.data, m.free) // so that a late release of the old one is caught
	}
	m.refs.Store(1)
	return m
}
