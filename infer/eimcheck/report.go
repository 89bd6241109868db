package eimcheck

import "time"

// Status is how a check ended.
type Status string

// The ends of checks.
const (
	// OK: as the protocol says.
	OK Status = "ok"
	// Warning: runners get along with it, or some of them.
	Warning Status = "warning"
	// Failed: runners will not get along with it.
	Failed Status = "failed"
)

// Finding is what one check found.
type Finding struct {
	Check  string `json:"check"`
	Status Status `json:"status"`
	// Detail is what was seen, and what would be right if it was not.
	Detail string `json:"detail,omitempty"`
}

// Speed is how long requests with random input took, from request to answer.
type Speed struct {
	Requests int           `json:"requests"`
	Median   time.Duration `json:"median_ns"`
	Worst    time.Duration `json:"worst_ns"`
}

// Report is what Run found.
type Report struct {
	File     string    `json:"file"`
	Findings []Finding `json:"findings"`
	// Text and SharedMemory are the speeds of the two ways that features travel;
	// nil if a way could not be tried.
	Text         *Speed `json:"text,omitempty"`
	SharedMemory *Speed `json:"shared_memory,omitempty"`
}

// Count is the number of findings with that status.
func (r *Report) Count(s Status) int {
	n := 0
	for _, f := range r.Findings {
		if f.Status == s {
			n++
		}
	}
	return n
}
