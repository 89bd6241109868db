package soundscape

import "math/rand/v2"

// The labels of what is to be heard.
const (
	Beep    = "beep"
	Knock   = "knock"
	Noise   = "noise"
	Siren   = "siren"
	Whistle = "whistle"
)

// Labels are all labels, sorted. Noise stands for no sound but the noise.
func Labels() []string { return []string{Beep, Knock, Noise, Siren, Whistle} }

// Event is one sound.
type Event struct {
	// Label is one of [Labels] but not [Noise].
	Label string
	// From and To are the numbers of its first sample and of the one behind its
	// last, counted from the beginning of the soundscape.
	From, To int
}

// Soundscape is an endless sound. Its methods may be called from one goroutine
// at a time.
type Soundscape struct {
	seed uint64
	rate int

	noise noise
	voice voice
	event Event // of the slot that next is in
	next  int   // number of the next sample

	pcg    rand.PCG // of the slot that is looked at
	random *rand.Rand
}

// slotSeconds is the length of a slot.
const slotSeconds = 3

// New prepares the soundscape of that seed, of one channel at rate samples a
// second; rates outside 8000 to 192000 are brought to the nearest of the two.
// Equal arguments give equal sound. All memory is allocated here.
func New(seed uint64, rate int) *Soundscape {
	s := &Soundscape{seed: seed, rate: min(max(rate, 8000), 192000)}
	s.random = rand.New(&s.pcg)
	s.noise.begin(seed, s.rate)
	return s
}

// Rate is the number of samples a second.
func (s *Soundscape) Rate() int { return s.rate }

// Next is the number of the sample that Read gives next.
func (s *Soundscape) Next() int { return s.next }

// Read fills dst with the next samples, from -1 to 1.
func (s *Soundscape) Read(dst []float32) {
	slot := slotSeconds * s.rate
	for i := range dst {
		if s.next%slot == 0 {
			s.event = s.plan(s.next / slot)
			// Drawn from what the plan has left, so that a slot is the same
			// whatever was asked before.
			s.voice.begin(s.random, s.event.Label, s.event.To-s.event.From, s.rate, s.noise.level)
		}
		v := s.noise.sample()
		if s.next >= s.event.From && s.next < s.event.To {
			v += s.voice.sample()
		}
		dst[i] = float32(min(max(v, -1), 1))
		s.next++
	}
}

// plan is the event of a slot; without a label there is none.
func (s *Soundscape) plan(slot int) Event {
	s.pcg.Seed(s.seed, 0x50a9d<<32^uint64(slot))
	r := s.random
	start := slot * slotSeconds * s.rate
	labels := [...]string{Beep, Knock, Siren, Whistle, ""}
	label := labels[r.IntN(len(labels))]
	length := between(r, 1.2, 2.4)
	from := between(r, 0.1, slotSeconds-0.1-length)
	if label == "" {
		return Event{}
	}
	e := Event{Label: label, From: start + int(from*float64(s.rate))}
	e.To = e.From + int(length*float64(s.rate))
	return e
}

// Events appends the sounds of which at least a part lies in the samples from
// (inclusive) to (exclusive), in order, to dst. It may be asked of any time,
// past and future, and leaves what Read gives as it is.
func (s *Soundscape) Events(dst []Event, from, to int) []Event {
	slot := slotSeconds * s.rate
	from = max(from, 0)
	for i := from / slot; i*slot < to; i++ {
		if e := s.plan(i); e.Label != "" && e.From < to && e.To > from {
			dst = append(dst, e)
		}
	}
	return dst
}

// Label says what is to be heard in the samples from (inclusive) to (exclusive):
// the sound that fills at least half of them, Noise if no sound fills more than
// a twentieth. clear is false in between, where either answer is right; label is
// then that of the longest sound.
func (s *Soundscape) Label(from, to int) (label string, clear bool) {
	var buffer [4]Event
	longest := 0
	for _, e := range s.Events(buffer[:0], from, to) {
		if n := min(e.To, to) - max(e.From, from); n > longest {
			label, longest = e.Label, n
		}
	}
	switch {
	case 20*longest <= to-from:
		return Noise, true
	case 2*longest >= to-from:
		return label, true
	}
	return label, false
}

// between is a uniform number from lo to hi.
func between(r *rand.Rand, lo, hi float64) float64 { return lo + (hi-lo)*r.Float64() }

// chance is true with probability p.
func chance(r *rand.Rand, p float64) bool { return r.Float64() < p }
