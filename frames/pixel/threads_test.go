package pixel

import (
	"sync/atomic"
	"testing"
)

// counted is a job that counts its parts, one of which may panic.
type counted struct {
	parts [4 * cutsPerGoroutine]atomic.Int32
	fails int
}

func (c *counted) part(_, i, _ int) {
	if i == c.fails {
		panic("a part failed")
	}
	c.parts[i].Add(1)
}

// Every part is done once, and one that panics does so in the goroutine that waits, when
// the others have ended.
func TestCrew(t *testing.T) {
	var c crew
	for _, fails := range []int{-1, 0, 3, -1} {
		job := &counted{fails: fails}
		failed := func() (p any) {
			defer func() { p = recover() }()
			c.do(job, 4)
			return nil
		}()
		if (failed != nil) != (fails >= 0) {
			t.Errorf("part %d panics: the job ended with %v", fails, failed)
		}
		for i := range job.parts {
			if got := job.parts[i].Load(); got != 1 && i != fails {
				t.Errorf("part %d panics: part %d was done %d times", fails, i, got)
			}
		}
	}
}
