package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"
)

// trips is what a driver prints when it has made its calls.
type trips struct {
	Nanoseconds int64   `json:"nanoseconds"`
	Trips       []int64 `json:"trips"`
}

// job is what a driver is told.
type job struct {
	model         string
	frames        [][]byte // packed RGB
	width, height int
	processes     int
	calls         int
}

func newJob(args []string) (*job, error) {
	if len(args) != 6 {
		return nil, errors.New("needs MODEL FRAMES WIDTH HEIGHT PROCESSES CALLS")
	}
	j := &job{model: args[0]}
	for i, p := range []*int{&j.width, &j.height, &j.processes, &j.calls} {
		if _, err := fmt.Sscan(args[2+i], p); err != nil {
			return nil, fmt.Errorf("%q: %w", args[2+i], err)
		}
	}
	data, err := os.ReadFile(args[1])
	if err != nil {
		return nil, err
	}
	size := 3 * j.width * j.height
	for ; len(data) >= size; data = data[size:] {
		j.frames = append(j.frames, data[:size])
	}
	return j, nil
}

// warmUp is how many calls are made before anything is measured.
const warmUp = 20

// rehearse makes the driver's two runs, each when it is told to go on.
func rehearse(j *job, run func(calls int) (*trips, error), stdin io.Reader, stdout io.Writer) error {
	if _, err := run(warmUp); err != nil {
		return err
	}
	lines := bufio.NewReader(stdin)
	enc := json.NewEncoder(stdout)
	if err := enc.Encode("ready"); err != nil {
		return err
	}
	if _, err := lines.ReadString('\n'); err != nil {
		return err
	}
	t, err := run(j.calls)
	if err != nil {
		return err
	}
	if err := enc.Encode(t); err != nil {
		return err
	}
	_, err = lines.ReadString('\n')
	return err
}

// workers shares calls among workers, each with a model process of its own. They go
// round a number of frames.
func workers(n, calls, frames int, call func(worker, frame int) error) (*trips, error) {
	type done struct {
		trips []int64
		err   error
	}
	var next atomic.Int64
	results := make(chan done)
	began := time.Now()
	for w := range n {
		go func() {
			var d done
			for {
				i := int(next.Add(1)) - 1
				if i >= calls || d.err != nil {
					break
				}
				start := time.Now()
				d.err = call(w, i%frames)
				d.trips = append(d.trips, int64(time.Since(start)))
			}
			results <- d
		}()
	}
	var t trips
	var err error
	for range n {
		d := <-results
		t.Trips = append(t.Trips, d.trips...)
		err = errors.Join(err, d.err)
	}
	t.Nanoseconds = int64(time.Since(began))
	return &t, err
}
