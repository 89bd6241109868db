package pixel

import (
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// worthwhile is how many bytes a goroutine has to write before it pays.
const worthwhile = 1 << 18

// cutsPerGoroutine is into how many parts a job is cut for each of its goroutines: they
// start at different times, and who is early does more.
const cutsPerGoroutine = 4

// threadsFor is how many goroutines do a picture of rows of width bytes.
func threadsFor(allowed, width, rows int) int {
	return max(1, min(allowed, width*rows/worthwhile, rows/(2*cutsPerGoroutine)))
}

// crew does the parts of a job at the same time. It keeps what starts its goroutines, so
// that only the first job allocates; the goroutines end with the job.
type crew struct {
	job     parts
	n       int          // parts
	next    atomic.Int32 // part that nobody has taken
	working atomic.Int32 // goroutines but the caller's
	starts  []func()
	done    sync.WaitGroup

	mu     sync.Mutex
	failed any // what a part panicked with
}

// parts is a job that can be cut: part i of n, done by one of the goroutines, which are
// counted from 0.
type parts interface{ part(goroutine, i, n int) }

// do does a job with n goroutines, one of them that of the caller, where a panic in any
// of them ends.
func (c *crew) do(job parts, n int) {
	for i := len(c.starts); i < n-1; i++ {
		c.starts = append(c.starts, func() { c.run(i) })
	}
	c.job, c.n = job, n*cutsPerGoroutine
	c.next.Store(0)
	c.working.Store(int32(n - 1))
	c.done.Add(n - 1)
	for i := range n - 1 {
		go c.starts[i]()
	}
	go idle() // the goroutine that was started last is left to this processor for a while
	defer c.end()
	c.work(n - 1)
}

func idle() {}

// work does parts until there are none.
func (c *crew) work(goroutine int) {
	for i := int(c.next.Add(1)) - 1; i < c.n; i = int(c.next.Add(1)) - 1 {
		c.job.part(goroutine, i, c.n)
	}
}

// run works. Memory that vanishes under it, as that of a mapped file can, is a panic like
// any other.
func (c *crew) run(goroutine int) {
	defer c.done.Done()
	defer c.working.Add(-1)
	defer func() {
		if p := recover(); p != nil {
			c.mu.Lock()
			c.failed = p
			c.mu.Unlock()
		}
	}()
	debug.SetPanicOnFault(true)
	c.work(goroutine)
}

// end waits for all goroutines: a moment awake, since they are nearly done, and being
// woken takes as long as some of their parts.
func (c *crew) end() {
	for range 100 {
		if c.working.Load() == 0 {
			break
		}
		runtime.Gosched()
	}
	c.done.Wait()
	failed := c.failed
	c.job, c.failed = nil, nil
	if failed != nil {
		panic(failed)
	}
}
