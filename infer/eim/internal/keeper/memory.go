package keeper

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"
)

// The pauses between two looks at the memory of a program.
const (
	shortLook = 5 * time.Millisecond
	longLook  = time.Second
	// fastest is how quickly memory can be filled, bytes in a second.
	fastest = 8 << 30
)

// watchMemory calls over once when the processes use more than limit. It looks
// as often as is needed to see that soon: seldom while little is used.
func watchMemory(limit int64, pids func() []int, over func(used int64)) {
	for {
		var used int64
		for _, pid := range pids() {
			used += memoryOf(pid)
		}
		if used > limit {
			over(used)
			return
		}
		time.Sleep(lookAfter(limit - used))
	}
}

func lookAfter(room int64) time.Duration {
	filled := time.Duration(float64(room) / fastest * float64(time.Second))
	return min(max(filled, shortLook), longLook)
}

// memoryOf is what a process has in memory, shared or not, and what of it was
// swapped out; 0 if it is gone.
func memoryOf(pid int) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	return kilobytes(b, "VmRSS:") + kilobytes(b, "VmSwap:")
}

func kilobytes(status []byte, field string) int64 {
	_, rest, ok := bytes.Cut(status, []byte("\n"+field))
	if !ok {
		return 0
	}
	rest, _, _ = bytes.Cut(rest, []byte("kB"))
	n, err := strconv.ParseInt(string(bytes.TrimSpace(rest)), 10, 64)
	if err != nil {
		return 0
	}
	return n << 10
}
