//go:build !linux

package main

import "time"

var start = time.Now()

// threadTime is that of the clock, where a thread has none of its own.
func threadTime() time.Duration { return time.Since(start) }
