package pixel

import (
	"runtime/debug"
	"sync"
)

// worthwhile is how many bytes a goroutine has to write before it pays.
const worthwhile = 1 << 18

// threadsFor is how many goroutines do a picture of rows of width bytes.
func threadsFor(allowed, width, rows int) int {
	return max(1, min(allowed, width*rows/worthwhile, rows/2))
}

// crew does the parts of a job at the same time. It keeps what starts its goroutines, so
// that only the first job allocates; the goroutines end with the job.
type crew struct {
	job    parts
	n      int
	starts []func()
	done   sync.WaitGroup

	mu     sync.Mutex
	failed any // what a part panicked with
}

// parts is a job that can be cut: part i of n.
type parts interface{ part(i, n int) }

// do runs n parts, the last of them in the goroutine of the caller, where a panic in any
// of them ends.
func (c *crew) do(job parts, n int) {
	for i := len(c.starts); i < n-1; i++ {
		c.starts = append(c.starts, func() { c.run(i) })
	}
	c.job, c.n = job, n
	c.done.Add(n - 1)
	for i := range n - 1 {
		go c.starts[i]()
	}
	defer c.end()
	job.part(n-1, n)
}

// run does a part. Memory that vanishes under it, as that of a mapped file can, is a
// panic like any other.
func (c *crew) run(i int) {
	defer c.done.Done()
	defer func() {
		if p := recover(); p != nil {
			c.mu.Lock()
			c.failed = p
			c.mu.Unlock()
		}
	}()
	debug.SetPanicOnFault(true)
	c.job.part(i, c.n)
}

// end waits for all parts.
func (c *crew) end() {
	c.done.Wait()
	failed := c.failed
	c.job, c.failed = nil, nil
	if failed != nil {
		panic(failed)
	}
}
