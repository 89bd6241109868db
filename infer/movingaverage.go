package infer

import "github.com/eiengine/eiengine/infer/backend"

// movingAverage smooths the scores of a classification, label by label, over the
// last answers. Like the tools of Edge Impulse it begins with zeros, so scores rise
// over that many answers.
type movingAverage struct {
	last []map[string]float64 // a ring
	next int
}

// setLength says over how many answers to average; what was heard is forgotten.
func (a *movingAverage) setLength(n int) {
	a.last, a.next = nil, 0
	if n > 1 {
		a.last = make([]map[string]float64, n)
	}
}

// forget begins with zeros again.
func (a *movingAverage) forget() { clear(a.last) }

// smooth is the result with averaged scores; r itself stays as it is.
func (a *movingAverage) smooth(r *backend.Result) *backend.Result {
	if len(a.last) == 0 || len(r.Classification) == 0 {
		return r
	}
	scores := make(map[string]float64, len(r.Classification))
	for _, s := range r.Classification {
		scores[s.Label] = s.Value
	}
	a.last[a.next] = scores
	a.next = (a.next + 1) % len(a.last)
	out := *r
	out.Classification = make([]backend.Score, len(r.Classification))
	for i, s := range r.Classification {
		var sum float64
		for _, one := range a.last {
			sum += one[s.Label]
		}
		out.Classification[i] = backend.Score{Label: s.Label, Value: sum / float64(len(a.last))}
	}
	return &out
}
