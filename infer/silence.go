package infer

import "fmt"

// audible is by how much the samples of the first window differ at least if a
// microphone is listening; even a quiet room makes more noise. The tools of Edge
// Impulse take the same.
const audible = 20

// silence watches the first window of a stream for signs of a microphone that is
// not connected or switched off.
type silence struct {
	left      int // samples still to look at
	low, high float32
	any       bool
}

// begin looks at the next n samples.
func (s *silence) begin(n int) { *s = silence{left: n} }

// hear looks at samples, and says once, when it has seen enough of them, that
// there is nothing in them.
func (s *silence) hear(samples []float32) error {
	if s.left == 0 {
		return nil
	}
	samples = samples[:min(s.left, len(samples))]
	s.left -= len(samples)
	for _, v := range samples {
		if !s.any {
			s.low, s.high, s.any = v, v, true
		}
		s.low, s.high = min(s.low, v), max(s.high, v)
	}
	if s.left > 0 || s.high-s.low >= audible {
		return nil
	}
	return fmt.Errorf("no sound: in the first window samples differ by %.0f of 65535 only: is the microphone connected and switched on?", s.high-s.low)
}
